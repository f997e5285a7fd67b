#include "operation/box_before.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"
#include "operation/box_hold.h"
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
static uint64_t told_size(const struct import *row, size_t rows)
{
    return rows ? row[rows - 1].size : 0; /* the longest stands last */
}

/* The rows of that name. */
static const struct import *rows_of(const struct imports *imports,
                                    const char *name, size_t *rows)
{
    *rows = 0;
    for (size_t i = 0; i < imports->rows; i += *rows) {
        *rows = imports_of_name(imports, i);
        if (!strcmp(imports->row[i].name, name)) {
            return &imports->row[i];
        }
    }
    *rows = 0;
    return NULL;
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

enum sting_status box_aside_name(int boxes, const char *name,
                                 char out[BOX_ASIDE_SIZE], struct fault *fault)
{
    for (int n = 1; n < MOST_ASIDE; n++) {
        (void)snprintf(out, BOX_ASIDE_SIZE, ".%s.%d", name, n);
        if (faccessat(boxes, out, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_LIMIT, "look at them, and move them away",
                     BOXES_FOLDER "/.%s.1 and all numbers up to %d are taken",
                     name, MOST_ASIDE - 1);
}

static enum sting_status not_continued(struct box_import *out,
                                       struct fault *fault)
{
    out->is_refused = true;
    return fault_set(fault, STING_E_FORGED,
                     "keep both, and run sting verify on each",
                     "it does not continue the record of \"%s\" that is here: "
                     "one of the two was cut or made up later",
                     out->name);
}

/* Of what lies under its name, `told` lines of which the office vouched for. */
static enum sting_status here_check(int boxes, int draft, uint64_t told,
                                    struct box_import *out, struct fault *fault)
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
    if (begins_with(now, before, UINT64_MAX)) {
        return STING_OK;
    }
    if (!signs_on(&pair, told)) {
        return not_continued(out, fault);
    }
    out->has_tail = true; /* it has lines that are not in it */
    return box_aside_name(boxes, out->name, out->aside, fault);
}

enum sting_status box_before_check(const struct operation *office, int boxes,
                                   int draft, struct box_import *out,
                                   struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {.rows = 0};
    size_t rows = 0, at = 0;
    enum box_hold hold = BOX_HOLDS;
    enum sting_status status =
        imports_read(operation_dir(office), &imports, fault);
    const struct import *row = rows_of(&imports, out->name, &rows);
    if (!status) {
        status = here_check(boxes, draft, told_size(row, rows), out, fault);
    }
    if (!status) {
        status = box_hold(draft, row, rows, &at, &hold);
    }
    return !status && hold != BOX_HOLDS ? not_continued(out, fault) : status;
}

/* What an import left that did not end, of that name. */
static enum sting_status waiting_carry(int boxes, int draft,
                                       struct box_import *out,
                                       struct fault *fault)
{
    char name[BOX_COMING_SIZE];
    struct box_carried more = {0};
    box_coming_name(out->name, name);
    int waiting STING_AUTO(fd_close) =
        openat(boxes, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (waiting < 0) {
        return errno == ENOENT
                   ? STING_OK
                   : fault_errno(fault, STING_E_IO, "",
                                 BOXES_FOLDER "/%s cannot be read", name);
    }
    enum sting_status status = box_carry(waiting, draft, &more, fault);
    out->waits = more.unlike > 0;
    out->carried.recordings += more.recordings;
    out->carried.blobs += more.blobs;
    out->carried.bytes += more.bytes;
    if (more.recordings > 0 && !out->carried.first_us) {
        out->carried.first_us = more.first_us;
        out->carried.last_us = more.last_us;
    }
    return status;
}

enum sting_status box_before_keep(int boxes, int draft, struct box_import *out,
                                  struct fault *fault)
{
    int before STING_AUTO(fd_close) = openat(
        boxes, out->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (before < 0 && errno != ENOENT) {
        return fault_errno(fault, STING_E_IO, "",
                           BOXES_FOLDER "/%s cannot be read", out->name);
    }
    enum sting_status status =
        before < 0 ? STING_OK : box_carry(before, draft, &out->carried, fault);
    if (!status && out->carried.unlike > 0 && !out->aside[0]) {
        status = box_aside_name(boxes, out->name, out->aside, fault);
    }
    return status ? status : waiting_carry(boxes, draft, out, fault);
}
