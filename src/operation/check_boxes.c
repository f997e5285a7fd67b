#include "operation/check_boxes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "jail/worker.h"
#include "operation/box_hold.h"

#define NAME_SIZE CONFIG_NAME_SIZE

static const struct {
    enum verify_verdict verdict;
    const char *words;
} said[BOX_HOLD_KINDS] = {
    [BOX_GONE] = {VERIFY_UNVERIFIABLE,
                  "a record was imported, and is not here any more"},
    [BOX_SHORTER] =
        {VERIFY_CUT,
         "the imported record has fewer lines than when it was taken "
         "in"},
    [BOX_OTHER] = {VERIFY_TAMPERED,
                   "the imported record is not the one that was taken in"},
};

/* ---- the worker's side ---- */

static enum sting_status unreadable(const char *path, struct fault *fault)
{
    return fault_set(fault, STING_E_IO,
                     "check the disk, and that it is yours to read, then "
                     "verify again",
                     "%s cannot be read, which says nothing about it: %s", path,
                     strerror(errno));
}

static enum sting_status record_hold(const char *folder,
                                     const struct import *import, size_t count,
                                     size_t *at, enum box_hold *out,
                                     struct fault *fault)
{
    char path[sizeof BOXES_FOLDER + BOX_COMING_SIZE];
    (void)snprintf(path, sizeof path, BOXES_FOLDER "/%s", folder);
    int box STING_AUTO(fd_close) =
        file_open_below(WORKER_INPUT_FD, path, O_DIRECTORY);
    *at = count - 1;
    *out = BOX_GONE;
    if (box < 0) {
        bool is_gone = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
        return is_gone ? STING_OK : unreadable(path, fault);
    }
    errno = EIO;
    enum sting_status status = box_hold(box, import, count, at, out);
    return status == STING_E_IO ? unreadable(path, fault) : status;
}

/* Does it wait to be put in place, whole, all that the lines tell of? */
static enum sting_status coming_hold(const struct import *import, size_t count,
                                     bool *out, struct fault *fault)
{
    char kept[BOX_COMING_SIZE];
    const char *const folder[] = {BOX_COMING, kept};
    enum sting_status status = STING_OK;
    box_coming_name(import->name, kept);
    *out = false;
    for (size_t i = 0; i < 2 && !status && !*out; i++) {
        size_t ignored = 0;
        enum box_hold one = BOX_GONE;
        status = record_hold(folder[i], import, count, &ignored, &one, fault);
        *out = one == BOX_HOLDS;
    }
    return status;
}

static enum sting_status name_hold(const struct import *import, size_t count,
                                   size_t *at, enum box_hold *out,
                                   struct fault *fault)
{
    bool comes = false;
    enum sting_status status =
        record_hold(import->name, import, count, at, out, fault);
    if (!status && (*out == BOX_GONE || *out == BOX_SHORTER)) {
        status = coming_hold(import, count, &comes, fault);
        *out = comes ? BOX_COMES : *out;
    }
    return status;
}

/* The worst of all of them, and by which line. */
static enum sting_status all_hold(const struct imports *imports,
                                  struct import *worst, enum box_hold *bad,
                                  struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < imports->rows && !status;) {
        size_t count = imports_of_name(imports, i);
        size_t at = 0;
        enum box_hold one = BOX_HOLDS;
        status = name_hold(&imports->row[i], count, &at, &one, fault);
        if (!status && one > *bad) {
            *bad = one;
            *worst = imports->row[i + at];
        }
        i += count;
    }
    return status;
}

enum sting_status check_boxes_serve(int channel, struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {.rows = 0};
    struct import worst = {.seq = 0};
    enum box_hold bad = BOX_HOLDS;
    enum sting_status status = imports_read(WORKER_INPUT_FD, &imports, fault);
    if (status == STING_E_ABSENT || status == STING_E_UNSUPPORTED) {
        status = STING_OK; /* what is no ledger imported nothing: told before */
    }
    if (!status) {
        status = all_hold(&imports, &worst, &bad, fault);
    }
    if (status) {
        return fault->why[0] ? status
                             : fault_set(fault, status, "check the disk",
                                         "the imported records cannot be read");
    }
    const struct wire_head head = {
        .kind = WIRE_DONE, .number = {bad, (int64_t)worst.seq, worst.at_us}};
    return wire_send(channel, head, bytes_of_text(worst.name));
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
    bool is_sane = number[0] >= BOX_HOLDS && number[0] < BOX_HOLD_KINDS &&
                   number[1] >= 0 && size < sizeof name;
    for (size_t i = 0; is_sane && i < size; i++) {
        uint8_t c = answer->payload.data[i];
        name[i] = (char)(c > 32 && c < 127 ? c : '?');
    }
    if (!is_sane) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the worker that reads the imported records talks "
                         "nonsense");
    }
    if (number[0] == BOX_COMES) { /* nothing is lost: what was here stands */
        memcpy(report->unfinished, name, sizeof name);
        report->unfinished_at = (uint64_t)number[1];
        return STING_OK;
    }
    if (number[0] == BOX_HOLDS || said[number[0]].verdict <= report->verdict) {
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
