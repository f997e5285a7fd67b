/* Which outsiders' words count on the day of the verification. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ledger/verify_state.h"

#define S INT64_C(1000000)
#define MOST_JUDGED 256 /* the newest */
#define CLOCKS_DIFFER_US (300 * S)

void verify_anchor_add(struct verify_run *run,
                       const struct verify_anchor *anchor)
{
    struct verify_report *report = run->report;
    if (report->anchors < VERIFY_MOST_ANCHORS) {
        report->anchor[report->anchors++] = *anchor;
    } else {
        report->anchors_more++;
    }
    bool is_better = anchor->entries > report->anchored_entries ||
                     (anchor->entries == report->anchored_entries &&
                      anchor->at_us < report->anchored_until_us);
    if (anchor->counts && is_better) {
        report->anchored_entries = anchor->entries;
        report->anchored_until_us = anchor->at_us;
        memcpy(report->anchored_by, anchor->who, sizeof report->anchored_by);
    }
}

/* What the judging of all anchors shares. */
struct judging {
    struct verify_run *run;
    struct time_stamp_trust trust;
    struct buffer pem;     /* of the record's own */
    struct buffer renewed; /* struct verify_renewed each */
    const struct vkey *key;
    size_t keys;
};

static void judging_release(struct judging *judging)
{
    buffer_release(&judging->pem);
    buffer_release(&judging->renewed);
}

static enum sting_status judging_begin(struct verify_run *run,
                                       struct judging *out)
{
    const struct verify_known *options = &run->options->known;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->outside.pems && !status; i++) {
        char path[ANCHOR_PATH_SIZE];
        anchor_pem_path(run->outside.pem[i], path);
        if (!file_read(run->operation, path, ANCHOR_MOST_PEM, &out->pem,
                       NULL)) {
            status = buffer_text_append(&out->pem, "\n");
        }
    }
    bool is_given = options->authorities.size > 0 || options->witnesses > 0;
    out->run = run;
    out->trust = (struct time_stamp_trust){
        .authorities =
            is_given ? options->authorities : buffer_bytes(&out->pem),
        .revoked = buffer_bytes(&out->pem),
        .at_us = options->now_us ? options->now_us : run->last.utc_us};
    out->key = is_given ? options->witness : run->outside.key;
    out->keys = is_given ? options->witnesses : run->outside.keys;
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

static void judge_stamp(struct judging *judging,
                        const struct verify_claim *claim, struct bytes said)
{
    struct time_stamp stamp;
    struct buffer reply STING_AUTO(buffer_release) = {0};
    struct time_stamp_trust trust = judging->trust;
    struct verify_anchor anchor = {.kind = "tsa", .entries = claim->size};
    const struct hash hash = hash_of(HASH_SHA256, &said, 1);
    anchor_file_path(claim->number, "tsr", anchor.file);
    if (file_read(judging->run->operation, anchor.file, TIME_STAMP_MOST_BYTES,
                  &reply, NULL)) {
        return; /* none was asked for */
    }
    trust.at_us = judged_at(judging, anchor.file);
    time_stamp_reply(buffer_bytes(&reply), &hash, NULL, &trust, &stamp);
    anchor.counts = stamp.state == TIME_STAMP_GOOD;
    anchor.at_us = stamp.at_us;
    snprintf(anchor.state, sizeof anchor.state, "%s",
             anchor.counts && trust.at_us != judging->trust.at_us
                 ? "renewed"
                 : time_stamp_word(stamp.state));
    snprintf(anchor.who, sizeof anchor.who, "%s%s%.16s",
             stamp.who[0] ? stamp.who : "nobody",
             stamp.authority[0] ? ", root " : "", stamp.authority);
    if (!anchor.counts) {
        snprintf(anchor.why, sizeof anchor.why, "%s%s%.80s",
                 time_stamp_phrase(stamp.state), stamp.why[0] ? ": " : "",
                 stamp.why);
    }
    verify_anchor_add(judging->run, &anchor);
}

