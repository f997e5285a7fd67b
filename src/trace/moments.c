#include "trace/moments.h"

#include <inttypes.h>
#include <stdio.h>

#include "operation/page_seen.h"

/* An operation whose ledger cannot be read has told so before. */
static struct pages_seen seen_of(const struct trace_run *run,
                                 const struct trace_finding *finding)
{
    struct pages_seen seen = {0};
    struct fault fault = {"", ""};
    if (finding->verdict == TRACE_ATTRIBUTED && run->library->operation) {
        const struct shelf *shelf = &run->library->shelf[finding->shelf];
        (void)!pages_seen_read(operation_dir(run->library->operation),
                               shelf->bait.name, finding->name[0].copy, &seen,
                               &fault);
    }
    return seen;
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
        status = buffer_printf(out, "    and %zu times more, by the ledger\n",
                               seen.count - PAGE_SEEN_MOST);
    }
    return status;
}
