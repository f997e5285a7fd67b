#include "cli/verify_boxes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/command.h"
#include "ledger/note.h"
#include "operation/box_hold.h"
#include "operation/boxes.h"
#include "operation/check_worker.h"
#include "operation/imports.h"

/* What is asked of each record, and what came of it so far. */
struct asking {
    int folder;
    int64_t now_us;
    bool as_json;
    enum verify_verdict worst;
    size_t records;
    size_t failed; /* could not be judged */
};

/* Drafts and what was replaced begin with a dot. */
static int is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strlen(entry->d_name) < CONFIG_NAME_SIZE;
}

/* What lies in boxes/, by name; the caller frees both. */
static size_t list(int folder, struct dirent ***out)
{
    int boxes STING_AUTO(fd_close) =
        file_open_below(folder, BOXES_FOLDER, O_DIRECTORY);
    int count =
        boxes < 0 ? -1 : scandirat(boxes, ".", out, is_listed, alphasort);
    return count < 0 ? 0 : (size_t)count;
}

static void list_free(struct dirent **entry, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entry[i]);
    }
    free((void *)entry);
}

size_t verify_boxes_count(int folder)
{
    struct dirent **entry = NULL;
    size_t count = list(folder, &entry);
    list_free(entry, count);
    return count;
}

static void say(struct verify_report *report, enum verify_verdict verdict,
                const char *reason)
{
    if (verdict > report->verdict) {
        report->verdict = verdict;
        snprintf(report->reason, sizeof report->reason, "%s", reason);
    }
}

/* Its record, with the importing ledger's word for its state then. */
static enum sting_status judge(int box, const struct import *import,
                               int64_t now_us, struct verify_report *report,
                               struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    struct check_options options = {.known = {.now_us = now_us}};
    char missing[200] = "";
    enum sting_status status = STING_OK;
    if (import->size > 0) {
        status = note_write(&note, import->origin, import->size, import->root);
    }
    struct bytes word = buffer_bytes(&note);
    word.size -= word.size > 0; /* the three lines, and no empty one */
    options.known.anchor = &word;
    options.known.anchors = import->size > 0;
    if (!status) {
        status = check_folder(box, &options, report, missing, fault);
    }
    if (status) {
        return status;
    }
    if (import->size == 0) {
        say(report, VERIFY_UNVERIFIABLE,
            "no line of the ledger tells that it was imported");
    } else if (strcmp(import->case_key, report->case_key) != 0) {
        say(report, VERIFY_TAMPERED,
            "it is not the record that was imported: its case key is another");
    }
    return STING_OK;
}

static enum sting_status print(const struct verify_report *report, bool as_json)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    enum sting_status status = as_json ? verify_report_json(report, &out)
                                       : verify_report_text(report, &out);
    if (!as_json) {
        printf("\n" BOXES_FOLDER "/%s:\n", report->box);
    }
    return status                                    ? status
           : fputs(buffer_text(&out), stdout) == EOF ? STING_E_IO
                                                     : STING_OK;
}

/* What lies in that folder of boxes/. */
static enum sting_status folder_judge(const struct asking *asking,
                                      const char *name,
                                      const struct import *import,
                                      struct verify_report *report,
                                      struct fault *fault)
{
    char path[sizeof BOXES_FOLDER + BOX_COMING_SIZE];
    snprintf(path, sizeof path, BOXES_FOLDER "/%s", name);
    int box STING_AUTO(fd_close) =
        file_open_below(asking->folder, path, O_DIRECTORY);
    if (box >= 0) {
        return judge(box, import, asking->now_us, report, fault);
    }
    if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "it cannot be opened");
    }
    say(report, VERIFY_UNVERIFIABLE,
        "it was imported, and is not here any more");
    return STING_OK;
}

/* Where what has the name is gone, or ends before what was told: is what came
 * whole, and waits? Then the verdict is of that. */
