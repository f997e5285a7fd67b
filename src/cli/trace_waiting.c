#include "cli/trace_waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "operation/writer.h"
#include "trace/report.h"

#define DRAWING_MOST_PX 1600
#define MOST_PICTURES 4

void trace_waiting_release(struct trace_waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++) {
        fd_close(&waiting->photo[i].fd);
    }
    waiting->count = 0;
}

/* Nobody may listen: then it is not shown. */
static void show(const struct operation *operation, enum show what,
                 uint32_t number, int64_t n, struct bytes bytes)
{
    (void)writer_show(operation, what, number, n, bytes);
}

static enum sting_status photo_open(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    uint32_t number, struct waiting_photo *out,
                                    struct fault *fault)
{
    struct inbox_photo photo STING_AUTO(inbox_photo_release) = {0};
    char when[CLOCK_TEXT_SIZE];
    enum sting_status status =
        inbox_get(operation, keys, number, &photo, fault);
    if (status) {
        return status;
    }
    out->number = number;
    out->at_us = photo.at_us;
    memcpy(out->name, photo.name, sizeof out->name);
    out->fd = memfd_create("photo", MFD_CLOEXEC);
    (void)snprintf(out->path, sizeof out->path, "/proc/self/fd/%d", out->fd);
    if (out->fd < 0 || write(out->fd, photo.bytes.data, photo.bytes.size) !=
                           (ssize_t)photo.bytes.size) {
        fd_close(&out->fd);
        return fault_errno(fault, STING_E_IO, "", "no memory for %s",
                           photo.name);
    }
    fprintf(stderr, "%s, given by %s at %s\n", photo.name, photo.by,
            clock_text(photo.at_us, when));
    show(operation, SHOW_ABOUT, number, 0,
         (struct bytes){(const uint8_t *)out->name, strlen(out->name) + 1});
    return STING_OK;
}

enum sting_status trace_waiting_take(const struct operation *operation,
                                     const struct operation_keys *keys,
                                     struct trace_waiting *out,
                                     struct trace_files *files,
                                     struct fault *fault)
{
    uint32_t number[INBOX_MOST];
    size_t count = 0;
    enum sting_status status = inbox_list(operation, number, &count, fault);
    if (!status && count == 0) {
        return fault_set(fault, STING_E_ABSENT,
                         "drop them on the page Bait of the console",
                         "no photograph waits");
    }
    for (size_t i = 0; !status && i < count; i++) {
        status = photo_open(operation, keys, number[i], &out->photo[i], fault);
        out->count += !status;
        if (!status) {
            status = trace_files_add(files, out->photo[i].path, fault);
        }
    }
    return status;
}

void trace_waiting_progress(const struct trace_waiting *waiting,
                            const struct operation *operation, size_t at,
                            double done)
{
    for (size_t i = at; i < waiting->count && i <= at; i++) {
        show(operation, SHOW_WORK, waiting->photo[i].number,
             (int64_t)(100 * (done - (double)at)), (struct bytes){0});
    }
}

/* Pictures of the run that file `i` gave: from *first up to the end. */
static size_t pictures_of(const struct trace_files *files, size_t i,
                          size_t *first)
{
    *first = i ? files->file[i - 1].end : 0;
    return files->file[i].end;
}

enum sting_status trace_waiting_name(const struct trace_waiting *waiting,
                                     const struct trace_files *files,
                                     struct trace_run *run)
{
    for (size_t i = 0; i < waiting->count; i++) {
        size_t first = 0;
        size_t end = pictures_of(files, i, &first);
        for (size_t p = first; p < end; p++) {
            char *name = strdup(waiting->photo[i].name);
            if (!name) {
                return STING_E_NOMEM;
            }
            free(run->picture[p]->name);
            run->picture[p]->name = name;
            run->picture[p]->path = waiting->photo[i].path;
        }
    }
    return STING_OK;
}

static enum sting_status findings_of(const struct trace_run *run, size_t first,
                                     size_t end, struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t p = first; p < end; p++) {
        const struct trace_picture *picture = run->picture[p];
        for (size_t f = 0; !status && f < picture->findings; f++) {
            status = trace_finding_json(run, picture, f, out);
        }
    }
    return status;
}

static enum sting_status drawing_of(const struct trace_run *run,
                                    const struct trace_picture *picture,
                                    struct buffer *out, struct fault *fault)
{
    struct buffer jpeg STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = trace_picture_jpeg(
        run->library->worker, picture, DRAWING_MOST_PX, &jpeg, fault);
    return status ? status
                  : trace_picture_draw(picture, buffer_bytes(&jpeg), out);
}

static enum sting_status photo_show(const struct trace_waiting *waiting,
                                    const struct operation *operation,
                                    const struct trace_files *files, size_t i,
                                    const struct trace_run *run,
                                    struct fault *fault)
{
    struct buffer lines STING_AUTO(buffer_wipe) = {0};
    uint32_t number = waiting->photo[i].number;
    size_t first = 0;
    size_t end = pictures_of(files, i, &first);
    int64_t drawn = 0;
    enum sting_status status = findings_of(run, first, end, &lines);
    show(operation, SHOW_FINDINGS, number, 0, buffer_bytes(&lines));
    for (size_t p = first; !status && p < end && drawn < MOST_PICTURES; p++) {
        struct buffer svg STING_AUTO(buffer_wipe) = {0};
        if (run->picture[p]->width_px == 0) {
            continue;
        }
        status = drawing_of(run, run->picture[p], &svg, fault);
        show(operation, SHOW_PICTURE, number, drawn++, buffer_bytes(&svg));
    }
    return status;
}

/* What all say together, and the report on the run. */
static enum sting_status whole_show(const struct operation *operation,
                                    const struct trace_run *run,
                                    struct fault *fault)
{
    struct report report STING_AUTO(report_release) = {0};
    struct buffer pdf STING_AUTO(buffer_wipe) = {0};
    struct buffer lines STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < run->joints; i++) {
        status = trace_joint_json(run, i, &lines);
    }
    show(operation, SHOW_FINDINGS, 0, 0, buffer_bytes(&lines));
    if (!status) {
        status = report_make(run, clock_now().utc_us, &report, fault);
    }
    if (!status) {
        status = document_pdf(report.document, &pdf);
    }
    if (!status) {
        show(operation, SHOW_REPORT, 0, 0, buffer_bytes(&pdf));
    }
    return status;
}

enum sting_status trace_waiting_show(const struct trace_waiting *waiting,
                                     const struct operation *operation,
                                     const struct trace_files *files,
                                     const struct trace_run *run,
                                     struct fault *fault)
{
    enum sting_status status =
        waiting->count ? whole_show(operation, run, fault) : STING_OK;
    for (size_t i = 0; !status && i < waiting->count; i++) {
        status = photo_show(waiting, operation, files, i, run, fault);
        if (!status) {
            status = inbox_done(operation, waiting->photo[i].number,
                                waiting->photo[i].at_us, fault);
        }
        if (!status) {
            show(operation, SHOW_DONE, waiting->photo[i].number, 0,
                 (struct bytes){0});
        }
    }
    return status;
}
