#include "cli/drill_rate.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/interval.h"

void drill_row_print(struct json *row)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    if (!json_line(row, &line)) {
        fputs(buffer_text(&line), stdout);
    }
}

static void rate_tell(const struct watched_rate *rate, const char *type,
                      const char *what, bool as_json)
{
    struct interval interval = interval_of(rate->hits, rate->trials, 0.95);
    struct json *row STING_AUTO(json_free) = NULL;
    if (rate->trials == 0) {
        return;
    }
    if (!as_json) {
        printf("%s: %" PRIu32 " of %" PRIu32
               " (95 %% interval %.1f to %.1f %%)\n",
               what, rate->hits, rate->trials, 100 * interval.low,
               100 * interval.high);
        return;
    }
    row = json_new_object();
    json_add_text(row, "type", type);
    json_add_text(row, "what", what);
    json_add_integer(row, "hits", rate->hits);
    json_add_integer(row, "trials", rate->trials);
    json_add_number(row, "low", interval.low);
    json_add_number(row, "high", interval.high);
    drill_row_print(row);
}

void drill_walks_tell(const struct watched_rate *told,
                      const struct watched_rate *in_time, bool as_json)
{
    rate_tell(told, "walks", "walks that were told of", as_json);
    rate_tell(in_time, "walks-in-time", "walks in time for the team", as_json);
}
