/*
 * check_state: what the rules of one check share.
 */
#ifndef STING_EXHIBIT_CHECK_STATE_H
#define STING_EXHIBIT_CHECK_STATE_H

#include "crypt/signature.h"
#include "exhibit/check.h"
#include "ledger/line.h"

struct check_line {
    uint64_t seq;
    size_t prev_size;     /* of the hash that it names */
    struct bytes text;    /* with its LF */
    struct digest ending; /* root of the ledger up to it */
    bool is_epoch, is_init, is_seg, is_gap, is_erase;
};

struct check {
    const struct check_entry *entry; /* by path */
    size_t entries;
    const char *expected;
    struct check_report *report;
    struct buffer *pieces;
    /* of exhibit.txt */
    char camera[65];
    struct bytes films; /* from its first "film" on */
    bool may_be_erased; /* its version is the second */
    /* of lines.txt */
    struct check_line *line; /* owned */
    size_t lines;
    struct public_key log_key, epoch_key;
    struct digest root;
};

/* A rule that does not hold: fills the report and gives E_FORGED, on which
 * the check ends. */
__attribute__((format(printf, 3, 4))) enum sting_status check_tampered(
    struct check *check, int rule, const char *format, ...);
__attribute__((format(printf, 3, 4))) enum sting_status check_missing(
    struct check *check, int rule, const char *format, ...);

/* NULL when there is no such entry. */
const struct check_entry *check_find(const struct check *check,
                                     const char *path);
struct bytes check_content(const struct check *check, const char *path);

/* The front of *rest up to `mark`, which is stepped over; false without. */
bool check_take(struct bytes *rest, const char *mark, struct bytes *out);
bool check_word(struct bytes *rest, const char *word);
/* Decimal without leading zeros, at most 18 digits. */
bool check_number(struct bytes text, uint64_t *out);

/* A signed note: three lines, signatures. */
struct check_note {
    struct bytes line[3];
    struct bytes text; /* what is signed */
    struct bytes signatures;
};
/* The next note of a file; E_FORMAT. */
STING_MUST_USE enum sting_status check_note_next(struct bytes *rest,
                                                 struct check_note *out);
STING_MUST_USE enum sting_status check_signed(struct check *check, int rule,
                                              const struct check_note *note,
                                              const char *name,
                                              const struct public_key *key);
/* Standard base64 of exactly `size` bytes. */
bool check_base64(struct bytes text, uint8_t *out, size_t size);

/* What the first line of a ledger says, once its case key signed it. */
struct check_founder {
    char origin[64];
    char case_key[DIGEST_TEXT_SIZE]; /* fingerprint */
    struct public_key log_key, epoch_key;
    size_t prev_size; /* of its version's lines */
};
STING_MUST_USE enum sting_status check_founded(struct check *check, int rule,
                                               struct bytes text,
                                               struct check_founder *out);

/* The rules, by file. */
STING_MUST_USE enum sting_status check_folder_rules(struct check *check);
STING_MUST_USE enum sting_status check_genesis_rule(struct check *check);
STING_MUST_USE enum sting_status check_ledger_rules(struct check *check);
STING_MUST_USE enum sting_status check_films_rule(struct check *check);

#endif
