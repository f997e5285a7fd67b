#include "cli/trace_give.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/trace_names.h"
#include "jail/worker.h"
#include "operation/outside.h"
#include "trace/drawing.h"
#include "trace/pack.h"
#include "trace/recheck.h"
#include "trace/report.h"
#include "wire/wire.h"

#define DRAWING_MOST_PX 4000 /* of the longer side */
#define HTML "report.html"
#define PDF "report.pdf"

enum sting_status trace_give_outside(const struct operation *operation,
                                     const struct trace_give *give,
                                     struct fault *fault)
{
    const struct {
        const char *option;
        const char *path;
    } row[] = {{"--draw", give->draw},
               {"--report", give->report},
               {"--pack", give->pack}};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        status = row[i].path ? outside_check(operation, row[i].option,
                                             row[i].path, fault)
                             : STING_OK;
    }
    return status;
}

enum sting_status trace_give_folder(const char *path, int *out,
                                    struct fault *fault)
{
    enum sting_status status = folder_make(AT_FDCWD, path);
    int dir = status ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0 && faccessat(dir, ".", W_OK | X_OK, AT_EACCESS) == 0) {
        *out = dir;
        return STING_OK;
    }
    status = fault_errno(fault, STING_E_IO,
                         "name a folder that can be made and written into",
                         "%.200s cannot be used", path);
    fd_close(&dir);
    return status;
}

