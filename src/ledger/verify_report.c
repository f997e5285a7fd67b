/* The verdict as JSON for programs and in words for people. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "ledger/line.h"
#include "ledger/verify.h"

const char *verify_verdict_text(enum verify_verdict verdict)
{
    static const char *const text[] = {
        [VERIFY_INTACT] = "INTACT",
        [VERIFY_GAPS] = "INTACT WITH GAPS",
        [VERIFY_UNVERIFIABLE] = "UNVERIFIABLE",
        [VERIFY_CUT] = "CUT",
        [VERIFY_TAMPERED] = "TAMPERED",
    };
    return text[verdict];
}

static const char *const config_text[] = {
    [VERIFY_CONFIG_UNKNOWN] = "unknown",
    [VERIFY_CONFIG_SAME] = "same",
    [VERIFY_CONFIG_CHANGED] = "changed",
    [VERIFY_CONFIG_ABSENT] = "absent",
};

const char *verify_report_word(const char *text)
{
    return text[0] ? text : NULL;
}

static struct json *gaps_json(const struct verify_report *report)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < report->said.gaps; i++) {
        const struct verify_gap *gap = &report->gap[i];
        struct json *one STING_AUTO(json_free) = json_new_object();
        json_add_text(one, "cause", gap->cause);
        json_add_text(one, "camera", verify_report_word(gap->camera));
        json_add_time(one, "from", gap->from_us);
        json_add_time(one, "to", gap->to_us);
        json_add_integer(one, "at", (int64_t)gap->seq);
        json_add_text(one, "why", verify_report_word(gap->why));
        json_add_child(list, NULL, &one);
    }
    return list;
}

/* The number of an entry that is not the first; null for none. */
static void add_entry(struct json *json, const char *key, uint64_t seq)
{
    if (seq > 0) {
        json_add_integer(json, key, (int64_t)seq);
    } else {
        json_add_null(json, key);
    }
}

/* What was changed beside the evidence: told, and no tampering with it. */
static void changes_json(struct json *json, const struct verify_report *report)
{
    struct json *changes STING_AUTO(json_free) = json_new_array();
    struct json *altered STING_AUTO(json_free) = json_new_array();
    for (size_t i = 0; i < report->said.changes; i++) {
        const struct verify_change *change = &report->said.change[i];
        struct json *one STING_AUTO(json_free) = json_new_object();
        json_add_text(one, "what",
                      change->is_place ? "place" : "operation.yaml");
        json_add_integer(one, "at", (int64_t)change->seq);
        json_add_time(one, "time", change->utc_us);
        json_add_text(one, "by", verify_report_word(change->by));
        json_add_text(one, "why", verify_report_word(change->why));
        json_add_child(changes, NULL, &one);
    }
    for (size_t i = 0; i < report->altereds; i++) {
        struct json *one STING_AUTO(json_free) = json_new_object();
        json_add_text(one, "file", report->altered[i].file);
        json_add_integer(one, "at", (int64_t)report->altered[i].seq);
        add_entry(one, "unsigned_at", report->altered[i].unsigned_at);
        json_add_child(altered, NULL, &one);
    }
    json_add_child(json, "config_changes", &changes);
    json_add_integer(json, "config_changes_more",
                     (int64_t)report->said.changes_more);
    json_add_child(json, "changed", &altered);
}

static void add_counts(struct json *json, const struct verify_report *report)
{
    const struct {
        const char *key;
        uint64_t value;
    } count[] = {
        {"entries", report->entries},
        {"segments", report->segments},
        {"blobs", report->blobs},
        {"bytes", report->bytes},
        {"opened", report->opened},
        {"films", report->films},
        {"checkpoints", report->checkpoints},
        {"epochs", report->epochs},
        {"stops", report->said.stops},
        {"erased", report->erased},
        {"unclaimed", report->unclaimed},
        {"gaps_more", report->said.gaps_more},
        {"names_early", report->said.is_blind ? report->said.named_early : 0},
        {"tail_entries", report->tail_entries},
        {"torn_bytes", report->torn_bytes},
    };
    for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
        json_add_integer(json, count[i].key, (int64_t)count[i].value);
    }
}

