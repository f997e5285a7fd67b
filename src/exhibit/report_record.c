/* Chapters of the report that tell lines of the ledger. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "exhibit/gathered.h"
#include "ledger/store.h"

#define WORDS_SIZE 700
#define SAME_CLOCK_MS 200
#define MOST_FINDINGS ((size_t)8 * 1024 * 1024)

/* "key value, key value"; hashes by their first digits. */
static void words_of(const struct line *line, char out[WORDS_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < line->fields && used < WORDS_SIZE - 1; i++) {
        char key[32], value[200];
        (void)snprintf(key, sizeof key, "%.*s", (int)line->key[i].size,
                       (const char *)line->key[i].data);
        line_text(line, key, value, sizeof value);
        if (strlen(value) == 64 && strspn(value, "0123456789abcdef") == 64) {
            (void)snprintf(value + 16, sizeof value - 16, "...");
        }
        int more = snprintf(out + used, WORDS_SIZE - used, "%s%s %s",
                            used ? ", " : "", key, value);
        used += more > 0 ? (size_t)more : 0;
    }
}

static void line_row(const struct line *line, struct document *d)
{
    char seq[24], time[LINE_TIME_SIZE], words[WORDS_SIZE];
    (void)snprintf(seq, sizeof seq, "%" PRIu64, line->seq);
    words_of(line, words);
    document_row(d, (const char *const[]){seq,
                                          line_time_text(line->at.utc_us, time),
                                          line->kind->name, words});
}

static void line_table(struct document *d)
{
    document_table(
        d, 4, (const char *const[]){"Entry", "Written, UTC", "Kind", "Says"},
        (const double[]){0.09, 0.27, 0.12, 0.52});
}

bool report_lines(const struct gathered *g, enum gathered_why why,
                  struct document *d)
{
    bool any = false;
    for (size_t i = 0; i < g->lines; i++) {
        if (!g->line[i].is_shown || g->line[i].why != why) {
            continue;
        }
        if (!any) {
            line_table(d);
        }
        struct line line = gathered_parse(g, i);
        line_row(&line, d);
        any = true;
    }
    return any;
}

/* Offset and uncertainty, as far as anybody measured them. */
void report_times(const struct gathered *g, struct document *d)
{
    bool any = false;
    document_heading(d, "Time");
    document_text(d, DOCUMENT_PLAIN,
                  "Times are those of the recorder's clock, UTC. The order of "
                  "entries does not depend on it. A picture's time is when its "
                  "first bytes arrived; the camera's own delay is not known.");
    for (size_t i = 0; i < g->lines; i++) {
        struct line line = gathered_parse(g, i);
        char value[4][100], time[LINE_TIME_SIZE];
        if (!g->line[i].is_shown || !gathered_is(&line, "clock")) {
            continue;
        }
        if (!any) {
            document_table(d, 5,
                           (const char *const[]){"Written, UTC", "Clock",
                                                 "Stepped by, us",
                                                 "Uncertain by, us", "Source"},
                           (const double[]){0.3, 0.2, -0.16, -0.16, 0.18});
        }
        any = true;
        static const char *const key[] = {"state", "step_us", "error_us",
                                          "source"};
        for (size_t k = 0; k < 4; k++) {
            line_text(&line, key[k], value[k], sizeof *value);
        }
        document_row(
            d, (const char *const[]){line_time_text(line.at.utc_us, time),
                                     value[0], *value[1] ? value[1] : "unknown",
                                     *value[2] ? value[2] : "unknown",
                                     *value[3] ? value[3] : "unknown"});
    }
    if (!any) {
        document_text(d, DOCUMENT_STRONG,
                      "Offset from true time and uncertainty: unknown; nothing "
                      "was recorded about the clock before or during this "
                      "recording.");
    }
}

/* What segments say of the camera's own clock. */
struct own_clock {
    int64_t least_ms, most_ms;
    size_t said, all; /* of so many segments */
};

static struct own_clock own_clock_of(const struct gathered *g)
{
    struct own_clock own = {INT64_MAX, INT64_MIN, 0, 0};
    for (size_t i = 0; i < g->lines; i++) {
        struct line line = gathered_parse(g, i);
        int64_t ms = 0;
        if (!g->line[i].is_shown || !gathered_is(&line, "seg")) {
            continue;
        }
        own.all++;
        if (line_integer(&line, "clock_ms", &ms) == STING_OK) {
            own.said++;
            own.least_ms = ms < own.least_ms ? ms : own.least_ms;
            own.most_ms = ms > own.most_ms ? ms : own.most_ms;
        }
    }
    return own;
}

