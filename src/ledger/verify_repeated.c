#include "ledger/verify_repeated.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ledger/reader.h"
#include "ledger/verify_state.h"

void verify_repeated_release(struct verify_repeated *repeated)
{
    verify_seen_release(&repeated->ct);
    verify_seen_release(&repeated->pt);
    *repeated = (struct verify_repeated){.depth = 0};
}

static size_t most_held(const struct verify_run *run)
{
    size_t most = run->options->most_seen;
    return most && most < VERIFY_MOST_SEEN ? most : VERIFY_MOST_SEEN;
}

/* Go on with the first half of what is held, until that is little enough. Up to
 * this line the other half was compared, too. */
static void narrow(struct verify_run *run, uint64_t seq)
{
    struct verify_repeated *repeated = &run->repeated;
    while (repeated->ct.used + repeated->pt.used >= most_held(run) &&
           !repeated->is_over) {
        if (repeated->depth == VERIFY_MOST_DEPTH) {
            repeated->is_over = true;
            return;
        }
        repeated->told[repeated->depth++] =
            seq > repeated->told_to ? seq : repeated->told_to;
        verify_seen_keep(&repeated->ct, repeated->depth, repeated->part);
        verify_seen_keep(&repeated->pt, repeated->depth, repeated->part);
    }
}

/* Of a hash of the part that is held: has it come before, and was that not
 * told yet? */
static bool has_come(const struct verify_run *run, struct verify_seen *seen,
                     struct digest hash, uint64_t seq)
{
    const struct verify_repeated *repeated = &run->repeated;
    return !repeated->is_over &&
           verify_seen_part(hash, repeated->depth) == repeated->part &&
           verify_seen_add(seen, hash) &&
           (!repeated->is_again || seq > repeated->told_to);
}

static void say_twice(struct verify_run *run, const struct line *line)
{
    struct verify_repeated *repeated = &run->repeated;
    if (!repeated->is_again) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "this recording stands in the ledger twice");
    } else if (!repeated->has_first || line->seq < repeated->first) {
        repeated->has_first = true;
        repeated->first = line->seq;
        repeated->first_us = line->at.utc_us;
    }
}

/* A camera never gives the same bytes again; a clip played twice does. That
 * is for people to judge. What nobody signed tells nothing, at the end. */
static void tell_again(struct verify_run *run, const struct line *line,
                       const struct verify_camera *row)
{
    struct verify_gap gap = {.seq = line->seq, .cause = "repeated"};
    if (row->is_clip ||
        (run->repeated.is_again && line->seq >= run->signed_lines)) {
        return;
    }
    memcpy(gap.camera, row->name, sizeof gap.camera);
    verify_gap_add(run, &gap);
    run->repeated.gaps += run->repeated.is_again;
}

void verify_repeated_take(struct verify_run *run, const struct line *line,
                          const struct verify_camera *row)
{
    struct digest hash;
    if (!line_hex(line, "ct", hash.byte, DIGEST_SIZE) &&
        has_come(run, &run->repeated.ct, hash, line->seq)) {
        say_twice(run, line);
    }
    if (!line_hex(line, "pt", hash.byte, DIGEST_SIZE) &&
        has_come(run, &run->repeated.pt, hash, line->seq)) {
        tell_again(run, line, row);
    }
    narrow(run, line->seq);
}

/* ---- further passes ---- */

/* Of a line as it is written: what begins with its kind. */
static struct bytes from_kind(struct bytes text)
{
    for (int i = 0; i < 3; i++) {
        const uint8_t *blank =
            text.size ? memchr(text.data, ' ', text.size) : NULL;
        size_t used = blank ? (size_t)(blank - text.data) + 1 : text.size;
        text = (struct bytes){text.data + used, text.size - used};
    }
    return text;
}

static bool begins(struct bytes text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && !memcmp(text.data, with, size);
}

