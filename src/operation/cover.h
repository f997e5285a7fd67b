/*
 * cover: which cameras are covered, turned or blinded, as far as a ledger
 * tells: from the line that says so until the camera sees again, is lost, or is
 * watched anew.
 *
 * That its incident closes ends it only when the line does not name it as
 * `blind`. Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_COVER_H
#define STING_OPERATION_COVER_H

#include "operation/config.h"

struct line;

/* Zero-initialised: none is. */
struct cover {
    size_t cameras;
    struct {
        char name[CONFIG_NAME_SIZE];
        int64_t incident; /* that told of it */
    } camera[CONFIG_MOST_CAMERAS];
};

/* Take a line of the ledger, in order; of most kinds nothing. Beyond the array
 * a camera counts as one that sees. */
void cover_take(struct cover *cover, const struct line *line);

bool cover_has(const struct cover *cover, const char *camera);

#endif