/* What stands burned into the pictures is told by another clock. */
void report_own_clock(const struct gathered *g, struct document *d)
{
    const struct own_clock own = own_clock_of(g);
    char off[2][CLOCK_OFF_SIZE];
    if (!own.said) {
        document_text(d, DOCUMENT_PLAIN,
                      "The camera's own clock, which it may show in its "
                      "pictures: unknown; the camera did not say.");
        return;
    }
    clock_off_text(own.least_ms, off[0]);
    clock_off_text(own.most_ms, off[1]);
    bool is_one = own.most_ms - own.least_ms <= SAME_CLOCK_MS;
    document_text(d, DOCUMENT_STRONG,
                  "The camera's own clock, which it may show in its pictures, "
                  "was %s%s%s%s against the recorder's.",
                  is_one ? "" : "between ", off[0], is_one ? "" : " and ",
                  is_one ? "" : off[1]);
    document_text(d, DOCUMENT_PLAIN,
                  "The camera itself said so, in %zu of %zu segments "
                  "(clock_ms); what its pictures were on their way is in it. "
                  "To compare a time in a picture with one here, add what it "
                  "was slow, or take off what it was fast.",
                  own.said, own.all);
}

/* A recording, and how it stands to the one before it; those that were erased
 * by their lines, which stay. */
static void segment_row(const struct gathered *g, size_t index,
                        const char *before, struct document *d)
{
    struct line line = gathered_parse(g, index);
    char seq[24], n[24], time[LINE_TIME_SIZE], seconds[24], frames[24];
    if (!gathered_is(&line, "seg")) {
        return;
    }
    (void)snprintf(seq, sizeof seq, "%" PRIu64, line.seq);
    (void)snprintf(n, sizeof n, "%" PRId64, gathered_integer(&line, "n"));
    (void)snprintf(seconds, sizeof seconds, "%.3f",
                   (double)gathered_integer(&line, "us") / 1e6);
    (void)snprintf(frames, sizeof frames, "%" PRId64,
                   gathered_integer(&line, "frames"));
    document_row(d,
                 (const char *const[]){
                     seq, n, line_time_text(gathered_time(&line, "t0"), time),
                     seconds, frames,
                     before                         ? before
                     : line_has(&line, "recovered") ? "after a crash"
                                                    : "follows"});
}

/* Those that were erased before piece `next`. */
static void erased_rows(const struct gathered *g, size_t next,
                        struct document *d)
{
    for (size_t r = 0; r < g->runs; r++) {
        for (size_t i = g->run[r].first;
             g->run[r].piece == next && i <= g->run[r].last; i++) {
            if (g->line[i].is_erased) {
                segment_row(g, i, "IT WAS DELETED", d);
            }
        }
    }
}

void report_continuity(const struct gathered *g, struct document *d)
{
    document_heading(d, "Continuity");
    document_text(d, g->gaps ? DOCUMENT_STRONG : DOCUMENT_PLAIN,
                  g->gaps ? "Pictures are missing in %zu places, marked below."
                          : "No gap: each segment follows the one before by "
                            "number and by time (%zu gaps).",
                  g->gaps);
    document_table(d, 6,
                   (const char *const[]){"Entry", "Segment",
                                         "First picture, UTC", "Seconds",
                                         "Pictures", "Before it"},
                   (const double[]){-0.1, -0.12, 0.3, -0.12, -0.12, 0.24});
    for (size_t i = 0; i < g->pieces; i++) {
        erased_rows(g, i, d);
        segment_row(g, g->piece[i].line,
                    g->piece[i].is_gap ? "PICTURES MISSING" : NULL, d);
    }
    erased_rows(g, g->pieces, d);
    document_text(d, DOCUMENT_PLAIN,
                  "What befell recorder, clock and camera meanwhile (sessions "
                  "are restarts; lines of other cameras are not shown):");
    if (!report_lines(g, WHY_AROUND, d)) {
        document_text(d, DOCUMENT_PLAIN, "Nothing is told.");
    }
}

