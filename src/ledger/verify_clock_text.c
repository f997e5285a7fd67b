/* What became of the clock, in words and as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "ledger/verify.h"

#define LEAP_US 1200000 /* a step of up to that may be a leap second */

static bool is_leap(const struct verify_clock *clock)
{
    return clock->leap[0] && llabs(clock->step_us) < LEAP_US;
}

static enum sting_status append_one(const struct verify_clock *clock,
                                    struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    double step_s = (double)llabs(clock->step_us) / 1e6;
    const char *way = clock->step_us < 0 ? "back" : "forward";
    enum sting_status status =
        buffer_printf(out, "  clock, entry %" PRIu64 " (%s): ", clock->seq,
                      clock_text(clock->utc_us, time));
    if (status) {
        return status;
    }
    if (!strcmp(clock->state, "suspend")) {
        return buffer_printf(out, "the machine slept for %.1f s\n",
                             (double)clock->slept_us / 1e6);
    }
    if (is_leap(clock)) {
        return buffer_printf(out, "a leap second, %.1f s %s\n", step_s, way);
    }
    if (!strcmp(clock->state, "back")) {
        return buffer_printf(out,
                             "%.1f s behind the entry before, when this "
                             "session began\n",
                             step_s);
    }
    return buffer_printf(out, "set %s by %.1f s\n", way, step_s);
}

static enum sting_status append_source(const struct verify_report *report,
                                       struct buffer *out)
{
    if (!report->said.clock_source[0]) {
        return STING_OK;
    }
    if (strcmp(report->said.clock_source, "ntp") != 0) {
        return buffer_text_append(
            out, "  clock: nobody was keeping it right; times of day may be "
                 "off\n");
    }
    return report->said.clock_error_us < 0
               ? buffer_text_append(out,
                                    "  clock: kept right by a time daemon\n")
               : buffer_printf(out,
                               "  clock: kept right by a time daemon, by its "
                               "estimate to within %.6f s\n",
                               (double)report->said.clock_error_us / 1e6);
}

enum sting_status verify_clock_text(const struct verify_report *report,
                                    struct buffer *out)
{
    enum sting_status status = append_source(report, out);
    for (size_t i = 0; i < report->said.clocks && !status; i++) {
        status = append_one(&report->clock[i], out);
    }
    if (!status && report->said.clocks_more > 0) {
        status = buffer_printf(out, "  clock: %" PRIu64 " such entries more\n",
                               report->said.clocks_more);
    }
    if (!status && report->said.clocks > 0) {
        status = buffer_text_append(
            out, "  the order of entries does not depend on the time of day\n");
    }
    return status;
}

static void add_seconds(struct json *json, const char *key, int64_t us)
{
    if (us) {
        json_add_number(json, key, (double)us / 1e6);
    } else {
        json_add_null(json, key);
    }
}

void verify_clock_json(const struct verify_report *report, struct json *json)
{
    struct json *list STING_AUTO(json_free) = json_new_array();
    for (size_t i = 0; i < report->said.clocks; i++) {
        const struct verify_clock *clock = &report->clock[i];
        struct json *one STING_AUTO(json_free) = json_new_object();
        json_add_text(one, "state", clock->state);
        json_add_integer(one, "at", (int64_t)clock->seq);
        json_add_time(one, "time", clock->utc_us);
        add_seconds(one, "step_s", clock->step_us);
        add_seconds(one, "slept_s", clock->slept_us);
        json_add_text(one, "leap", clock->leap[0] ? clock->leap : NULL);
        json_add_child(list, NULL, &one);
    }
    json_add_child(json, "clock", &list);
    json_add_text(json, "clock_source",
                  report->said.clock_source[0] ? report->said.clock_source
                                               : NULL);
    if (report->said.clock_source[0] && report->said.clock_error_us >= 0) {
        json_add_number(json, "clock_error_s",
                        (double)report->said.clock_error_us / 1e6);
    } else {
        json_add_null(json, "clock_error_s");
    }
}
