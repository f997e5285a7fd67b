/*
 * camera_heard: a camera worker in a process of its own, and what it sent; and
 * the camera for tests that it watches.
 */
#ifndef STING_TESTS_CAMERA_HEARD_H
#define STING_TESTS_CAMERA_HEARD_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "wire/wire.h"

/* A camera worker in a process of its own, and what it sent. */
struct heard {
    pid_t pid;
    int channel;
    struct buffer file; /* init and fragments */
    int inits, fragments, frames, looks, learned;
    int64_t longest_us;
    int64_t state_us[CAMERA_STATES]; /* boot time when told, 0 never */
    char why[200];
    bool is_soon;    /* the camera that is lost may be had again soon */
    int64_t look_us; /* of the last look, by the recording's time */
    int64_t gap_us;  /* the longest between two, so far */
};

void worker_begin(struct heard *heard, const char *settings);
/* Hear one message; false when the worker has ended. */
bool hear(struct heard *heard);
/* Gives its exit code. */
int worker_end(struct heard *heard);

/* Hear until a remark that begins like this; so many more looks, fragments. */
void remark_await(struct heard *heard, const char *like);
void looks_await(struct heard *heard, int more);
void recorded_await(struct heard *heard, int more);

/* The test server: its process, and the port that it found free. */
struct server {
    pid_t pid;
    int input; /* it ends when this closes */
    int port;
};

/* The program that each of them is. */
void server_is(const char *program);
/* At that port, or any that is free. */
void server_begin_at(struct server *s, const char *clip, int port);
void server_begin(struct server *s, const char *clip);
void server_end(struct server *s);

#endif