void report_incidents(const struct gathered *g, struct document *d)
{
    document_heading(d, "Incidents and alerts");
    document_text(d, DOCUMENT_SMALL,
                  "A detector's opinion: \"presence\" that something moved, "
                  "or of kind \"page\" that a page did, was missed or was "
                  "lit by flashes while nobody was seen; "
                  "\"touch\" that a page was touched. How often it errs is "
                  "measured by drills, not stated here. \"page\": what it "
                  "says of the sheet in that zone; which copy was laid there "
                  "is as operation.yaml had it, no camera reads that, and "
                  "after \"changed\" or \"gone\" it may be another. It does "
                  "not say who touched it. \"ack\": somebody saw "
                  "to it; \"go\" and \"team\": the operation's own people "
                  "were in the room from then on.");
    if (!report_lines(g, WHY_INCIDENT, d)) {
        document_text(d, DOCUMENT_PLAIN, "None in this stretch.");
    }
}

static void finding_row(const struct json *json, struct document *d)
{
    char copy[24] = "", lr[24] = "", wrong[24] = "", tried[24] = "";
    double value = json_number(json, "copy", NAN);
    if (isfinite(value)) {
        (void)snprintf(copy, sizeof copy, "%.0f", value);
    }
    value = json_number(json, "log10_lr", NAN);
    if (isfinite(value)) {
        (void)snprintf(lr, sizeof lr, "%.2f", value);
    }
    value = json_number(json, "log10_false", NAN);
    if (isfinite(value)) {
        (void)snprintf(wrong, sizeof wrong, "%.2f", value);
    }
    value = json_number(json, "tried", NAN);
    if (isfinite(value)) {
        (void)snprintf(tried, sizeof tried, "%.0f", value);
    }
    document_row(d, (const char *const[]){json_text(json, "verdict"),
                                          json_text(json, "bait"), copy, lr,
                                          wrong, tried});
}

/* The findings are sealed; each is one object a line. */
static void findings(const struct gathered *g, const struct line *line,
                     struct document *d)
{
    struct buffer plain STING_AUTO(buffer_wipe) = {0};
    struct digest ct;
    if (line_hex(line, "blob", ct.byte, sizeof ct.byte) ||
        ledger_blob_open(operation_dir(g->operation), &g->keys->identity, ct,
                         MOST_FINDINGS, &plain, NULL)) {
        document_row(d, (const char *const[]){"its findings cannot be opened",
                                              "", "", "", "", ""});
        return;
    }
    struct bytes rest = buffer_bytes(&plain);
    struct bytes one;
    while (text_line_or_rest_take(&rest, &one)) {
        struct json *json STING_AUTO(json_free) = NULL;
        if (!json_read(one, &json)) {
            finding_row(json, d);
        }
    }
}

void report_traces(const struct gathered *g, struct document *d)
{
    size_t runs = 0;
    document_heading(d, "Traces");
    for (size_t i = 0; i < g->lines; i++) {
        if (!g->line[i].is_shown || g->line[i].why != WHY_TRACE) {
            continue;
        }
        if (runs++ == 0) {
            document_text(
                d, DOCUMENT_SMALL,
                "Every run of the operation is told, also those that named no "
                "copy. log10 LR: how much more probable what was measured is "
                "if the picture derives from that copy than from another, the "
                "original or nothing of ours; log10 false: how often chance "
                "alone would reach that, all tries counted. Neither is the "
                "probability that a holder gave it away. Holders' names are "
                "not part of this exhibit.");
            document_table(
                d, 6,
                (const char *const[]){"Verdict", "Document", "Copy", "log10 LR",
                                      "log10 false", "Tried"},
                (const double[]){0.2, 0.28, -0.1, -0.14, -0.14, -0.14});
        }
        struct line line = gathered_parse(g, i);
        findings(g, &line, d);
    }
    if (runs == 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "No picture was traced up to this checkpoint.");
    }
}

void report_custody(const struct gathered *g, struct document *d)
{
    document_heading(d, "Custody");
    document_text(d, DOCUMENT_PLAIN,
                  "Who opened or took out what, up to the checkpoint on which "
                  "this exhibit rests; also as CUSTODY.csv. That this exhibit "
                  "was opened and made is told by entries after it.");
    if (!report_lines(g, WHY_CUSTODY, d)) {
        document_text(d, DOCUMENT_PLAIN, "Nothing had left the operation.");
    }
}

void report_anchors(const struct gathered *g, struct document *d)
{
    document_heading(d, "Who vouches from outside");
    if (!report_lines(g, WHY_ANCHOR, d)) {
        document_text(d, DOCUMENT_STRONG,
                      "Nobody outside vouches for a time: whoever held the "
                      "machine and its keys could have written another record "
                      "from the start.");
    }
}
