#include "operation/check_boxes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "jail/worker.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "ledger/unsigned_lines.h"
#include "operation/boxes.h"
#include "operation/config.h"

#define COMING ".coming" /* a record that is taken in now, or was not */
#define MOST_IMPORTS 4096
#define NAME_SIZE CONFIG_NAME_SIZE

/* What is wrong with one, the worst last. */
enum bad { HOLDS, COMES, GONE, SHORTER, OTHER, BADS };

static const struct {
    enum verify_verdict verdict;
    const char *words;
} said[BADS] = {
    [COMES] = {VERIFY_UNVERIFIABLE,
               "its import was cut off before the record took its place: "
               "import it again"},
    [GONE] = {VERIFY_UNVERIFIABLE,
              "a record was imported, and is not here any more"},
    [SHORTER] = {VERIFY_CUT,
                 "the imported record has fewer lines than when it was taken "
                 "in"},
    [OTHER] = {VERIFY_TAMPERED,
               "the imported record is not the one that was taken in"},
};

/* ---- the worker's side ---- */

/* What one `import` line says. */
struct import {
    char name[NAME_SIZE];
    uint64_t size;
    struct digest root;
    uint64_t seq;
    int64_t at_us;
};

struct imports {
    struct import *row; /* owned */
    size_t rows;
};

static void imports_release(struct imports *imports)
{
    free(imports->row);
    imports->row = NULL;
}

/* A name is one folder's, and of nothing elsewhere. */
static bool is_folder_name(const char *name)
{
    return name[0] && name[0] != '.' && !strchr(name, '/');
}

static enum sting_status import_take(struct imports *imports,
                                     const struct line *line)
{
    struct import one = {.seq = line->seq, .at_us = line->at.utc_us};
    int64_t size = 0;
    line_text(line, "name", one.name, sizeof one.name);
    if (!is_folder_name(one.name) || line_integer(line, "size", &size) ||
        size < 1 || line_hex(line, "root", one.root.byte, DIGEST_SIZE) ||
        imports->rows == MOST_IMPORTS) {
        return STING_OK;
    }
    one.size = (uint64_t)size;
    void *grown =
        reallocarray(imports->row, imports->rows + 1, sizeof *imports->row);
    if (!grown) {
        return STING_E_NOMEM;
    }
    imports->row = grown;
    imports->row[imports->rows++] = one;
    return STING_OK;
}

/* By name; of one name by size, then as they were told. */
static int import_order(const void *left, const void *right)
{
    const struct import *a = left;
    const struct import *b = right;
    int by_name = strcmp(a->name, b->name);
    return by_name              ? by_name
           : a->size != b->size ? (a->size < b->size ? -1 : 1)
           : a->seq != b->seq   ? (a->seq < b->seq ? -1 : 1)
                                : 0;
}

/* A line of the file that is an `import` line; other lines are not parsed. */
static bool import_parse(struct bytes text, struct line *out)
{
    static const char word[] = " import ";
    return memmem(text.data, text.size, word, sizeof word - 1) &&
           !line_parse(text, out) && !strcmp(out->kind->name, "import");
}

static enum sting_status imports_read(struct imports *imports)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines nobodys STING_AUTO(unsigned_lines_release) = {0};
    struct line line;
    enum sting_status status =
        ledger_reader_open(WORKER_INPUT_FD, &reader, NULL);
    if (status && status != STING_E_NOMEM) {
        return STING_OK; /* what is no ledger imported nothing: told before */
    }
    if (!status) {
        status = unsigned_lines_read(WORKER_INPUT_FD, &nobodys, NULL);
    }
    for (uint64_t seq = 0; !status; seq++) {
        status = ledger_reader_skip(reader);
        if (!status && import_parse(ledger_reader_text(reader), &line) &&
            !unsigned_lines_has(&nobodys, seq)) {
            status = import_take(imports, &line);
        }
        status = status == STING_E_LIMIT ? STING_OK : status;
    }
    if (imports->rows > 1) {
        qsort(imports->row, imports->rows, sizeof *imports->row, import_order);
    }
    return status == STING_E_NOMEM || status == STING_E_IO ? status : STING_OK;
}

/* Its lines as they lie in boxes/`folder`, held to `count` lines of one name;
 * *at is the one that does not hold. */
