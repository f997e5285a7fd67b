#include "trace/moments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operation/page_seen.h"

static bool is_asked(const struct trace_run *run,
                     const struct trace_finding *finding)
{
    return finding->verdict == TRACE_ATTRIBUTED && run->library->operation;
}

static size_t findings_asked(const struct trace_run *run)
{
    size_t count = 0;
    for (size_t p = 0; p < run->pictures; p++) {
        for (size_t f = 0; f < run->picture[p]->findings; f++) {
            count += is_asked(run, &run->picture[p]->finding[f]);
        }
    }
    for (size_t j = 0; j < run->joints; j++) {
        count += is_asked(run, &run->joint[j].finding);
    }
    return count;
}

static const struct page_asked *asked_of(const struct trace_run *run,
                                         const struct trace_finding *finding)
{
    const char *bait = run->library->shelf[finding->shelf].bait.name;
    for (size_t i = 0; i < run->asked_count; i++) {
        if (run->asked[i].copy == finding->name[0].copy &&
            !strcmp(run->asked[i].bait, bait)) {
            return &run->asked[i];
        }
    }
    return NULL;
}

static void ask(struct trace_run *run, const struct trace_finding *finding)
{
    if (is_asked(run, finding) && !asked_of(run, finding)) {
        run->asked[run->asked_count++] = (struct page_asked){
            .bait = run->library->shelf[finding->shelf].bait.name,
            .copy = finding->name[0].copy,
        };
    }
}

enum sting_status moments_read(struct trace_run *run)
{
    size_t most = findings_asked(run);
    struct fault fault = {"", ""};
    if (most == 0) {
        return STING_OK;
    }
    run->asked = calloc(most, sizeof *run->asked);
    if (!run->asked) {
        return STING_E_NOMEM;
    }
    for (size_t p = 0; p < run->pictures; p++) {
        for (size_t f = 0; f < run->picture[p]->findings; f++) {
            ask(run, &run->picture[p]->finding[f]);
        }
    }
    for (size_t j = 0; j < run->joints; j++) {
        ask(run, &run->joint[j].finding);
    }
    /* An operation whose ledger cannot be read has told so before. */
    (void)!pages_seen_read(operation_dir(run->library->operation), run->asked,
                           run->asked_count, &fault);
    return STING_OK;
}

static struct pages_seen seen_of(const struct trace_run *run,
                                 const struct trace_finding *finding)
{
    const struct page_asked *asked =
        is_asked(run, finding) ? asked_of(run, finding) : NULL;
    return asked ? asked->seen : (struct pages_seen){0};
}

static size_t shown_of(const struct pages_seen *seen)
{
    return seen->count < PAGE_SEEN_MOST ? seen->count : PAGE_SEEN_MOST;
}

void moments_add(struct json *line, const struct trace_run *run,
                 const struct trace_finding *finding)
{
    const struct pages_seen seen = seen_of(run, finding);
    struct json *list = json_new_array();
    for (size_t i = 0; i < shown_of(&seen); i++) {
        const struct page_seen *one = &seen.seen[i];
        struct json *row = json_new_object();
        json_add_text(row, "state", one->state);
        json_add_time(row, "since", one->since_us);
        json_add_text(row, "camera", one->camera);
        json_add_text(row, "zone", one->zone);
        json_add_integer(row, "count", one->count);
        json_add_integer(row, "incident", one->incident);
        json_add_integer(row, "entry", (int64_t)one->seq);
        json_add_child(list, NULL, &row);
    }
    json_add_child(line, "moments", &list);
    json_add_integer(line, "moments_more",
                     (int64_t)(seen.count - shown_of(&seen)));
}

enum sting_status moments_append(const struct trace_run *run,
                                 const struct trace_finding *finding,
                                 struct buffer *out)
{
    const struct pages_seen seen = seen_of(run, finding);
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < shown_of(&seen); i++) {
        const struct page_seen *one = &seen.seen[i];
        char time[LINE_TIME_SIZE], count[16] = "";
        if (one->count > 0) {
            snprintf(count, sizeof count, "%" PRIu32 " ", one->count);
        }
        status = buffer_printf(out,
                               "    where that copy was laid: page %s%s since "
                               "%s, camera %s, zone %s "
                               "(entry %" PRIu64 ")\n",
                               count, one->state,
                               line_time_text(one->since_us, time), one->camera,
                               one->zone, one->seq);
    }
    if (!status && seen.count > 0) {
        status = buffer_text_append(
            out, "    Which copy lies in a zone, operation.yaml says: the "
                 "camera does not read it, nor who\n    has it in his hands; "
                 "after \"changed\" or \"gone\" it may be another sheet.\n");
    }
    if (!status && seen.count > PAGE_SEEN_MOST) {
        status = buffer_printf(out, "    and %zu times before, by the ledger\n",
                               seen.count - PAGE_SEEN_MOST);
    }
    return status;
}
