/*
 * check: does an exhibit agree with itself, with the signatures in it, and
 * with the operation that it says it is from?
 *
 * Rules E1 to E8 of docs/formats/exhibit.md, in their order; the first that
 * does not hold is the verdict. VERIFY.sh and verify.py apply the same ones
 * and share nothing with this.
 *
 * exhibit_check() takes hostile bytes: in sting it runs in the check worker.
 * What files there are, with their hashes, is found outside of it, where
 * nothing is parsed (check_folder.h); so is whether pieces of films have the
 * hashes that it asks for.
 */
#ifndef STING_EXHIBIT_CHECK_H
#define STING_EXHIBIT_CHECK_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"
#include "ledger/verify.h"

#define CHECK_PATH_SIZE 256
#define CHECK_MOST_ENTRIES 100000
#define CHECK_MOST_TEXT ((size_t)192 << 20) /* of all files that are read */

struct check_entry {
    char path[CHECK_PATH_SIZE];
    bool is_file; /* regular; else not_folder says what */
    bool is_folder;
    bool is_shut;   /* it may not be read: neither hash nor content */
    bool is_beyond; /* more, longer or deeper names than these: path is "/" */
    uint64_t bytes;
    struct digest sha256;
    struct bytes content; /* of files that are read; borrowed */
};

/* Bytes of a film that must have this hash. */
struct check_piece {
    uint64_t entry; /* of the folder's entries */
    uint64_t offset;
    uint64_t bytes;
    uint64_t seq; /* the line that says so */
    struct digest pt;
};

struct check_report {
    enum verify_verdict verdict;
    int rule; /* 1 to 8 when it is neither INTACT nor WITH GAPS */
    char why[200];
    char mark[40];
    char origin[64];
    uint64_t shown, lines; /* of the ledger */
    uint64_t epochs, films, gaps;
    char office[64];             /* who imported it and signed; "": nobody */
    char tags[DIGEST_TEXT_SIZE]; /* SHA-256 of tagmanifest-sha256.txt */
    char case_key[DIGEST_TEXT_SIZE]; /* fingerprint; "" before E3 */
    bool is_expected;    /* it begins with the fingerprint that was asked for */
    uint64_t last_piece; /* line of the last segment shown */
    /* Outsiders (check_outsiders.h): what sting verify tells of them in an
     * operation; and the first time by which one that counts had seen all
     * films; 0: nobody. */
    struct verify_report outside;
    int64_t films_until_us;
};

/* The first line of the ledger of who imported the record, and signs for it;
 * may be missing. */
#define CHECK_OFFICE "data/ledger/office.txt"

/* Checkpoints that outsiders were asked about within an epoch, and that they
 * are of the same ledger; may be missing. */
#define CHECK_EARLIER "data/ledger/consistency.txt"

/* Is this one of the files whose content is read? */
bool check_is_read(const char *path);

/* `expected`: at least 32 hex digits of the case key's fingerprint, or "".
 * Appends a check_piece to *pieces for each piece of film. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_check(const struct check_entry *entry,
                                               size_t entries,
                                               const char *expected,
                                               struct check_report *report,
                                               struct buffer *pieces);

/* What the pieces turned out to be, once they were hashed. */
void check_piece_differs(const struct check_piece *piece,
                         struct check_report *report);

/* One JSON line, or words. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status check_report_json(
    const struct check_report *report, struct buffer *out);
STING_MUST_USE enum sting_status check_report_text(
    const struct check_report *report, struct buffer *out);

#endif
