/*
 * verify_outside: what the command line of sting verify says of outsiders.
 */
#ifndef STING_CLI_VERIFY_OUTSIDE_H
#define STING_CLI_VERIFY_OUTSIDE_H

#include "base/buffer.h"
#include "cli/options.h"
#include "ledger/verify.h"

#define OUTSIDE_MOST_KEYS 16
#define OUTSIDE_MOST_FILE ((size_t)8 * 1024 * 1024) /* of checkpoints */

struct outside {
    struct option_texts anchor_file;
    struct option_texts witness_key;
    struct option_texts log_key;
    const char *ca_file;
    int64_t at_us; /* 0: today */
    const char *witness_folder;
    const char *witness_name;
    const char *listen;

    struct vkey key[OUTSIDE_MOST_KEYS];
    struct buffer anchor[OUTSIDE_MOST_KEYS]; /* owned */
    struct bytes *checkpoint; /* owned: each that these files hold */
    size_t checkpoints;
    struct buffer authorities; /* owned */
};

void outside_release(struct outside *outside);

/* Read the files and keys that were named. Fails: E_ARG with why. */
STING_MUST_USE enum sting_status outside_load(struct outside *outside,
                                              struct fault *fault);
/* Hand them to the verifier; borrowed. */
void outside_set(const struct outside *outside, struct verify_known *out);

/* A fault of wrong use; gives it back. */
const struct fault *fault_said(struct fault *fault, const char *why);

/* sting verify OP --note or --qr; sting verify --witness. Exit codes. */
int verify_note(const char *folder, bool as_qr, bool as_json);
int verify_witness(const struct outside *outside, bool as_json);

#endif
