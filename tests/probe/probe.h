/*
 * probe: what the probing build of the binary tries when asked.
 */
#ifndef STING_TESTS_PROBE_H
#define STING_TESTS_PROBE_H

#define PROBE_OTHER_PORT 9 /* no camera is there */
#define PROBE_CAMERA "192.0.2.7"
#define PROBE_CAMERA_PORT 18554
#define PROBE_SECOND_PORT 18555
#define PROBE_THIRD_PORT 18556 /* the camera has it, and no stream there */
#define PROBE_NEIGHBOUR "192.0.2.9"

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
    PROBE_DEVICE,         /* a camera device's request of the input */
    PROBE_DEVICE_BESIDE,  /* the same of another descriptor */
    PROBE_DEVICE_CONTROL, /* a request that is not among them */
    PROBE_TALK,           /* to PROBE_CAMERA: "hello", wants "HELLO" back */
    PROBE_TALK_SECOND,    /* the same at its second port, ... */
    PROBE_TALK_THIRD,     /* ... at a third, ... */
    PROBE_TALK_NEIGHBOUR, /* ... and to another host at the second */
    PROBE_END
};

#endif
