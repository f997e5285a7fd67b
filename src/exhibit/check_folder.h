/*
 * check_folder: an exhibit's folder, checked as it lies: what files there
 * are, their hashes, and what exhibit_check() makes of them.
 *
 * Links are never followed. Limits that rule E1 has, too: CHECK_MOST_ENTRIES,
 * CHECK_PATH_SIZE, folders in folders FOLDER_MOST_DEPTH deep; what is over
 * them, or may not be read, is told of its entry. CHECK_MOST_TEXT is ours
 * alone. Runs in the folder's worker.
 */
#ifndef STING_EXHIBIT_CHECK_FOLDER_H
#define STING_EXHIBIT_CHECK_FOLDER_H

#include "base/fault.h"
#include "exhibit/check.h"

#define FOLDER_MOST_DEPTH 16

/* Is this the folder of an exhibit, or of anything else that is a bag? */
bool folder_is_exhibit(int folder);

/* What lies in a folder, by path. */
struct check_folder {
    struct check_entry *entry; /* owned, with their contents */
    size_t entries;
    size_t text_bytes; /* of all contents */
};
STING_MUST_USE enum sting_status check_folder_read(int folder,
                                                   struct check_folder *out,
                                                   struct fault *fault);
void check_folder_release(struct check_folder *folder);

/* All of it, and what outsiders said. Fails: E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_check_folder(
    int folder, const char *expected, const struct verify_known *known,
    struct check_report *report, struct fault *fault);

/* A fingerprint as people write it: hex digits, anything between them left
 * out, in small letters. */
#define CHECK_EXPECTED_SIZE 80
void check_expected_read(const char *text, char out[CHECK_EXPECTED_SIZE]);

#endif