enum sting_status verify_report_json(const struct verify_report *report,
                                     struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *gaps STING_AUTO(json_free) = gaps_json(report);
    json_add_text(json, "verdict", verify_verdict_text(report->verdict));
    if (report->has_at) {
        json_add_integer(json, "at", (int64_t)report->at);
    } else {
        json_add_null(json, "at");
    }
    json_add_time(json, "at_time", report->at_us);
    json_add_text(json, "file", verify_report_word(report->file));
    json_add_text(json, "reason", verify_report_word(report->reason));
    add_counts(json, report);
    json_add_child(json, "gaps", &gaps);
    json_add_time(json, "signed_until", report->signed_until_us);
    json_add_number(json, "tail_s", report->tail_s);
    verify_report_anchors_json(json, report);
    json_add_text(json, "case_key", verify_report_word(report->case_key));
    json_add_bool(json, "case_key_expected", report->case_key_expected);
    json_add_text(json, "box", verify_report_word(report->box));
    json_add_text(json, "unfinished_import",
                  verify_report_word(report->unfinished));
    json_add_text(json, "config", config_text[report->said.config]);
    add_entry(json, "config_unsigned_at", report->config_unsigned_at);
    changes_json(json, report);
    verify_erased_json(report, json);
    verify_clock_json(report, json);
    return json_line(json, out);
}