static enum bad record_hold(const char *folder, const struct import *import,
                            size_t count, size_t *at)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct tree tree = {.leaves = 0};
    char path[NAME_SIZE + sizeof BOXES_FOLDER + 1];
    (void)snprintf(path, sizeof path, BOXES_FOLDER "/%s", folder);
    int box STING_AUTO(fd_close) =
        file_open_below(WORKER_INPUT_FD, path, O_DIRECTORY);
    *at = count - 1;
    if (box < 0) {
        return GONE;
    }
    size_t next = 0;
    enum sting_status status = ledger_reader_open(box, &reader, NULL);
    while (!status && next < count && !(status = ledger_reader_skip(reader))) {
        tree_add(&tree, tree_leaf(ledger_reader_text(reader)));
        for (; next < count && import[next].size == tree.leaves; next++) {
            if (!digest_equal(import[next].root, tree_root(&tree))) {
                *at = next;
                return OTHER;
            }
        }
    }
    *at = next < count ? next : *at;
    return next < count ? SHORTER : HOLDS;
}

static enum bad name_hold(const struct import *import, size_t count, size_t *at)
{
    size_t ignored = 0;
    enum bad bad = record_hold(import->name, import, count, at);
    bool may_come = bad == GONE || bad == SHORTER;
    return may_come && record_hold(COMING, import, count, &ignored) == HOLDS
               ? COMES
               : bad;
}

enum sting_status check_boxes_serve(int channel, struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {NULL, 0};
    struct import worst = {.seq = 0};
    enum bad bad = HOLDS;
    enum sting_status status = imports_read(&imports);
    for (size_t i = 0; i < imports.rows && !status;) {
        size_t count = 1, at = 0;
        while (i + count < imports.rows &&
               !strcmp(imports.row[i].name, imports.row[i + count].name)) {
            count++;
        }
        enum bad one = name_hold(&imports.row[i], count, &at);
        if (one > bad) {
            bad = one;
            worst = imports.row[i + at];
        }
        i += count;
    }
    const struct wire_head head = {
        .kind = WIRE_DONE, .number = {bad, (int64_t)worst.seq, worst.at_us}};
    return status ? fault_set(fault, status, "check the disk",
                              "the imported records cannot be read")
                  : wire_send(channel, head, bytes_of_text(worst.name));
}

/* ---- who asks ---- */

/* The worker may have been taken over: its words are chosen here. */
static enum sting_status answer_take(const struct wire_answer *answer,
                                     struct verify_report *report,
                                     struct fault *fault)
{
    const int64_t *number = answer->head.number;
    char name[NAME_SIZE] = "";
    size_t size = answer->payload.size;
    bool is_sane = number[0] >= HOLDS && number[0] < BADS && number[1] >= 0 &&
                   size < sizeof name;
    for (size_t i = 0; is_sane && i < size; i++) {
        uint8_t c = answer->payload.data[i];
        name[i] = c > 32 && c < 127 ? (char)c : '?';
    }
    if (!is_sane) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the worker that reads the imported records talks "
                         "nonsense");
    }
    if (number[0] == HOLDS || said[number[0]].verdict <= report->verdict) {
        return STING_OK;
    }
    report->verdict = said[number[0]].verdict;
    report->has_at = true;
    report->at = (uint64_t)number[1];
    report->at_us = number[2];
    (void)snprintf(report->file, sizeof report->file,
                   BOXES_FOLDER "/%s/evidence/ledger", name);
    (void)snprintf(report->reason, sizeof report->reason, "%s",
                   said[number[0]].words);
    return STING_OK;
}

enum sting_status check_boxes(int folder, struct verify_report *report,
                              struct fault *fault)
{
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    const struct worker_place place = {.input = folder};
    const struct wire_head head = {.kind = WIRE_CHECK_BOXES};
    enum sting_status status =
        worker_start_with(WORKER_FOLDER, &place, &worker, fault);
    if (!status) {
        status = wire_call(worker.channel, head, (struct bytes){0}, WIRE_DONE,
                           &answer, fault);
    }
    if (status) {
        return fault->why[0]
                   ? status
                   : fault_set(fault,
                               status == STING_E_ABSENT ? STING_E_IO : status,
                               "",
                               "the worker that reads the imported "
                               "records %s",
                               worker_stop_why(&worker, 0));
    }
    return answer_take(&answer, report, fault);
}
