/*
 * jail_table: what each kind of worker may do. Data only.
 */
#ifndef STING_JAIL_JAIL_TABLE_H
#define STING_JAIL_JAIL_TABLE_H

#include <sys/resource.h>

#include "jail/worker.h"

/* Groups of system calls; which calls, see jail_table.c. */
enum jail_group {
    JAIL_BASIC = 1 << 0,   /* memory, descriptors it holds, time */
    JAIL_THREADS = 1 << 1, /* threads of this process */
    JAIL_CONNECT = 1 << 2, /* TCP sockets, to connect */
    JAIL_ACCEPT = 1 << 3,  /* connections at a socket it was handed */
    JAIL_NAMES = 1 << 4,   /* files to read, UDP: to look up names */
    JAIL_SANITIZER = 1 << 5,
    JAIL_FOLDER = 1 << 6, /* files to read, in the folder that is its input */
    JAIL_EVENTS = 1 << 7, /* to wait for many connections at once */
    JAIL_DEVICE =
        1 << 8, /* what a camera device is asked; on its input alone */
};

struct jail_row {
    const char *name;
    rlim_t memory_bytes;     /* address space; lifted under sanitizers */
    rlim_t cpu_s;            /* RLIM_INFINITY for what runs for months */
    rlim_t descriptors;      /* open at once */
    const char *const *path; /* that it may read, NULL at the end; or NULL */
    unsigned groups;         /* of enum jail_group */
    bool connects_anywhere;  /* else to the one port it was started with */
};

extern const struct jail_row jail_row[WORKER_KINDS];

/* The calls of one group, as numbers of this machine; -1 at the end. */
const int *jail_calls(enum jail_group group);

#endif
