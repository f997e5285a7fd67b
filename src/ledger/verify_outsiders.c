/* Which outsiders' words count on the day of the verification. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ledger/outsider.h"
#include "ledger/verify_state.h"

#define MOST_GIVEN_TOLD 4 /* all are held to the lines */

/* What the judging of all anchors shares. */
struct judging {
    struct verify_run *run;
    struct time_stamp_trust trust;
    struct buffer pem;     /* of the record's own */
    struct buffer revoked; /* lists of these, and of those that are given */
    struct buffer renewed; /* struct verify_renewed each */
    struct outsider_keys known;
    size_t given;               /* of these, so many were told */
    struct verify_report *said; /* owned: of one note */
};

static void judging_release(struct judging *judging)
{
    buffer_release(&judging->pem);
    buffer_release(&judging->revoked);
    free(judging->said);
    buffer_release(&judging->renewed);
}

static enum sting_status judging_begin(struct verify_run *run,
                                       struct judging *out)
{
    const struct verify_known *options = &run->options->known;
    out->said = calloc(1, sizeof *out->said);
    enum sting_status status = out->said ? STING_OK : STING_E_NOMEM;
    for (size_t i = 0; i < run->outside.pems && !status; i++) {
        char path[ANCHOR_PATH_SIZE];
        anchor_pem_path(run->outside.pem[i], path);
        if (!file_read(run->operation, path, ANCHOR_MOST_PEM, &out->pem,
                       NULL)) {
            status = buffer_text_append(&out->pem, "\n");
        }
    }
    if (!status) {
        status = buffer_append(&out->revoked, buffer_bytes(&out->pem));
    }
    if (!status) {
        status = buffer_append(&out->revoked, options->authorities);
    }
    bool is_given = options->authorities.size > 0 || options->witnesses > 0;
    out->run = run;
    out->trust = (struct time_stamp_trust){
        .authorities =
            is_given ? options->authorities : buffer_bytes(&out->pem),
        .revoked = buffer_bytes(&out->revoked),
        .at_us = options->now_us ? options->now_us : run->last.utc_us};
    out->known = (struct outsider_keys){
        .key = is_given ? options->witness : run->outside.key,
        .keys = is_given ? options->witnesses : run->outside.keys,
        .at_us = out->trust.at_us};
    run->report->anchored_by_given = is_given;
    return status;
}

/* The day on which a stamp is judged: today, or the one on which a record
 * that holds today took it in. */
static int64_t judged_at(const struct judging *judging, const char *file)
{
    const struct verify_renewed *one =
        (const struct verify_renewed *)(const void *)judging->renewed.data;
    size_t count = judging->renewed.size / sizeof *one;
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(one[i].file, file)) {
            return one[i].at_us;
        }
    }
    return judging->trust.at_us;
}

/* The first word that counts is the one that proves a time. */
static void anchor_take(struct judging *judging, struct verify_claim *claim,
                        const struct verify_anchor *anchor)
{
    if (anchor->counts &&
        (claim->seen_us == 0 || anchor->at_us < claim->seen_us)) {
        claim->seen_us = anchor->at_us;
    }
    outsider_add(judging->run->report, anchor);
}

static void judge_stamp(struct judging *judging, struct verify_claim *claim,
                        struct bytes said)
{
    struct buffer reply STING_AUTO(buffer_release) = {0};
    struct time_stamp_trust trust = judging->trust;
    struct verify_anchor anchor = {.entries = claim->size};
    anchor_file_path(claim->number, "tsr", anchor.file);
    if (file_read(judging->run->operation, anchor.file, TIME_STAMP_MOST_BYTES,
                  &reply, NULL)) {
        return; /* none was asked for */
    }
    trust.at_us = judged_at(judging, anchor.file);
    outsider_stamp(buffer_bytes(&reply), said, &trust, &anchor);
    if (anchor.counts && trust.at_us != judging->trust.at_us) {
        snprintf(anchor.state, sizeof anchor.state, "renewed");
    }
    anchor_take(judging, claim, &anchor);
}

static void judge_note(struct judging *judging, struct verify_claim *claim,
                       struct bytes text, const char *file)
{
    struct note note;
    if (note_parse(text, &note) ||
        !bytes_equal(note.origin, bytes_of_text(judging->run->origin))) {
        return;
    }
    memset(judging->said, 0, sizeof *judging->said);
    outsider_cosignatures(&note, judging->run->origin, &judging->known, file,
                          judging->said);
    for (size_t i = 0; i < judging->said->anchors; i++) {
        anchor_take(judging, claim, &judging->said->anchor[i]);
    }
    judging->run->report->anchors_more += judging->said->anchors_more;
}

/* Kept by the caller: it fits, and its cosignatures, if any, count. */
static void judge_given(struct judging *judging, struct verify_claim *claim)
{
    struct verify_anchor anchor = {.kind = "given",
                                   .who = "the anchor that was given",
                                   .state = "fits",
                                   .why = "it fits, and tells no time",
                                   .entries = claim->size};
    if (judging->given++ < MOST_GIVEN_TOLD) {
        outsider_add(judging->run->report, &anchor);
    } else {
        judging->run->report->anchors_more++;
    }
    judge_note(judging, claim, claim->given, "");
}

static enum sting_status judge_claim(struct judging *judging,
                                     struct verify_claim *claim)
{
    char path[ANCHOR_PATH_SIZE];
    struct buffer said STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    claim->is_judged = true;
    if (!claim->number) {
        judge_given(judging, claim);
        return STING_OK;
    }
    enum sting_status status =
        note_write(&said, judging->run->origin, claim->size, claim->root);
    if (status) {
        return status;
    }
    said.size--; /* the empty line is not signed */
    judge_stamp(judging, claim, buffer_bytes(&said));
    anchor_file_path(claim->number, "note", path);
    if (!file_read(judging->run->operation, path, NOTE_MOST_BYTES, &text,
                   NULL)) {
        judge_note(judging, claim, buffer_bytes(&text), path);
    }
    return STING_OK;
}

enum sting_status verify_outsiders(struct verify_run *run)
{
    struct judging judging STING_AUTO(judging_release) = {0};
    const struct verify_outside *outside = &run->outside;
    enum sting_status status = judging_begin(run, &judging);
    if (!status) {
        status = verify_renewals(run, &judging.trust, &judging.renewed);
    }
    size_t judged = 0;
    for (size_t i = outside->claims;
         i > 0 && !status && judged < OUTSIDER_MOST_JUDGED; i--) {
        if (outside->claim[i - 1].is_seen) {
            status = judge_claim(&judging, &outside->claim[i - 1]);
            judged += outside->claim[i - 1].number != 0;
        }
    }
    return status;
}