static enum sting_status append_where(const struct verify_report *report,
                                      struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    enum sting_status status = STING_OK;
    if (report->has_at) {
        status = buffer_printf(out, "%s at entry %" PRIu64,
                               report->verdict == VERIFY_GAPS ? ";" : "",
                               report->at);
    }
    if (!status && report->at_us > 0) {
        status = buffer_printf(out, " (%s)", clock_text(report->at_us, time));
    }
    if (!status && report->file[0]) {
        status = buffer_printf(out, ", %s", report->file);
    }
    if (!status && report->reason[0]) {
        status = buffer_printf(out, ": %s", report->reason);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status append_count(uint64_t count, const char *one,
                                      const char *many, struct buffer *out)
{
    return buffer_printf(out, " %" PRIu64 " %s", count,
                         count == 1 ? one : many);
}

/* How far a good verdict goes, on the line of the verdict itself: what comes
 * after the last checkpoint is not what it speaks of. */
static enum sting_status append_reach(const struct verify_report *report,
                                      struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    uint64_t tail = report->tail_entries;
    bool has_tail = tail > 0 || report->torn_bytes > 0;
    bool is_good = report->verdict <= VERIFY_GAPS && report->entries > tail;
    if (!is_good || (!has_tail && !report->unclaimed)) {
        return STING_OK;
    }
    enum sting_status status = buffer_printf(
        out, " up to entry %" PRIu64 " (%s). NOT SIGNED:",
        report->entries - tail - 1, clock_text(report->signed_until_us, time));
    if (!status && has_tail) {
        status = append_count(tail, "entry", "entries", out);
    }
    if (!status && has_tail) {
        status = buffer_printf(out, " after it (%.1f s)%s", report->tail_s,
                               report->unclaimed ? "," : "");
    }
    if (!status && report->unclaimed) {
        status = append_count(report->unclaimed, "file without an entry",
                              "files without an entry", out);
    }
    return status;
}

static enum sting_status append_gap(const struct verify_gap *gap,
                                    struct buffer *out)
{
    char from[CLOCK_TEXT_SIZE];
    char to[CLOCK_TEXT_SIZE];
    enum sting_status status =
        buffer_printf(out, "  gap, %s%s%s, entry %" PRIu64, gap->cause,
                      gap->camera[0] ? ", camera " : "", gap->camera, gap->seq);
    if (!status && gap->from_us > 0 && gap->to_us > 0) {
        status = gap->to_us < gap->from_us
                     ? buffer_text_append(
                           out, ": how long is unknown, the clock was set back")
                     : buffer_printf(out, ": %.1f s",
                                     (double)(gap->to_us - gap->from_us) / 1e6);
    }
    if (!status && gap->from_us > 0 && gap->to_us > 0) {
        status =
            buffer_printf(out, ", %s to %s", clock_text(gap->from_us, from),
                          clock_text(gap->to_us, to));
    }
    if (!status && gap->why[0]) {
        status = buffer_printf(out, ": %s", gap->why);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status append_counts(const struct verify_report *report,
                                       struct buffer *out)
{
    return buffer_printf(out,
                         "  %" PRIu64 " entries, %" PRIu64
                         " recordings, %" PRIu64 " blobs, %" PRIu64
                         " bytes, %" PRIu64 " checkpoints; %" PRIu64
                         " files opened with the identity\n",
                         report->entries, report->segments, report->blobs,
                         report->bytes, report->checkpoints, report->opened);
}

/* What of it is signed, in words that do not contradict the verdict. */
static enum sting_status append_signed(const struct verify_report *report,
                                       struct buffer *out)
{
    static const char *const all_signed[] = {
        [VERIFY_INTACT] = "everything is signed",
        [VERIFY_GAPS] = "everything that is here is signed",
        [VERIFY_UNVERIFIABLE] = "the rest is signed",
        [VERIFY_CUT] = "what is left is signed, what came after it is gone",
        [VERIFY_TAMPERED] = "what is here is not all as it was signed",
    };
    if (report->checkpoints == 0) {
        return buffer_text_append(out, "  nothing here is signed\n");
    }
    if (report->tail_entries == 0 && report->torn_bytes == 0) {
        return buffer_printf(out, "  %s\n", all_signed[report->verdict]);
    }
    return buffer_printf(out,
                         "  %" PRIu64 " entries (%.1f s) and %" PRIu64
                         " bytes after the last good checkpoint are not "
                         "signed\n",
                         report->tail_entries, report->tail_s,
                         report->torn_bytes);
}

/* A recording that goes on or was cut off by a crash has such files. */
static enum sting_status append_unclaimed(const struct verify_report *report,
                                          struct buffer *out)
{
    if (report->unclaimed == 0) {
        return STING_OK;
    }
    return buffer_printf(
        out,
        "  %" PRIu64 " %s here without an entry in the record: still being "
        "recorded, left by a crash, or put here by somebody; until an entry "
        "names %s, %s nothing\n",
        report->unclaimed, report->unclaimed == 1 ? "file is" : "files are",
        report->unclaimed == 1 ? "it" : "them",
        report->unclaimed == 1 ? "it proves" : "they prove");
}

/* A file is not as the last signed entry says. */
static enum sting_status append_changed(const char *file, uint64_t seq,
                                        uint64_t unsigned_at,
                                        struct buffer *out)
{
    enum sting_status status = buffer_printf(
        out,
        "  %s was CHANGED after entry %" PRIu64 ", which names what it held",
        file, seq);
    if (!status && unsigned_at > 0) {
        status = buffer_printf(
            out, "; entry %" PRIu64 " says so, and is not signed", unsigned_at);
    }
    return status ? status : buffer_text_append(out, "\n");
}

static enum sting_status append_changes(const struct verify_report *report,
                                        struct buffer *out)
{
    char time[CLOCK_TEXT_SIZE];
    enum sting_status status = STING_OK;
    if (report->said.changes_more > 0) {
        status = buffer_printf(
            out, "  %" PRIu64 " earlier changes of operation.yaml\n",
            report->said.changes_more);
    }
    for (size_t i = 0; i < report->said.changes && !status; i++) {
        const struct verify_change *one = &report->said.change[i];
        status = buffer_printf(
            out, "  %s changed at entry %" PRIu64 " (%s), by %s%s%s\n",
            one->is_place ? "the place" : "operation.yaml", one->seq,
            clock_text(one->utc_us, time),
            one->by[0] ? one->by : "nobody named", one->why[0] ? ": " : "",
            one->why);
    }
    for (size_t i = 0; i < report->altereds && !status; i++) {
        const struct verify_altered *one = &report->altered[i];
        status = append_changed(one->file, one->seq, one->unsigned_at, out);
    }
    return status;
}

static enum sting_status append_config(const struct verify_report *report,
                                       struct buffer *out)
{
    enum sting_status status = append_changes(report, out);
    if (!status && report->said.config == VERIFY_CONFIG_ABSENT) {
        return buffer_printf(out,
                             "  operation.yaml is not here; entry %" PRIu64
                             " names what it held\n",
                             report->said.config_at);
    }
    if (status || report->said.config != VERIFY_CONFIG_CHANGED) {
        return status;
    }
    return append_changed("operation.yaml", report->said.config_at,
                          report->config_unsigned_at, out);
}

/* As `sting new` printed it: half of it, in groups of four. */
static enum sting_status append_case_key(const struct verify_report *report,
                                         struct buffer *out)
{
    if (!report->case_key[0]) {
        return STING_OK;
    }
    enum sting_status status = buffer_text_append(out, "  case key");
    for (size_t i = 0; i < 32 && !status; i += 4) {
        status = buffer_printf(out, " %.4s", report->case_key + i);
    }
    if (status) {
        return status;
    }
    return buffer_text_append(
        out, report->case_key_expected
                 ? ", the one that was named\n"
                 : ": signed by itself, origin unknown until it is compared "
                   "with the one written down\n");
}

/* What was here before is untouched, and what came waits. */
static enum sting_status append_unfinished(const struct verify_report *report,
                                           struct buffer *out)
{
    return !report->unfinished[0]
               ? STING_OK
               : buffer_printf(out,
                               "  the import of \"%s\" at entry %" PRIu64
                               " was not finished, or is under way: what was "
                               "here before stands, and what came is kept; "
                               "run sting import again\n",
                               report->unfinished, report->unfinished_at);
}

/* What is sealed stays as it was sealed. */
static enum sting_status append_names(const struct verify_report *report,
                                      struct buffer *out)
{
    const struct verify_said *said = &report->said;
    return said->is_blind && said->named_early > 0
               ? buffer_printf(out,
                               "  blind, but %" PRIu64 " findings, hand-overs "
                               "and batches of before 29 November 2026, 20:00 "
                               "UTC, were sealed by versions that may have put "
                               "holders' names where the first person alone "
                               "opens them\n",
                               said->named_early)
               : STING_OK;
}

/* What is told, in this order; some of it only where there is a record. */
static const struct {
    enum sting_status (*append)(const struct verify_report *report,
                                struct buffer *out);
    bool needs_entries;
} part[] = {{append_reach, false},      {append_where, false},
            {append_counts, true},      {verify_erased_text, true},
            {append_signed, true},      {verify_report_anchors_text, true},
            {append_unclaimed, false},  {append_unfinished, false},
            {append_config, false},     {append_names, false},
            {verify_clock_text, false}, {append_case_key, false}};

enum sting_status verify_report_text(const struct verify_report *report,
                                     struct buffer *out)
{
    enum sting_status status =
        buffer_text_append(out, verify_verdict_text(report->verdict));
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        if (report->entries > 0 || !part[i].needs_entries) {
            status = part[i].append(report, out);
        }
    }
    for (size_t i = 0; i < report->said.gaps && !status; i++) {
        status = append_gap(&report->gap[i], out);
    }
    if (!status && report->said.gaps_more > 0) {
        status = buffer_printf(out, "  and %" PRIu64 " gaps more\n",
                               report->said.gaps_more);
    }
    return status;
}
