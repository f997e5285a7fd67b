/* A file that somebody gave, as the pictures in it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "trace/trace.h"

#define MOST_ENDS 3 /* of the worker over one file; each may take minutes */

static double seconds_since(struct moment start)
{
    return (double)(clock_now().boot_us - start.boot_us) / 1e6;
}

static void say_why(struct trace_picture *about, const struct fault *bad,
                    enum sting_status status)
{
    snprintf(about->why, sizeof about->why, "%.199s",
             bad->why[0] ? bad->why : sting_status_text(status));
    snprintf(about->todo, sizeof about->todo, "%.99s", bad->todo);
}

static bool is_open(const struct trace_run *run)
{
    return picture_is_open(run->library->worker);
}

/* The worker ended over this one, and this is as much as one file may cost. */
static void rest_say(struct trace_picture *about)
{
    size_t used = strlen(about->why);
    int left = about->file.sheets - about->sheet - 1;
    if (left > 0) {
        snprintf(about->why + used, sizeof about->why - used,
                 "; %d more of its pictures were not looked at", left);
    }
}

/* One picture of the open file; what cannot be decoded is a finding. */
static enum sting_status sheet_add(struct trace_run *run,
                                   struct trace_picture *about, int *ends,
                                   struct fault *fault)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct fault bad = {0};
    struct moment start = clock_now();
    enum sting_status status = picture_sheet(run->library->worker, about->sheet,
                                             &plane, &about->at_us, &bad);
    if (status == STING_E_NOMEM) {
        *fault = bad;
        return status;
    }
    about->seconds += seconds_since(start);
    /* The worker may have ended over it, and with it the open document. */
    if (status) {
        run->library->open = 0;
        say_why(about, &bad, status);
    }
    if (!is_open(run) && ++*ends == MOST_ENDS) {
        rest_say(about);
    }
    return trace_run_take(run, about, status ? NULL : &plane, fault);
}

/* All pictures of the open file. Where the worker ended over one, another goes
 * on with the next. */
static enum sting_status sheets_add(struct trace_run *run,
                                    struct trace_picture *about,
                                    struct bytes file, struct fault *fault)
{
    enum sting_status status = STING_OK;
    int ends = 0;
    for (int i = 0; !status && i < about->file.sheets && ends < MOST_ENDS;
         i++) {
        if (!is_open(run)) {
            status =
                picture_open(run->library->worker, file, &about->file, fault);
        }
        about->sheet = i;
        about->why[0] = about->todo[0] = '\0';
        if (!status) {
            status = sheet_add(run, about, &ends, fault);
        }
        about->seconds = 0;
        if (!status && run->tell && about->file.sheets > 1) {
            run->tell(run->context, i + 1, about->file.sheets);
        }
    }
    return status;
}

static enum sting_status unopened_add(struct trace_run *run,
                                      struct trace_picture *about,
                                      const struct fault *bad,
                                      struct fault *fault)
{
    run->library->open = 0;
    say_why(about, bad, STING_E_FORMAT);
    return trace_run_take(run, about, NULL, fault);
}

enum sting_status trace_run_add(struct trace_run *run, const char *name,
                                struct bytes file, uint32_t ordinal,
                                struct fault *fault)
{
    char copy[TRACE_NAME_SIZE];
    struct trace_picture about = {
        .name = copy, .digest = digest_of(file), .run = ordinal, .at_us = -1};
    struct fault bad = {0};
    struct moment start = clock_now();
    snprintf(copy, sizeof copy, "%s", name);
    enum sting_status status =
        picture_open(run->library->worker, file, &about.file, &bad);
    if (status == STING_E_NOMEM) {
        *fault = bad;
        return status;
    }
    if (status) {
        about.is_foreign = status == STING_E_UNSUPPORTED;
        return unopened_add(run, &about, &bad, fault);
    }
    about.seconds = seconds_since(start);
    return sheets_add(run, &about, file, fault);
}