static enum sting_status waiting_judge(const struct asking *asking,
                                       const struct import *import,
                                       struct verify_report *report,
                                       struct fault *fault)
{
    char kept[BOX_COMING_SIZE];
    const char *const folder[] = {BOX_COMING, kept};
    enum sting_status status = STING_OK;
    bool is_short =
        report->verdict == VERIFY_CUT ||
        (report->verdict == VERIFY_UNVERIFIABLE && !report->entries);
    box_coming_name(import->name, kept);
    for (size_t i = 0; i < 2 && is_short && import->size > 0 && !status; i++) {
        struct verify_report one = {0};
        status = folder_judge(asking, folder[i], import, &one, fault);
        if (status || one.verdict > VERIFY_GAPS) {
            verify_report_release(&one);
            continue;
        }
        verify_report_release(report);
        *report = one;
        snprintf(report->unfinished, sizeof report->unfinished, "%s",
                 import->name);
        report->unfinished_at = import->seq;
        is_short = false;
    }
    return status;
}

static enum sting_status record_judge(struct asking *asking,
                                      const struct import *import,
                                      struct fault *fault)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    enum sting_status status =
        folder_judge(asking, import->name, import, &report, fault);
    if (!status) {
        status = waiting_judge(asking, import, &report, fault);
    }
    if (!status) {
        snprintf(report.box, sizeof report.box, "%s", import->name);
        asking->worst =
            report.verdict > asking->worst ? report.verdict : asking->worst;
        status = print(&report, asking->as_json);
    }
    return status;
}

/* One that cannot be judged is told, and the others are. */
static void record_ask(struct asking *asking, const struct import *import)
{
    struct fault fault = {"", ""};
    char path[sizeof BOXES_FOLDER + CONFIG_NAME_SIZE];
    asking->records++;
    enum sting_status status = record_judge(asking, import, &fault);
    if (status) {
        snprintf(path, sizeof path, BOXES_FOLDER "/%s", import->name);
        fflush(stdout);
        (void)command_failed(status, path, &fault);
        asking->failed++;
    }
}

static bool is_told(const struct imports *imports, const char *name)
{
    bool is_so = false;
    for (size_t i = 0; i < imports->rows && !is_so; i++) {
        is_so = !strcmp(imports->row[i].name, name);
    }
    return is_so;
}

/* By the newest line of each name; then what only lies here. */
static void records_ask(struct asking *asking, const struct imports *imports)
{
    struct dirent **entry = NULL;
    for (size_t i = 0; i < imports->rows;) {
        size_t count = imports_of_name(imports, i);
        const struct import *newest = &imports->row[i];
        for (size_t k = i; k < i + count; k++) {
            newest =
                imports->row[k].seq > newest->seq ? &imports->row[k] : newest;
        }
        record_ask(asking, newest);
        i += count;
    }
    size_t entries = list(asking->folder, &entry);
    for (size_t i = 0; i < entries; i++) {
        if (!is_told(imports, entry[i]->d_name)) {
            struct import only = {.size = 0};
            memcpy(only.name, entry[i]->d_name, strlen(entry[i]->d_name) + 1);
            record_ask(asking, &only);
        }
    }
    list_free(entry, entries);
}

enum sting_status verify_boxes(int folder, int64_t now_us, bool as_json,
                               enum verify_verdict *worst, struct fault *fault)
{
    struct imports imports STING_AUTO(imports_release) = {.rows = 0};
    struct asking asking = {.folder = folder,
                            .now_us = now_us,
                            .as_json = as_json,
                            .worst = *worst};
    enum sting_status status = imports_read(folder, &imports, fault);
    if (status) {
        return fault->why[0] ? status
                             : fault_set(fault, status, "check the disk",
                                         "what it imported cannot be read");
    }
    records_ask(&asking, &imports);
    *worst = asking.worst;
    return asking.failed == 0
               ? STING_OK
               : fault_set(fault, STING_E_IO, "mend what is told of each",
                           "%zu of %zu imported records could not be judged",
                           asking.failed, asking.records);
}
