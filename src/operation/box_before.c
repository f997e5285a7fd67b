#include "operation/box_before.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"
#include "operation/imports.h"

#define PIECE_BYTES ((size_t)8192)
#define MOST_ASIDE 1000

/* Does the file `longer` begin with `bytes` of `shorter`, or all of it? */
static bool begins_with(int longer, int shorter, uint64_t bytes)
{
    uint8_t a[PIECE_BYTES], b[PIECE_BYTES];
    ssize_t got = 0;
    while (bytes > 0 &&
           (got = read(shorter, a, bytes < sizeof a ? bytes : sizeof a)) > 0) {
        bytes -= (uint64_t)got;
        ssize_t have = 0;
        while (have < got) {
            ssize_t more = read(longer, b + have, (size_t)(got - have));
            if (more <= 0) {
                return false;
            }
            have += more;
        }
        if (memcmp(a, b, (size_t)got) != 0) {
            return false;
        }
    }
    return got >= 0;
}

enum sting_status box_signed_part(int folder, struct tree *tree,
                                  uint64_t *bytes, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    enum sting_status status = unsigned_lines_read(folder, &lines, fault);
    if (!status) {
        status = ledger_reader_open(folder, &reader, fault);
    }
    while (!status && tree->leaves < lines.signed_to) {
        status = ledger_reader_skip(reader);
        if (!status) {
            *bytes += ledger_reader_text(reader).size;
            tree_add(tree, tree_leaf(ledger_reader_text(reader)));
        }
    }
    return status;
}

/* So many lines of that name the ledger of the office has vouched for. */
static enum sting_status told_size(const struct operation *office,
                                   const char *name, uint64_t *out,
                                   struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {.rows = 0};
    enum sting_status status =
        imports_read(operation_dir(office), &imports, fault);
    *out = 0;
    for (size_t i = 0; i < imports.rows && !status; i++) {
        const struct import *one = &imports.row[i];
        *out = !strcmp(one->name, name) && one->size > *out ? one->size : *out;
    }
    return status;
}

/* The two records, in their folders. */
struct pair {
    int before, now;
    int before_ledger, now_ledger;
};

/* Does the one that comes sign all that the one that is here signed, or more?
 * Then what anybody may have added to the one that is here stands in nobody's
 * way. Where that one has lost checkpoints since, nobody knows. */
static bool signs_on(const struct pair *pair, uint64_t told)
{
    struct tree here = {.leaves = 0}, comes = {.leaves = 0};
    uint64_t bytes = 0, ignored = 0;
    return !box_signed_part(pair->before, &here, &bytes, NULL) &&
           !box_signed_part(pair->now, &comes, &ignored, NULL) &&
           here.leaves > 0 && here.leaves >= told &&
           comes.leaves >= here.leaves &&
           lseek(pair->before_ledger, 0, SEEK_SET) == 0 &&
           lseek(pair->now_ledger, 0, SEEK_SET) == 0 &&
           begins_with(pair->now_ledger, pair->before_ledger, bytes);
}

/* What lies under its name and is no whole record any more may still be
 * evidence. */
static enum sting_status remains_check(int boxes, struct box_import *out,
                                       struct fault *fault)
{
    if (faccessat(boxes, out->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK;
    }
    out->is_refused = true;
    return fault_set(fault, STING_E_FORGED,
                     "move that folder elsewhere and keep it, then import "
                     "again",
                     BOXES_FOLDER "/%s is here, and its evidence/ledger is "
                                  "gone: an import would take its place",
                     out->name);
}

/* A name for what lies under `out->name` now: ".garage.1". */
static enum sting_status aside_name(int boxes, struct box_import *out,
                                    struct fault *fault)
{
    for (int n = 1; n < MOST_ASIDE; n++) {
        (void)snprintf(out->aside, sizeof out->aside, ".%s.%d", out->name, n);
        if (faccessat(boxes, out->aside, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_LIMIT, "look at them, and move them away",
                     BOXES_FOLDER "/.%s.1 and all numbers up to %d are taken",
                     out->name, MOST_ASIDE - 1);
}

enum sting_status box_before_check(const struct operation *office, int boxes,
                                   int draft, struct box_import *out,
                                   struct fault *fault)
{
    char path[CONFIG_NAME_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s/evidence/ledger", out->name);
    int before STING_AUTO(fd_close) = openat(boxes, path, O_RDONLY | O_CLOEXEC);
    if (before < 0 && errno == ENOENT) {
        return remains_check(boxes, out, fault);
    }
    int now STING_AUTO(fd_close) =
        openat(draft, "evidence/ledger", O_RDONLY | O_CLOEXEC);
    int older STING_AUTO(fd_close) =
        openat(boxes, out->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (before < 0 || now < 0) {
        return fault_errno(fault, STING_E_IO, "", "%s cannot be read", path);
    }
    const struct pair pair = {older, draft, before, now};
    uint64_t told = 0;
    enum sting_status status = told_size(office, out->name, &told, fault);
    if (status || begins_with(now, before, UINT64_MAX)) {
        return status;
    }
    if (!signs_on(&pair, told)) {
        out->is_refused = true;
        return fault_set(
            fault, STING_E_FORGED, "keep both, and run sting verify on each",
            "it does not continue the record of \"%s\" that is here: one of "
            "the two was cut or made up later",
            out->name);
    }
    out->has_tail = true; /* it has lines that are not in it */
    return aside_name(boxes, out, fault);
}

enum sting_status box_before_keep(int boxes, int draft, struct box_import *out,
                                  struct fault *fault)
{
    int before STING_AUTO(fd_close) = openat(
        boxes, out->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (before < 0 && errno == ENOENT) {
        return STING_OK;
    }
    if (before < 0) {
        return fault_errno(fault, STING_E_IO, "",
                           BOXES_FOLDER "/%s cannot be read", out->name);
    }
    enum sting_status status = box_carry(before, draft, &out->carried, fault);
    return !status && out->carried.unlike > 0 && !out->aside[0]
               ? aside_name(boxes, out, fault)
               : status;
}