/* Is the hash behind this key, " ct=", of the part? No value holds a blank. */
static bool is_of_part(const struct verify_repeated *repeated,
                       struct bytes text, const char *key)
{
    struct digest hash;
    const uint8_t *at = memmem(text.data, text.size, key, 4);
    size_t left = at ? (size_t)(text.data + text.size - at) - 4 : 0;
    const struct bytes hex = {at ? at + 4 : NULL, (size_t)2 * DIGEST_SIZE};
    return left >= hex.size && !hex_read(hex, hash.byte, DIGEST_SIZE) &&
           verify_seen_part(hash, repeated->depth) == repeated->part;
}

/* Only lines that this pass needs are parsed. */
static void take_again(struct verify_run *run, struct bytes text, uint64_t seq)
{
    struct line line;
    struct bytes rest = from_kind(text);
    bool is_camera = begins(rest, "camera ");
    bool is_seg =
        begins(rest, "seg ") && (is_of_part(&run->repeated, rest, " ct=") ||
                                 is_of_part(&run->repeated, rest, " pt="));
    if ((!is_camera && !is_seg) || line_parse(text, &line)) {
        return;
    }
    line.seq = seq;
    struct verify_camera *row = verify_camera_row(run, &line);
    if (row && is_seg) {
        verify_repeated_take(run, &line, row);
    } else if (row) {
        verify_camera_source(row, &line);
    }
}

static enum sting_status pass(struct verify_run *run)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(run->operation, &reader, run->fault);
    for (size_t i = 0; i < run->cameras; i++) {
        run->camera[i].is_clip = false;
    }
    for (uint64_t seq = 0; seq < run->tree.leaves && !status; seq++) {
        status = ledger_reader_skip(reader);
        if (!status) {
            take_again(run, ledger_reader_text(reader), seq);
        }
        status = status == STING_E_LIMIT ? STING_OK : status;
        if (run->options->progress && seq % 65536 == 0) {
            run->options->progress(run->options->context, run->report);
        }
    }
    if (status == STING_E_IO || status == STING_E_ABSENT) {
        return fault_errno(run->fault, STING_E_IO, "run it again",
                           "evidence/ledger cannot be read as before");
    }
    return status;
}

/* The next part: the other half of the last that was split. */
static bool next_part(struct verify_repeated *repeated)
{
    while (repeated->depth > 0 &&
           repeated->part & 1U << (repeated->depth - 1)) {
        repeated->depth--;
        repeated->part &= (1U << repeated->depth) - 1;
    }
    if (repeated->depth == 0) {
        return false;
    }
    repeated->part |= 1U << (repeated->depth - 1);
    repeated->told_to = repeated->told[repeated->depth - 1];
    verify_seen_release(&repeated->ct);
    verify_seen_release(&repeated->pt);
    return true;
}

static int gap_order(const void *left, const void *right)
{
    const struct verify_gap *a = left, *b = right;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static void tell_all(struct verify_run *run)
{
    struct verify_repeated *repeated = &run->repeated;
    struct verify_report *report = run->report;
    struct line line = verify_stand_in(repeated->first);
    line.at.utc_us = repeated->first_us;
    if (repeated->has_first) {
        verify_say(run, VERIFY_TAMPERED, &line, "",
                   "this recording stands in the ledger twice");
    }
    if (repeated->gaps > 0) {
        qsort(report->gap, report->said.gaps, sizeof *report->gap, gap_order);
        report->verdict =
            report->verdict < VERIFY_GAPS ? VERIFY_GAPS : report->verdict;
    }
    if (repeated->is_over) {
        verify_say(run, VERIFY_UNVERIFIABLE, NULL, "evidence/ledger",
                   "it names too many recordings of hashes that are alike to "
                   "tell whether one stands there twice: get another copy");
    }
}

enum sting_status verify_repeated_end(struct verify_run *run)
{
    enum sting_status status = STING_OK;
    run->repeated.is_again = true;
    while (!status && !run->repeated.is_over && next_part(&run->repeated)) {
        status = pass(run);
    }
    if (!status) {
        tell_all(run);
    }
    return status;
}
