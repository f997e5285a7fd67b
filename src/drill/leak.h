/*
 * leak: a page of an issued copy is photographed; is it traced to that copy?
 *
 * The copy is made again, rendered by poppler, photographed by the camera
 * model and given to trace/ as a file, as if it had come in the post.
 */
#ifndef STING_DRILL_LEAK_H
#define STING_DRILL_LEAK_H

#include "bait/press.h"
#include "drill/chance.h"
#include "drill/setting.h"
#include "trace/trace.h"

enum leak_outcome {
    LEAK_TRACED, /* right document, page and copy */
    LEAK_MISSED, /* no copy named */
    LEAK_WRONG,  /* another copy or page named: never to happen */
};

struct leak {
    uint32_t copy;
    int page; /* from 0 */
    char setting[32];
    enum leak_outcome outcome;
    double log10_lr; /* of the best copy; 0 without a page */
};

/* Two processes, since the library and the press each keep a PDF open. */
struct leak_desk {
    struct library library;
    struct picture_worker *reader, *maker; /* owned */
    struct press press;
    bool has_press;
};

/* Open the operation's first bait and its copies. keys: identity and mark,
 * borrowed as is `operation`. Fails: E_ABSENT when nothing was issued, and
 * as library_init and press_init. */
STING_MUST_USE enum sting_status leak_desk_open(
    struct leak_desk *out, const struct operation *operation,
    const struct operation_keys *keys, struct fault *fault);
void leak_desk_close(struct leak_desk *desk);

/* One photograph of a random copy and page in that setting; NULL: a random
 * one of four in fair light. Fails: E_ABSENT, E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status leak_run(struct leak_desk *desk,
                                          const char *setting,
                                          struct chance *chance,
                                          struct leak *out,
                                          struct fault *fault);

#endif
