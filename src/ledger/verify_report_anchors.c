/* What outsiders vouch for, as JSON and in words. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "ledger/verify.h"

static struct json *anchors_json(const struct verify_report *report)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < report->anchors; i++) {
        const struct verify_anchor *anchor = &report->anchor[i];
        struct json *one STING_AUTO(json_free) = json_new_object();
        json_add_text(one, "kind", anchor->kind);
        json_add_text(one, "by", anchor->who);
        json_add_integer(one, "entries", (int64_t)anchor->entries);
        json_add_time(one, "time", anchor->at_us);
        json_add_bool(one, "counts", anchor->counts);
        json_add_text(one, "state", anchor->state);
        json_add_text(one, "reason", verify_report_word(anchor->why));
        json_add_text(one, "file", verify_report_word(anchor->file));
        json_add_child(list, NULL, &one);
    }
    return list;
}

static void late_json(struct json *json, const char *key,
                      const struct verify_late *late)
{
    struct json *one STING_AUTO(json_free) = json_new_object();
    if (late->seen_us == 0) {
        json_add_null(json, key);
        return;
    }
    json_add_integer(one, "from", (int64_t)late->from);
    json_add_integer(one, "to", (int64_t)late->to);
    json_add_time(one, "said", late->said_us);
    json_add_time(one, "seen", late->seen_us);
    json_add_child(json, key, &one);
}

void verify_report_anchors_json(struct json *json,
                                const struct verify_report *report)
{
    struct json *anchors STING_AUTO(json_free) = anchors_json(report);
    bool is_anchored = report->anchored_until_us > 0;
    json_add_time(json, "anchored_until", report->anchored_until_us);
    if (is_anchored) {
        json_add_text(json, "anchored_by", report->anchored_by);
        json_add_integer(json, "anchored_entries",
                         (int64_t)report->anchored_entries);
    } else {
        json_add_null(json, "anchored_by");
        json_add_null(json, "anchored_entries");
    }
    late_json(json, "anchored_late", &report->late);
    late_json(json, "clock_ahead", &report->ahead);
    json_add_bool(json, "anchored_by_given", report->anchored_by_given);
    json_add_child(json, "anchors", &anchors);
    json_add_integer(json, "anchors_more", (int64_t)report->anchors_more);
    json_add_integer(json, "beacons", (int64_t)report->beacons);
}

static enum sting_status append_reach(const struct verify_report *report,
                                      struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    if (report->anchored_until_us == 0) {
        return buffer_text_append(out,
                                  "  no outsider vouches for a time yet\n");
    }
    enum sting_status status = buffer_printf(
        out,
        "  an outsider vouches for %" PRIu64 " of %" PRIu64
        " entries: %s had seen them by %s\n",
        report->anchored_entries, report->entries, report->anchored_by,
        clock_text(report->anchored_until_us, time));
    if (!status && !report->anchored_by_given) {
        status = buffer_text_append(
            out, "    (by keys that this record itself names: ask that "
                 "outsider, then give them with --witness-key or --ca)\n");
    }
    return status;
}

/* The newest anchor covers all; an old line is proven by the first. */
static enum sting_status append_late(const struct verify_report *report,
                                     struct buffer *out)
{
    char said[CLOCK_TEXT_SIZE], seen[CLOCK_TEXT_SIZE];
    const struct verify_late *one = &report->late;
    enum sting_status status = STING_OK;
    if (one->seen_us > 0) {
        status = buffer_printf(
            out,
            "  entries %" PRIu64 " to %" PRIu64
            ", which tell times from %s on, were first seen "
            "outside by %s: no others waited so long, and for these nothing "
            "is proven of the time between\n",
            one->from, one->to, clock_text(one->said_us, said),
            clock_text(one->seen_us, seen));
    }
    one = &report->ahead;
    if (!status && one->seen_us > 0) {
        status = buffer_printf(
            out,
            "  THE CLOCK WAS WRONG: entry %" PRIu64
            " tells %s, and an outsider had seen it by %s already\n",
            one->from, clock_text(one->said_us, said),
            clock_text(one->seen_us, seen));
    }
    return status;
}

static enum sting_status append_anchor(const struct verify_anchor *anchor,
                                       struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    enum sting_status status = buffer_printf(
        out, "  %s %s, %s, over %" PRIu64 " entries",
        anchor->counts ? "counts:" : "does not count:", anchor->kind,
        anchor->who, anchor->entries);
    if (!status && anchor->at_us > 0) {
        status = buffer_printf(out, ", %s", clock_text(anchor->at_us, time));
    }
    if (!status && anchor->why[0]) {
        status = buffer_printf(out, ": %s", anchor->why);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status append_beacon(const struct verify_report *report,
                                       struct buffer *out)
{
    if (report->beacons == 0) {
        return STING_OK;
    }
    return buffer_printf(out,
                         "  what follows entry %" PRIu64
                         " is not older than the value there, of %s\n",
                         report->beacon_at, report->beacon_source);
}

enum sting_status verify_report_anchors_text(const struct verify_report *report,
                                             struct buffer *out)
{
    enum sting_status status = append_reach(report, out);
    status = status ? status : append_late(report, out);
    for (size_t i = 0; i < report->anchors && !status; i++) {
        const struct verify_anchor *anchor = &report->anchor[i];
        if (!anchor->counts || !strcmp(anchor->kind, "renewal")) {
            status = append_anchor(anchor, out);
        }
    }
    return status ? status : append_beacon(report, out);
}
