/* One line of a ledger with what shows that it stands there. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/note.h"
#include "ledger/proof.h"
#include "ledger/reader.h"
#include "ledger/recording_name.h"
#include "ledger/tree.h"

#define MOST_NOTES ((size_t)256 << 20) /* of one day */

void ledger_proof_release(struct ledger_proof *proof)
{
    buffer_release(&proof->genesis);
    buffer_release(&proof->line);
    buffer_release(&proof->note);
    *proof = (struct ledger_proof){0};
}

/* Leaves of all lines, and the line looked for. */
struct walk {
    struct buffer leaf;
    uint64_t lines, found; /* found counts from 1; 0: not yet */
};

static enum sting_status line_take(struct walk *walk, struct bytes text,
                                   bool is_it, struct ledger_proof *out)
{
    struct digest leaf = tree_leaf(text);
    enum sting_status status =
        buffer_append(&walk->leaf, (struct bytes){leaf.byte, DIGEST_SIZE});
    walk->lines++;
    if (!status && walk->lines == 1) {
        status = buffer_append(&out->genesis, text);
    }
    if (!status && is_it && !walk->found) {
        walk->found = walk->lines;
        status = buffer_append(&out->line, text);
    }
    return status;
}

static enum sting_status lines_walk(int operation,
                                    bool (*is_it)(void *, const struct line *),
                                    void *context, struct walk *walk,
                                    struct ledger_proof *out,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    while (!status) {
        struct line line;
        status = ledger_reader_next(reader, &line);
        if (!status || status == STING_E_FORMAT || status == STING_E_LIMIT ||
            status == STING_E_UNSUPPORTED) {
            bool good = !status && is_it(context, &line);
            status = line_take(walk, ledger_reader_text(reader), good, out);
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}

static int is_notes(const struct dirent *entry)
{
    return recording_is_notes(entry->d_name);
}

static enum sting_status day_walk(int operation, const char *name,
                                  enum sting_status (*take)(void *,
                                                            const struct note *,
                                                            struct bytes),
                                  void *context, struct fault *fault)
{
    char path[PATH_MAX];
    struct buffer file STING_AUTO(buffer_release) = {0};
    snprintf(path, sizeof path, "evidence/checkpoints/%s", name);
    enum sting_status status =
        file_read(operation, path, MOST_NOTES, &file, fault);
    struct bytes rest = buffer_bytes(&file);
    while (!status && rest.size > 0) {
        struct note note;
        status = note_parse(rest, &note);
        status = status == STING_E_ABSENT ? STING_E_FORMAT : status;
        if (!status) {
            status =
                take(context, &note, (struct bytes){rest.data, note.bytes});
            rest.data += note.bytes;
            rest.size -= note.bytes;
        }
    }
    return status;
}

enum sting_status ledger_notes_walk(
    int operation,
    enum sting_status (*take)(void *context, const struct note *note,
                              struct bytes text),
    void *context, struct fault *fault)
{
    struct dirent **day = NULL;
    enum sting_status status = STING_OK;
    int dir = openat(operation, "evidence/checkpoints",
                     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int days = dir < 0 ? -1 : scandirat(dir, ".", &day, is_notes, alphasort);
    for (int i = 0; i < days; i++) {
        if (!status) {
            status = day_walk(operation, day[i]->d_name, take, context, fault);
        }
        free(day[i]);
    }
    free(day);
    if (dir >= 0) {
        close(dir);
    }
    return status;
}

/* The first note over at least `size` lines. */
struct sought {
    uint64_t size;
    struct ledger_proof *out;
};

static enum sting_status note_search(void *context, const struct note *note,
                                     struct bytes text)
{
    struct sought *sought = context;
    if (note->size < sought->size) {
        return STING_OK;
    }
    sought->out->path.leaves = note->size;
    enum sting_status status = buffer_append(&sought->out->note, text);
    return status ? status : STING_E_BUSY; /* found: go no further */
}

enum sting_status ledger_proof_make(
    int operation, bool (*is_it)(void *context, const struct line *line),
    void *context, uint64_t least, struct ledger_proof *out,
    struct fault *fault)
{
    struct walk walk = {0};
    struct ledger_proof proof STING_AUTO(ledger_proof_release) = {0};
    enum sting_status status =
        lines_walk(operation, is_it, context, &walk, &proof, fault);
    if (!status && !walk.found) {
        status = STING_E_ABSENT;
    }
    if (!status) {
        struct sought sought = {least > walk.found ? least : walk.found,
                                &proof};
        status = ledger_notes_walk(operation, note_search, &sought, fault);
        status = status == STING_E_BUSY ? STING_OK
                 : status               ? status
                                        : STING_E_ABSENT;
    }
    if (status == STING_E_ABSENT) {
        (void)fault_set(fault, status, "",
                        "the ledger has no such line under a checkpoint");
    }
    if (!status && proof.path.leaves > walk.lines) {
        status = fault_set(fault, STING_E_FORMAT, "see sting verify",
                           "a checkpoint lies beyond the end of the ledger");
    }
    if (!status) {
        status = proof_make((const struct digest *)(const void *)walk.leaf.data,
                            proof.path.leaves, walk.found - 1, &proof.path);
    }
    buffer_release(&walk.leaf);
    if (!status) {
        *out = proof;
        proof = (struct ledger_proof){0};
    }
    return status;
}