static void judge_cosignature(struct judging *judging, const struct note *note,
                              const struct vkey *key, const char *file)
{
    uint64_t time_s = 0;
    struct verify_anchor anchor = {.kind = "witness", .entries = note->size};
    enum sting_status status = cosignature_verify(note, key, &time_s, NULL);
    if (status == STING_E_ABSENT) {
        return;
    }
    snprintf(anchor.file, sizeof anchor.file, "%s", file);
    snprintf(anchor.who, sizeof anchor.who, "%s", key->name);
    anchor.at_us = status ? 0 : (int64_t)time_s * S;
    bool is_future = anchor.at_us > judging->trust.at_us + CLOCKS_DIFFER_US;
    anchor.counts = !status && !is_future;
    snprintf(anchor.state, sizeof anchor.state, "%s",
             status      ? "forged"
             : is_future ? "future"
                         : "good");
    if (!anchor.counts) {
        snprintf(anchor.why, sizeof anchor.why, "%s",
                 status ? "the cosignature is false"
                        : "it is of a time that has not come yet");
    }
    verify_anchor_add(judging->run, &anchor);
}

/* Signatures that are neither the ledger's own nor of a witness known here:
 * told, never counted. */
static void tell_strangers(struct judging *judging, const struct note *note,
                           const char *file)
{
    size_t origin = strlen(judging->run->origin);
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *one = &note->signature[i];
        bool is_known = one->name.size >= origin &&
                        !memcmp(one->name.data, judging->run->origin, origin);
        for (size_t k = 0; k < judging->keys && !is_known; k++) {
            uint8_t id[NOTE_KEY_ID_SIZE];
            vkey_id(&judging->key[k], id);
            is_known =
                bytes_equal(one->name, bytes_of_text(judging->key[k].name)) &&
                !memcmp(one->id, id, sizeof id);
        }
        if (!is_known) {
            struct verify_anchor anchor = {
                .kind = "witness",
                .entries = note->size,
                .state = "unknown-key",
                .why = "the key of this witness is not known here"};
            snprintf(anchor.file, sizeof anchor.file, "%s", file);
            snprintf(anchor.who, sizeof anchor.who, "%.*s", (int)one->name.size,
                     one->name.data);
            verify_anchor_add(judging->run, &anchor);
        }
    }
}

static void judge_note(struct judging *judging, struct bytes text,
                       const char *file)
{
    struct note note;
    if (note_parse(text, &note) ||
        !bytes_equal(note.origin, bytes_of_text(judging->run->origin))) {
        return;
    }
    for (size_t i = 0; i < judging->keys; i++) {
        judge_cosignature(judging, &note, &judging->key[i], file);
    }
    tell_strangers(judging, &note, file);
}

/* Kept by the caller: it fits, and its cosignatures, if any, count. */
static void judge_given(struct judging *judging,
                        const struct verify_claim *claim)
{
    const struct verify_known *options = &judging->run->options->known;
    struct verify_anchor anchor = {.kind = "given",
                                   .who = "the anchor that was given",
                                   .state = "fits",
                                   .why = "it fits, and tells no time",
                                   .entries = claim->size};
    verify_anchor_add(judging->run, &anchor);
    for (size_t i = 0; i < options->anchors; i++) {
        struct note note;
        if (!note_parse(options->anchor[i], &note) &&
            note.size == claim->size) {
            judge_note(judging, options->anchor[i], "");
        }
    }
}

static enum sting_status judge_claim(struct judging *judging,
                                     const struct verify_claim *claim)
{
    char path[ANCHOR_PATH_SIZE];
    struct buffer said STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
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
        judge_note(judging, buffer_bytes(&text), path);
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
    for (size_t i = outside->claims; i > 0 && !status && judged < MOST_JUDGED;
         i--) {
        if (outside->claim[i - 1].is_seen) {
            status = judge_claim(&judging, &outside->claim[i - 1]);
            judged++;
        }
    }
    return status;
}
