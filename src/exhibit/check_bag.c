/* E1 and E2: names and kinds of files, manifests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exhibit/check_outsiders.h"
#include "exhibit/check_state.h"

static const char *const needed[] = {"bagit.txt",
                                     "bag-info.txt",
                                     "manifest-sha256.txt",
                                     "tagmanifest-sha256.txt",
                                     "signature.txt",
                                     "data/exhibit.txt",
                                     "data/ledger/lines.txt",
                                     "data/ledger/proofs.txt",
                                     "data/ledger/epochs.txt",
                                     "data/ledger/checkpoint.txt"};
#define NEEDED (sizeof needed / sizeof *needed)

bool check_is_read(const char *path)
{
    if (!strcmp(path, CHECK_OFFICE) || !strcmp(path, CHECK_EARLIER) ||
        !strncmp(path, CHECK_ANCHORS, strlen(CHECK_ANCHORS))) {
        return true;
    }
    for (size_t i = 0; i < NEEDED; i++) {
        if (!strcmp(path, needed[i])) {
            return true;
        }
    }
    return false;
}

/* Parts of letters, digits, ".", "_", "-", none beginning with a dot. */
static bool is_path(const char *path)
{
    static const char set[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    for (;;) {
        size_t size = strspn(path, set);
        if (size == 0 || path[0] == '.') {
            return false;
        }
        if (path[size] == '\0') {
            return true;
        }
        if (path[size] != '/') {
            return false;
        }
        path += size + 1;
    }
}

static int but_for_case(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static enum sting_status twins(struct check *check)
{
    const char **path = calloc(check->entries + 1, sizeof *path);
    if (!path) {
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < check->entries; i++) {
        path[i] = check->entry[i].path;
    }
    qsort(path, check->entries, sizeof *path, but_for_case);
    enum sting_status status = STING_OK;
    for (size_t i = 1; !status && i < check->entries; i++) {
        if (!strcasecmp(path[i - 1], path[i])) {
            status = check_tampered(check, 1, "two names differ by case alone");
        }
    }
    free(path);
    return status;
}

static enum sting_status names(struct check *check)
{
    for (size_t i = 0; i < check->entries; i++) {
        const struct check_entry *entry = &check->entry[i];
        if (entry->is_beyond) {
            return check_tampered(check, 1,
                                  "more, longer or deeper names than exhibits "
                                  "have");
        }
        if (!is_path(entry->path)) {
            return check_tampered(check, 1, "a name that no exhibit has");
        }
        if (!entry->is_file && !entry->is_folder && !entry->is_shut) {
            return check_tampered(check, 1, "%.100s is neither file nor folder",
                                  entry->path);
        }
    }
    return twins(check);
}

static enum sting_status needed_files(struct check *check)
{
    static const char declaration[] = "BagIt-Version: 1.0\n"
                                      "Tag-File-Character-Encoding: UTF-8\n";
    for (size_t i = 0; i < check->entries; i++) {
        if (check->entry[i].is_shut) {
            return check_missing(check, 1, "%.100s may not be read",
                                 check->entry[i].path);
        }
    }
    for (size_t i = 0; i < NEEDED; i++) {
        const struct check_entry *entry = check_find(check, needed[i]);
        if (!entry || !entry->is_file) {
            return check_missing(check, 1, "%s is missing", needed[i]);
        }
    }
    return bytes_equal(check_content(check, "bagit.txt"),
                       bytes_of_text(declaration))
               ? STING_OK
               : check_tampered(check, 1, "bagit.txt is another");
}

/* One row of a manifest: 64 digits, two blanks, a path, LF. */
struct row {
    struct digest hash;
    char path[CHECK_PATH_SIZE];
};

static bool row_take(struct bytes *rest, struct row *out)
{
    struct bytes line, hash;
    if (!check_take(rest, "\n", &line) || !check_take(&line, "  ", &hash) ||
        digest_parse(hash, &out->hash) || line.size >= sizeof out->path ||
        memchr(line.data, '\0', line.size)) {
        return false;
    }
    memcpy(out->path, line.data, line.size);
    out->path[line.size] = '\0';
    return is_path(out->path);
}

static bool is_outside(const char *path)
{
    return !strcmp(path, "signature.txt") ||
           !strcmp(path, "tagmanifest-sha256.txt");
}

static bool is_payload(const char *path)
{
    return !strncmp(path, "data/", 5);
}

/* What a manifest says of each entry, found by path. */
struct listing {
    bool *is_listed; /* by entry */
    bool is_missing; /* a path that is listed and not there */
    bool is_changed;
    char path[CHECK_PATH_SIZE]; /* the first of the latter */
};

static enum sting_status manifest(struct check *check, const char *name,
                                  struct listing *listing)
{
    struct bytes rest = check_content(check, name);
    struct row row = {.path = ""};
    while (rest.size > 0) {
        char before[CHECK_PATH_SIZE];
        memcpy(before, row.path, sizeof before);
        if (!row_take(&rest, &row) || strcmp(before, row.path) >= 0 ||
            is_outside(row.path) || is_payload(row.path) != (name[0] == 'm')) {
            return check_tampered(check, 2, "%s is malformed", name);
        }
        const struct check_entry *entry = check_find(check, row.path);
        if (!entry || !entry->is_file) {
            listing->is_missing = true;
            continue;
        }
        listing->is_listed[entry - check->entry] = true;
        if (!listing->is_changed && !digest_equal(entry->sha256, row.hash)) {
            listing->is_changed = true;
            memcpy(listing->path, row.path, sizeof listing->path);
        }
    }
    return STING_OK;
}

static enum sting_status listing_judge(struct check *check,
                                       const struct listing *listing)
{
    for (size_t i = 0; i < check->entries; i++) {
        const struct check_entry *entry = &check->entry[i];
        if (entry->is_file && !listing->is_listed[i] &&
            !is_outside(entry->path)) {
            return check_tampered(check, 2, "%.100s stands in no manifest",
                                  entry->path);
        }
    }
    if (listing->is_missing) {
        return check_missing(check, 2, "a file is missing");
    }
    return listing->is_changed
               ? check_tampered(check, 2, "%.100s was changed", listing->path)
               : STING_OK;
}

enum sting_status check_folder_rules(struct check *check)
{
    struct listing listing = {.is_listed =
                                  calloc(check->entries + 1, sizeof(bool))};
    if (!listing.is_listed) {
        return STING_E_NOMEM;
    }
    enum sting_status status = names(check);
    if (!status) {
        status = needed_files(check);
    }
    if (!status) {
        status = manifest(check, "manifest-sha256.txt", &listing);
    }
    if (!status) {
        status = manifest(check, "tagmanifest-sha256.txt", &listing);
    }
    if (!status) {
        status = listing_judge(check, &listing);
    }
    free(listing.is_listed);
    return status;
}