static enum sting_status folder_try(const char *path, bool is_report,
                                    struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status =
        path ? trace_give_folder(path, &dir, fault) : STING_OK;
    if (status || dir < 0 || !is_report) {
        return status;
    }
    bool is_there = faccessat(dir, HTML, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
                    faccessat(dir, PDF, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return is_there ? fault_set(fault, STING_E_BUSY, "name another folder",
                                "%.200s holds a report already", path)
                    : STING_OK;
}

enum sting_status trace_give_try(const struct trace_give *give,
                                 struct fault *fault)
{
    enum sting_status status = folder_try(give->draw, false, fault);
    if (!status) {
        status = folder_try(give->pack, false, fault);
    }
    return status ? status : folder_try(give->report, true, fault);
}

static enum sting_status picture_draw(const struct trace_run *run,
                                      const struct trace_files *files,
                                      size_t number, int dir,
                                      struct fault *fault)
{
    const struct trace_picture *picture = run->picture[number];
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct buffer svg STING_AUTO(buffer_release) = {0};
    struct buffer name STING_AUTO(buffer_release) = {0};
    if (picture->width_px == 0) {
        return STING_OK;
    }
    enum sting_status status = trace_picture_jpeg(
        run->library->worker, picture, DRAWING_MOST_PX, &file, fault);
    if (!status) {
        status = trace_picture_draw(picture, buffer_bytes(&file), &svg);
    }
    if (!status) {
        status = trace_names_picture(run, files, number, &name);
    }
    if (!status) {
        status = trace_names_run(picture->run, &name);
    }
    if (!status) {
        status = buffer_text_append(&name, ".svg");
    }
    return status ? status
                  : trace_names_write(dir, buffer_text(&name),
                                      buffer_bytes(&svg), fault);
}

/* Of several copies that are named the second and further ones are numbered. */
static enum sting_status pack_end(size_t name, struct buffer *out)
{
    return name ? buffer_printf(out, "-%zu.recheck", name + 1)
                : buffer_text_append(out, ".recheck");
}

/* PICTURE-XXXXXXXX-pageP.recheck, PICTURE-XXXXXXXX-pageP-2.recheck ... */
static enum sting_status name_pack(const struct trace_run *run,
                                   const struct trace_files *files,
                                   size_t number,
                                   const struct trace_pack_of *of, int dir,
                                   struct fault *fault)
{
    const struct trace_picture *picture = run->picture[number];
    struct buffer pack STING_AUTO(buffer_wipe) = {0};
    struct buffer name STING_AUTO(buffer_release) = {0};
    enum sting_status status = trace_pack_write(run, picture, of, &pack, fault);
    if (!status) {
        status = trace_names_picture(run, files, number, &name);
    }
    if (!status) {
        status = trace_names_page(&picture->finding[of->finding], &name);
    }
    if (!status) {
        status = pack_end(of->name, &name);
    }
    return status ? status
                  : trace_names_write(dir, buffer_text(&name),
                                      buffer_bytes(&pack), fault);
}

/* One pack a copy that is named on a page. */
static enum sting_status picture_pack(const struct trace_run *run,
                                      const struct trace_files *files,
                                      size_t number, int dir,
                                      struct fault *fault)
{
    const struct trace_picture *picture = run->picture[number];
    enum sting_status status = STING_OK;
    for (size_t f = 0; f < picture->findings; f++) {
        const struct trace_finding *finding = &picture->finding[f];
        bool is_told = finding->verdict == TRACE_ATTRIBUTED;
        for (size_t i = 0; !status && is_told && i < finding->names; i++) {
            const struct trace_pack_of of = {f, i};
            status = name_pack(run, files, number, &of, dir, fault);
        }
    }
    return status;
}

/* One pack a copy that pictures together name: togetherN-XXXXXXXX.recheck. */
static enum sting_status joint_pack(const struct trace_run *run,
                                    const struct trace_pack_of *of, int dir,
                                    struct fault *fault)
{
    struct buffer pack STING_AUTO(buffer_wipe) = {0};
    struct buffer name STING_AUTO(buffer_release) = {0};
    const struct trace_joint *j = &run->joint[of->finding];
    if (j->finding.verdict != TRACE_ATTRIBUTED ||
        j->parts > RECHECK_MOST_PARTS) {
        return STING_OK;
    }
    enum sting_status status = trace_pack_joint(run, of, &pack, fault);
    if (!status) {
        status = trace_names_joint(run, of->finding, &name);
    }
    if (!status) {
        status = pack_end(of->name, &name);
    }
    return status ? status
                  : trace_names_write(dir, buffer_text(&name),
                                      buffer_bytes(&pack), fault);
}

static enum sting_status joints_give(const struct trace_run *run,
                                     const char *path, struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status = trace_give_folder(path, &dir, fault);
    for (size_t i = 0; !status && i < run->joints; i++) {
        size_t names = run->joint[i].finding.names;
        for (size_t k = 0; !status && k < names; k++) {
            const struct trace_pack_of of = {i, k};
            status = joint_pack(run, &of, dir, fault);
        }
    }
    return status;
}

static enum sting_status each_give(
    const struct trace_run *run, const struct trace_files *files,
    const char *path,
    enum sting_status (*give)(const struct trace_run *run,
                              const struct trace_files *files, size_t number,
                              int dir, struct fault *fault),
    struct fault *fault)
{
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status = trace_give_folder(path, &dir, fault);
    for (size_t i = 0; !status && i < run->pictures; i++) {
        status = give(run, files, i, dir, fault);
    }
    return status;
}

enum sting_status trace_give_document(const struct document *document,
                                      const char *path, struct fault *fault)
{
    struct buffer html STING_AUTO(buffer_release) = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    int dir STING_AUTO(fd_close) = -1;
    enum sting_status status = trace_give_folder(path, &dir, fault);
    if (!status) {
        status = document_html(document, &html);
    }
    if (!status) {
        status = document_pdf(document, &pdf);
    }
    if (!status) {
        status = trace_names_write(dir, HTML, buffer_bytes(&html), fault);
    }
    return status ? status
                  : trace_names_write(dir, PDF, buffer_bytes(&pdf), fault);
}

static enum sting_status report_give(const struct trace_run *run,
                                     const char *path, struct fault *fault)
{
    struct report report STING_AUTO(report_release) = {0};
    enum sting_status status =
        report_make(run, clock_now().utc_us, &report, fault);
    return status ? status : trace_give_document(report.document, path, fault);
}

enum sting_status trace_give(const struct trace_run *run,
                             const struct trace_files *files,
                             const struct trace_give *give, struct fault *fault)
{
    enum sting_status status =
        give->draw ? each_give(run, files, give->draw, picture_draw, fault)
                   : STING_OK;
    if (!status && give->pack) {
        status = each_give(run, files, give->pack, picture_pack, fault);
    }
    if (!status && give->pack) {
        status = joints_give(run, give->pack, fault);
    }
    if (!status && give->report) {
        status = report_give(run, give->report, fault);
    }
    if (status && !fault->why[0]) {
        (void)fault_set(fault, status, "", "%s", sting_status_text(status));
    }
    return status;
}

/* Let the check worker read the pack. */
static enum sting_status pack_check(const char *path, struct wire_answer *out,
                                    struct fault *fault)
{
    struct buffer pack STING_AUTO(buffer_wipe) = {0};
    struct worker worker = WORKER_NONE;
    enum sting_status status =
        file_read(AT_FDCWD, path, RECHECK_MOST_BYTES, &pack, fault);
    if (!status) {
        status = worker_start(WORKER_CHECK, &worker, fault);
    }
    if (!status) {
        status = wire_call(worker.channel,
                           (struct wire_head){.kind = WIRE_CHECK_PACK},
                           buffer_bytes(&pack), WIRE_DONE, out, fault);
    }
    worker_stop(&worker, 100);
    return status;
}

/* The worker's answer is the JSON line, and words after it. */
static void holds_print(const struct buffer *told, bool json)
{
    const char *text = buffer_text(told);
    const char *end = strchr(text, '\n');
    if (end && json) {
        fwrite(text, 1, (size_t)(end - text) + 1, stdout);
    } else if (end) {
        fputs(end + 1, stdout);
    }
}

int trace_recheck(const char *path, bool json)
{
    struct wire_answer told STING_AUTO(wire_answer_release) = {0};
    struct fault fault = {0};
    enum sting_status status = pack_check(path, &told, &fault);
    if (status == STING_E_FORGED || status == STING_E_FORMAT) {
        if (json) {
            puts("{\"verdict\":\"does-not-hold\"}");
        }
        return command_fail(EXIT_NO, path, &fault);
    }
    if (status) {
        return command_fail(EXIT_FAILED, path, &fault);
    }
    holds_print(&told.payload, json);
    return EXIT_DONE;
}
