/* What was deleted on purpose, in words and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "ledger/verify.h"

static size_t numbers(const struct verify_held *held)
{
    return held->incidents < VERIFY_MOST_NUMBERS ? (size_t)held->incidents
                                                 : VERIFY_MOST_NUMBERS;
}

const char *verify_held_words(const struct verify_held *held,
                              char text[VERIFY_HELD_SIZE])
{
    uint64_t more = held->incidents - numbers(held);
    int used = snprintf(text, VERIFY_HELD_SIZE, "incident%s",
                        held->incidents == 1 ? "" : "s");
    for (size_t i = 0; i < numbers(held); i++) {
        used += snprintf(text + used, VERIFY_HELD_SIZE - (size_t)used,
                         "%s %" PRIu32, i ? "," : "", held->incident[i]);
    }
    if (more > 0) {
        used += snprintf(text + used, VERIFY_HELD_SIZE - (size_t)used,
                         " and %" PRIu64 " more", more);
    }
    (void)snprintf(text + used, VERIFY_HELD_SIZE - (size_t)used, "%s",
                   held->incidents == 1 ? " lies" : " lie");
    return text;
}

const char *verify_eraser_words(const struct verify_erasure *one,
                                char text[VERIFY_ERASER_SIZE])
{
    char time[CLOCK_TEXT_SIZE];
    (void)snprintf(text, VERIFY_ERASER_SIZE,
                   "entry %" PRIu64 " of %s, by %s%s%s", one->seq,
                   clock_text(one->utc_us, time),
                   one->by[0] ? one->by : "nobody named",
                   one->why[0] ? ": " : "", one->why);
    return text;
}

static enum sting_status append_erasure(const struct verify_erasure *one,
                                        struct buffer *out)
{
    char who[VERIFY_ERASER_SIZE];
    enum sting_status status =
        one->count < 0
            ? buffer_text_append(out, "  deleted: recordings")
            : buffer_printf(out, "  deleted: %" PRId64 " recording%s",
                            one->count, one->count == 1 ? "" : "s");
    if (!status) {
        status = buffer_printf(out, " of %s%s of %s",
                               one->camera[0] ? "camera " : "all cameras",
                               one->camera, one->date);
    }
    if (!status && one->bytes >= 0) {
        status = buffer_printf(out, ", %" PRId64 " bytes", one->bytes);
    }
    return status ? status
                  : buffer_printf(out, "; %s\n", verify_eraser_words(one, who));
}

static enum sting_status append_held(const struct verify_held *held,
                                     struct buffer *out)
{
    char from[CLOCK_TEXT_SIZE], to[CLOCK_TEXT_SIZE];
    char which[VERIFY_HELD_SIZE], who[VERIFY_ERASER_SIZE];
    enum sting_status status = buffer_printf(
        out,
        "  AN INCIDENT IS GONE: recordings of camera %s of %s to %s were "
        "erased although %s in them or within a minute; ",
        held->last.camera, clock_text(held->from_us, from),
        clock_text(held->to_us, to), verify_held_words(held, which));
    if (!status && held->lines > 1) {
        status = buffer_printf(
            out, "%" PRIu64 " entries say so, each of a part; the last: ",
            held->lines);
    }
    return status ? status
                  : buffer_printf(out, "%s\n",
                                  verify_eraser_words(&held->last, who));
}

static enum sting_status append_helds(const struct verify_gone *gone,
                                      struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < gone->helds && !status; i++) {
        status = append_held(&gone->held[i], out);
    }
    if (!status && gone->helds_more > 0) {
        status = buffer_printf(out,
                               "  incidents are gone with recordings of "
                               "%" PRIu64 " days more\n",
                               gone->helds_more);
    }
    if (!status && gone->helds > 0) {
        status = buffer_text_append(
            out, "  sting's own retention keeps what lies by an incident: a "
                 "person had this deleted. That may be lawful, and is no "
                 "proof of tampering; what it showed, nothing here shows\n");
    }
    return status;
}

/* Deleted on purpose is no gap, and must be seen all the same. */
enum sting_status verify_erased_text(const struct verify_report *report,
                                     struct buffer *out)
{
    const struct verify_gone *gone = &report->gone;
    enum sting_status status = append_helds(gone, out);
    if (!status && report->erased > 0) {
        status = buffer_printf(out,
                               "  %" PRIu64 " recordings were deleted on "
                               "purpose, as signed entries say\n",
                               report->erased);
    }
    if (!status && gone->erasures_more > 0) {
        status = buffer_printf(out,
                               "  deleted: %" PRIu64 " earlier entries more "
                               "(sting unlock --list)\n",
                               gone->erasures_more);
    }
    for (size_t i = 0; i < gone->erasures && !status; i++) {
        status = append_erasure(&gone->erasure[i], out);
    }
    if (!status && gone->unheld > 0) {
        status = buffer_printf(out,
                               "  %" PRIu64 " missing recordings were not "
                               "held against incidents: too many stretches\n",
                               gone->unheld);
    }
    return status;
}

static void add_count(struct json *json, const char *key, int64_t count)
{
    if (count >= 0) {
        json_add_integer(json, key, count);
    } else {
        json_add_null(json, key);
    }
}

/* The keys that say which line, when, by whom and why. */
static void add_line(struct json *json, const struct verify_erasure *one)
{
    json_add_text(json, "camera", verify_report_word(one->camera));
    json_add_text(json, "date", verify_report_word(one->date));
    json_add_integer(json, "at", (int64_t)one->seq);
    json_add_time(json, "time", one->utc_us);
    json_add_text(json, "by", verify_report_word(one->by));
    json_add_text(json, "why", verify_report_word(one->why));
}

static struct json *held_json(const struct verify_held *held)
{
    struct json *one = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    add_line(one, &held->last);
    json_add_integer(one, "erasures", (int64_t)held->lines);
    json_add_time(one, "from", held->from_us);
    json_add_time(one, "to", held->to_us);
    for (size_t i = 0; i < numbers(held); i++) {
        json_add_integer(list, NULL, held->incident[i]);
    }
    json_add_child(one, "incidents", &list);
    json_add_integer(one, "incidents_more",
                     (int64_t)(held->incidents - numbers(held)));
    return one;
}

void verify_erased_json(const struct verify_report *report, struct json *json)
{
    const struct verify_gone *gone = &report->gone;
    struct json *erasures STING_AUTO(json_free) = json_new_array();
    struct json *helds STING_AUTO(json_free) = json_new_array();
    for (size_t i = 0; i < gone->erasures; i++) {
        struct json *one STING_AUTO(json_free) = json_new_object();
        add_line(one, &gone->erasure[i]);
        add_count(one, "recordings", gone->erasure[i].count);
        add_count(one, "bytes", gone->erasure[i].bytes);
        json_add_child(erasures, NULL, &one);
    }
    for (size_t i = 0; i < gone->helds; i++) {
        struct json *one STING_AUTO(json_free) = held_json(&gone->held[i]);
        json_add_child(helds, NULL, &one);
    }
    json_add_child(json, "erasures", &erasures);
    json_add_integer(json, "erasures_more", (int64_t)gone->erasures_more);
    json_add_child(json, "erased_incidents", &helds);
    json_add_integer(json, "erased_incidents_more", (int64_t)gone->helds_more);
    json_add_integer(json, "erased_unheld", (int64_t)gone->unheld);
}
