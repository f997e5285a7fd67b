/*
 * probe: what the probing build of the binary tries when asked.
 */
#ifndef STING_TESTS_PROBE_H
#define STING_TESTS_PROBE_H

#define PROBE_OTHER_PORT 9 /* no camera is there */

enum probe {
    PROBE_ALIVE = 'a',
    PROBE_THREADS,
    PROBE_OPEN,
    PROBE_OPEN_TO_WRITE,
    PROBE_SOCKET_TCP,
    PROBE_SOCKET_UDP,
    PROBE_SOCKET_RAW,
    PROBE_SOCKET_PACKET,
    PROBE_CONNECT_OTHER,
    PROBE_EXECVE,
    PROBE_PTRACE,
    PROBE_FORK,
    PROBE_KILL,
    PROBE_MOUNT,
    PROBE_EXECUTABLE,
    PROBE_URING,
    PROBE_BPF,
    PROBE_MUCH_MEMORY,
    PROBE_END
};

#endif
