/*
 * garden: an operation folder for tests, its keys, and made-up recordings.
 */
#ifndef STING_TESTS_LEDGER_GARDEN_H
#define STING_TESTS_LEDGER_GARDEN_H

#include "ledger/recording.h"
#include "ledger/store.h"

struct garden {
    char path[64];
    int dir; /* the operation folder */
    struct secret case_key, log_key, epoch_key;
    struct secret identity[2];
    struct agreement_key recipient[2];
    struct moment now; /* advanced by the tests */
};

/* Make a folder below /tmp (or `base`) with a new ledger in it. */
void garden_make(struct garden *garden, const char *base);
/* Remove the folder and all that is in it. */
void garden_remove(struct garden *garden);

/* A session; asserts success. */
struct ledger *garden_open(struct garden *garden);
/* Let time pass. */
void garden_wait(struct garden *garden, int64_t us);

/* A fragment of the second `number`, so many bytes of it (reel.h), or
 * as few as there can be. */
void garden_fragment(uint64_t number, size_t size, struct buffer *data);

/* Record fragments `first` to first + count - 1, a keyframe each, one a
 * second of the garden's clock; each of `size` bytes. */
enum sting_status garden_record(struct garden *garden,
                                struct recording *recording, uint64_t first,
                                uint64_t count, size_t size);
/* The camera "garage", its stream begun. */
struct recording *garden_camera(struct garden *garden, struct ledger *ledger);
/* The init of a made-up camera. */
enum sting_status garden_init(struct garden *garden,
                              struct recording *recording);

/* A folder with 40 s of the camera "garage", five segments of 8 s, and then a
 * second stream of 16 s; when it began, UTC. */
int64_t garden_two_streams(struct garden *garden);

#endif
