#include "ledger/outsider.h"

#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000)
#define CLOCKS_DIFFER_US (300 * S)

void outsider_add(struct verify_report *report,
                  const struct verify_anchor *anchor)
{
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

void outsider_stamp(struct bytes reply, struct bytes said,
                    const struct time_stamp_trust *trust,
                    struct verify_anchor *out)
{
    struct time_stamp stamp;
    const struct hash hash = hash_of(HASH_SHA256, &said, 1);
    time_stamp_reply(reply, &hash, NULL, trust, &stamp);
    (void)snprintf(out->kind, sizeof out->kind, "tsa");
    out->counts = stamp.state == TIME_STAMP_GOOD;
    out->at_us = stamp.at_us;
    (void)snprintf(out->state, sizeof out->state, "%s",
                   time_stamp_word(stamp.state));
    (void)snprintf(out->who, sizeof out->who, "%s%s%.16s",
                   stamp.who[0] ? stamp.who : "nobody",
                   stamp.authority[0] ? ", root " : "", stamp.authority);
    if (!out->counts) {
        (void)snprintf(out->why, sizeof out->why, "%s%s%.80s",
                       time_stamp_phrase(stamp.state), stamp.why[0] ? ": " : "",
                       stamp.why);
    }
}

static void cosignature_add(const struct note *note, const struct vkey *key,
                            int64_t now_us, const char *file,
                            struct verify_report *report)
{
    uint64_t time_s = 0;
    struct verify_anchor anchor = {.kind = "witness", .entries = note->size};
    enum sting_status status = cosignature_verify(note, key, &time_s, NULL);
    if (status == STING_E_ABSENT) {
        return;
    }
    (void)snprintf(anchor.file, sizeof anchor.file, "%s", file);
    (void)snprintf(anchor.who, sizeof anchor.who, "%s", key->name);
    anchor.at_us = status ? 0 : (int64_t)time_s * S;
    bool is_future = anchor.at_us > now_us + CLOCKS_DIFFER_US;
    anchor.counts = !status && !is_future;
    (void)snprintf(anchor.state, sizeof anchor.state, "%s",
                   status      ? "forged"
                   : is_future ? "future"
                               : "good");
    if (!anchor.counts) {
        (void)snprintf(anchor.why, sizeof anchor.why, "%s",
                       status ? "the cosignature is false"
                              : "it is of a time that has not come yet");
    }
    outsider_add(report, &anchor);
}

static bool is_known(const struct note_signature *one,
                     const struct outsider_keys *known)
{
    for (size_t k = 0; k < known->keys; k++) {
        uint8_t id[NOTE_KEY_ID_SIZE];
        vkey_id(&known->key[k], id);
        if (bytes_equal(one->name, bytes_of_text(known->key[k].name)) &&
            !memcmp(one->id, id, sizeof id)) {
            return true;
        }
    }
    return false;
}

/* Signatures that are neither the ledger's own nor of a witness known here:
 * told, never counted. */
static void strangers_add(const struct note *note, const char *origin,
                          const struct outsider_keys *known, const char *file,
                          struct verify_report *report)
{
    size_t size = strlen(origin);
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *one = &note->signature[i];
        bool is_own =
            one->name.size >= size && !memcmp(one->name.data, origin, size);
        if (!is_own && !is_known(one, known)) {
            struct verify_anchor anchor = {
                .kind = "witness",
                .entries = note->size,
                .state = "unknown-key",
                .why = "the key of this witness is not known here"};
            (void)snprintf(anchor.file, sizeof anchor.file, "%s", file);
            (void)snprintf(anchor.who, sizeof anchor.who, "%.*s",
                           (int)one->name.size, one->name.data);
            outsider_add(report, &anchor);
        }
    }
}

void outsider_cosignatures(const struct note *note, const char *origin,
                           const struct outsider_keys *known, const char *file,
                           struct verify_report *report)
{
    for (size_t i = 0; i < known->keys; i++) {
        cosignature_add(note, &known->key[i], known->at_us, file, report);
    }
    strangers_add(note, origin, known, file, report);
}
