#include "cli/trace_waiting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "ledger/line.h"
#include "operation/writer.h"
#include "trace/drawing.h"
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
    char when[CLOCK_TEXT_SIZE], shown[INBOX_NAME_SIZE];
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
    memcpy(shown, photo.name, sizeof shown);
    text_clean(shown);
    fprintf(stderr, "%s, given by %s at %s\n", shown, photo.by,
            clock_text(photo.at_us, when));
    show(operation, SHOW_ABOUT, number, 0,
         (struct bytes){(const uint8_t *)out->name, strlen(out->name) + 1});
    return STING_OK;
}

/* One that cannot be opened is told of and holds up no other. What was changed
 * or is no photograph will not be one next time either. */
static enum sting_status unreadable_tell(const struct operation *operation,
                                         uint32_t number,
                                         enum sting_status status,
                                         struct fault *fault)
{
    struct fault why = *fault;
    char words[sizeof why.why + 40];
    bool is_for_good = status == STING_E_FORGED || status == STING_E_FORMAT ||
                       status == STING_E_LIMIT;
    if (status == STING_E_NOMEM) {
        return status;
    }
    *fault = (struct fault){"", ""};
    if (is_for_good) {
        (void)snprintf(words, sizeof words, "photograph %" PRIu32 ": %s",
                       number, why.why);
        const struct line_field field[] = {{"what", "photo-unreadable"},
                                           {"why", words}};
        status = writer_note(operation, clock_now, "console", field, 2, fault);
        if (!status) {
            status =
                inbox_unreadable(operation, number, clock_now().utc_us, fault);
        }
    }
    fprintf(stderr, "sting: trace: photograph %" PRIu32 " is unreadable: %s\n",
            number, why.why);
    show(operation, SHOW_FAILED, number, 0, bytes_of_text(why.why));
    return is_for_good ? status : STING_OK;
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
        struct waiting_photo *photo = &out->photo[out->count];
        status = photo_open(operation, keys, number[i], photo, fault);
        if (status) {
            status = unreadable_tell(operation, number[i], status, fault);
            continue;
        }
        out->count++;
        status = trace_files_add(files, photo->path, fault);
    }
    return status || out->count
               ? status
               : fault_set(fault, STING_E_FORGED, "give them again",
                           "no photograph that waited could be opened");
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

/* A picture's findings of one verdict, as many as are shown; *more are not. */
static enum sting_status findings_add(const struct trace_run *run,
                                      const struct trace_picture *picture,
                                      enum trace_verdict verdict,
                                      struct buffer *out, size_t *more)
{
    enum sting_status status = STING_OK;
    for (size_t f = 0; !status && f < picture->findings; f++) {
        if (picture->finding[f].verdict != verdict) {
            continue;
        }
        if (out->size < SHOW_MOST_FINDINGS) {
            status = trace_finding_json(run, picture, f, out);
        } else {
            ++*more;
        }
    }
    return status;
}

/* The strongest first. */
static enum sting_status findings_of(const struct trace_run *run, size_t first,
                                     size_t end, struct buffer *out,
                                     size_t *more)
{
    enum sting_status status = STING_OK;
    for (int v = TRACE_ATTRIBUTED; v <= TRACE_UNREADABLE; v++) {
        for (size_t p = first; !status && p < end; p++) {
            status = findings_add(run, run->picture[p], (enum trace_verdict)v,
                                  out, more);
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

/* Pictures with what was measured; how many could not be shown. */
static size_t drawings_show(const struct operation *operation, uint32_t number,
                            const struct trace_run *run, size_t first,
                            size_t end)
{
    int64_t drawn = 0;
    size_t missing = 0;
    for (size_t p = first; p < end && drawn < MOST_PICTURES; p++) {
        struct buffer svg STING_AUTO(buffer_wipe) = {0};
        struct fault fault = {"", ""};
        if (run->picture[p]->width_px == 0) {
            continue;
        }
        if (drawing_of(run, run->picture[p], &svg, &fault) ||
            svg.size > SHOW_MOST_BYTES) {
            missing++;
            continue;
        }
        show(operation, SHOW_PICTURE, number, drawn++, buffer_bytes(&svg));
    }
    return missing;
}

/* The findings come first, whatever becomes of what is drawn of them. What is
 * left out is told there and here. */
static enum sting_status photo_show(const struct trace_waiting *waiting,
                                    const struct operation *operation,
                                    const struct trace_files *files, size_t i,
                                    const struct trace_run *run,
                                    struct fault *fault)
{
    struct buffer lines STING_AUTO(buffer_wipe) = {0};
    char words[120] = "";
    const struct waiting_photo *photo = &waiting->photo[i];
    size_t first = 0, more = 0;
    size_t end = pictures_of(files, i, &first);
    enum sting_status status = findings_of(run, first, end, &lines, &more);
    if (status) {
        return status;
    }
    show(operation, SHOW_FINDINGS, photo->number, 0, buffer_bytes(&lines));
    size_t missing = drawings_show(operation, photo->number, run, first, end);
    status = inbox_done(operation, photo->number, photo->at_us, fault);
    if (more || missing) {
        (void)snprintf(words, sizeof words,
                       "not shown here: %zu weaker findings, %zu pictures; "
                       "sting trace gives them",
                       more, missing);
        fprintf(stderr, "sting: trace: photograph %" PRIu32 ": %s\n",
                photo->number, words);
    }
    if (!status) {
        show(operation, SHOW_DONE, photo->number, 0, bytes_of_text(words));
    }
    return status;
}

static void report_show(const struct operation *operation, struct bytes pdf)
{
    bool is_shown = pdf.size <= SHOW_MOST_BYTES;
    if (!is_shown) {
        fprintf(
            stderr,
            "sting: trace: the report has %zu MB, and the console shows %zu "
            "at most: make it with --report\n",
            pdf.size >> 20, SHOW_MOST_BYTES >> 20);
    }
    show(operation, SHOW_REPORT, 0, (int64_t)pdf.size,
         is_shown ? pdf : (struct bytes){0});
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
    size_t shown = 0;
    while (!status && shown < run->joints && lines.size < SHOW_MOST_FINDINGS) {
        status = trace_joint_json(run, shown++, &lines);
    }
    size_t left = run->joints - shown;
    show(operation, SHOW_FINDINGS, 0, (int64_t)left, buffer_bytes(&lines));
    if (left) {
        fprintf(stderr,
                "sting: trace: %zu findings on several photographs as one are "
                "not shown at the console: sting trace gives them\n",
                left);
    }
    if (!status) {
        status = report_make(run, clock_now().utc_us, &report, fault);
    }
    if (!status) {
        status = document_pdf(report.document, &pdf);
    }
    if (!status) {
        report_show(operation, buffer_bytes(&pdf));
    }
    return status;
}

/* A report that fails holds up no finding. */
enum sting_status trace_waiting_show(const struct trace_waiting *waiting,
                                     const struct operation *operation,
                                     const struct trace_files *files,
                                     const struct trace_run *run,
                                     struct fault *fault)
{
    struct fault why = {"", ""};
    enum sting_status status = STING_OK;
    if (waiting->count && whole_show(operation, run, &why)) {
        fprintf(stderr, "sting: trace: no report is shown: %s\n", why.why);
    }
    for (size_t i = 0; !status && i < waiting->count; i++) {
        status = photo_show(waiting, operation, files, i, run, fault);
    }
    return status;
}
