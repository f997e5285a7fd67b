#include "cli/verify_boxes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/note.h"
#include "ledger/reader.h"
#include "operation/check_worker.h"

#define BOXES "boxes"
#define MOST_BOXES 256
#define NAME_SIZE 40

/* What the newest `import` line of that name says. */
struct import {
    char name[NAME_SIZE];
    char origin[64];
    char case_key[DIGEST_TEXT_SIZE];
    uint64_t size;
    struct digest root;
    bool is_told; /* by a line; else it only lies here */
};

struct imports {
    struct import row[MOST_BOXES];
    size_t rows;
};

static struct import *import_row(struct imports *imports, const char *name)
{
    for (size_t i = 0; i < imports->rows; i++) {
        if (!strcmp(imports->row[i].name, name)) {
            return &imports->row[i];
        }
    }
    if (imports->rows == MOST_BOXES || strlen(name) >= NAME_SIZE || !name[0] ||
        name[0] == '.' || strchr(name, '/')) {
        return NULL;
    }
    struct import *row = &imports->row[imports->rows++];
    *row = (struct import){.size = 0};
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void import_take(struct imports *imports, const struct line *line)
{
    char name[NAME_SIZE];
    int64_t size = 0;
    struct import *row =
        import_row(imports, line_text(line, "name", name, sizeof name));
    if (row && !line_integer(line, "size", &size) && size >= 0 &&
        !line_hex(line, "root", row->root.byte, DIGEST_SIZE)) {
        row->size = (uint64_t)size;
        row->is_told = true;
        line_text(line, "origin", row->origin, sizeof row->origin);
        line_text(line, "case", row->case_key, sizeof row->case_key);
    }
}

/* What lies in boxes/; drafts and what was replaced begin with a dot. */
static void listed_take(int folder, struct imports *imports)
{
    int boxes = file_open_below(folder, BOXES, O_DIRECTORY);
    DIR *listing STING_AUTO(dir_close) = boxes < 0 ? NULL : fdopendir(boxes);
    if (!listing) {
        fd_close(&boxes);
        return;
    }
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        (void)import_row(imports, one->d_name);
    }
}

size_t verify_boxes_count(int folder)
{
    struct imports *imports = calloc(1, sizeof *imports);
    size_t count = 0;
    if (imports) {
        listed_take(folder, imports);
        count = imports->rows;
    }
    free(imports);
    return count;
}

static enum sting_status imports_read(int folder, struct imports *imports,
                                      struct fault *fault)
{
    struct line line;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open_signed(folder, &reader, fault);
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        if (!strcmp(line.kind->name, "import")) {
            import_take(imports, &line);
        }
    }
    if (status != STING_E_ABSENT) {
        return fault_set(fault, status, "mend what is told of it first",
                         "what it imported cannot be read");
    }
    listed_take(folder, imports);
    return STING_OK;
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
    if (import->is_told) {
        status = note_write(&note, import->origin, import->size, import->root);
    }
    struct bytes word = buffer_bytes(&note);
    word.size -= word.size > 0; /* the three lines, and no empty one */
    options.known.anchor = &word;
    options.known.anchors = import->is_told;
    if (!status) {
        status = check_folder(box, &options, report, missing, fault);
    }
    if (status) {
        return status;
    }
    if (!import->is_told) {
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
        printf("\n" BOXES "/%s:\n", report->box);
    }
    return status                                    ? status
           : fputs(buffer_text(&out), stdout) == EOF ? STING_E_IO
                                                     : STING_OK;
}

static enum sting_status verify_one(int folder, const struct import *import,
                                    int64_t now_us, bool as_json,
                                    enum verify_verdict *worst,
                                    struct fault *fault)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    char path[NAME_SIZE + sizeof BOXES + 1];
    snprintf(path, sizeof path, BOXES "/%s", import->name);
    int box STING_AUTO(fd_close) = file_open_below(folder, path, O_DIRECTORY);
    enum sting_status status = STING_OK;
    if (box >= 0) {
        status = judge(box, import, now_us, &report, fault);
    } else {
        say(&report, VERIFY_UNVERIFIABLE,
            "it was imported, and is not here any more");
    }
    if (!status) {
        snprintf(report.box, sizeof report.box, "%s", import->name);
        *worst = report.verdict > *worst ? report.verdict : *worst;
        status = print(&report, as_json);
    }
    return status;
}

enum sting_status verify_boxes(int folder, int64_t now_us, bool as_json,
                               enum verify_verdict *worst, struct fault *fault)
{
    struct imports *imports = calloc(1, sizeof *imports);
    enum sting_status status =
        imports ? imports_read(folder, imports, fault) : STING_E_NOMEM;
    for (size_t i = 0; imports && i < imports->rows && !status; i++) {
        status =
            verify_one(folder, &imports->row[i], now_us, as_json, worst, fault);
    }
    free(imports);
    return status;
}
