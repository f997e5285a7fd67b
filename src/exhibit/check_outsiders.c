#include "exhibit/check_outsiders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exhibit/check_state.h"
#include "ledger/outsider.h"

#define MOST_KEYS 64
#define MOST_PEMS 32

/* Whom the lines shown name, and what is judged with it. */
struct outsiders {
    const struct check *folder; /* only entries and report are used */
    struct vkey *key;           /* owned, MOST_KEYS */
    size_t keys;
    struct digest pem[MOST_PEMS];
    size_t pems;
    struct buffer certificates; /* of the exhibit itself */
    struct buffer revoked; /* lists of these, and of those that are given */
    struct time_stamp_trust trust;
    struct outsider_keys known;
};

static void outsiders_release(struct outsiders *all)
{
    free(all->key);
    buffer_release(&all->certificates);
    buffer_release(&all->revoked);
}

/* ---- what the lines shown name ---- */

static void witness_take(struct outsiders *all, const struct line *line)
{
    char text[VKEY_TEXT_SIZE];
    struct vkey *out = &all->key[all->keys];
    line_text(line, "key", text, sizeof text);
    if (all->keys == MOST_KEYS || vkey_parse(text, out) ||
        out->kind != VKEY_WITNESS) {
        return;
    }
    for (size_t i = 0; i < all->keys; i++) {
        if (public_key_equal(&all->key[i].key, &out->key) &&
            !strcmp(all->key[i].name, out->name)) {
            return;
        }
    }
    all->keys++;
}

/* A file of certificates, when it is the one that the line names. */
static enum sting_status pem_take(struct outsiders *all,
                                  const struct line *line, const char *key)
{
    struct digest hash;
    char text[DIGEST_TEXT_SIZE], path[CHECK_PATH_SIZE];
    if (all->pems == MOST_PEMS || line_hex(line, key, hash.byte, DIGEST_SIZE)) {
        return STING_OK;
    }
    for (size_t i = 0; i < all->pems; i++) {
        if (digest_equal(all->pem[i], hash)) {
            return STING_OK;
        }
    }
    (void)snprintf(path, sizeof path, CHECK_ANCHORS "%s.pem",
                   digest_text(hash, text));
    const struct check_entry *entry = check_find(all->folder, path);
    if (!entry || !digest_equal(entry->sha256, hash)) {
        return STING_OK;
    }
    all->pem[all->pems++] = hash;
    enum sting_status status =
        buffer_append(&all->certificates, entry->content);
    return status ? status : buffer_text_append(&all->certificates, "\n");
}

static enum sting_status line_take(struct outsiders *all,
                                   const struct line *line)
{
    struct verify_report *told = &all->folder->report->outside;
    enum sting_status status = STING_OK;
    if (!strcmp(line->kind->name, "cosig")) {
        witness_take(all, line);
    } else if (!strcmp(line->kind->name, "tsr")) {
        status = pem_take(all, line, "ca");
        status = status ? status : pem_take(all, line, "crl");
    } else if (!strcmp(line->kind->name, "beacon")) {
        told->beacons++;
        told->beacon_at = line->seq;
        line_text(line, "source", told->beacon_source,
                  sizeof told->beacon_source);
    }
    return status;
}

static enum sting_status lines_take(struct outsiders *all)
{
    struct bytes rest = check_content(all->folder, "data/ledger/lines.txt");
    struct bytes text;
    struct line line;
    enum sting_status status = STING_OK;
    while (!status && check_take(&rest, "\n", &text)) {
        text.size++; /* its LF */
        if (!line_parse(text, &line)) {
            status = line_take(all, &line);
        }
    }
    return status;
}

static enum sting_status outsiders_begin(struct outsiders *all,
                                         const struct verify_known *known)
{
    bool is_given = known->authorities.size > 0 || known->witnesses > 0;
    all->key = calloc(MOST_KEYS + 1, sizeof *all->key);
    enum sting_status status = all->key ? lines_take(all) : STING_E_NOMEM;
    struct bytes own = buffer_bytes(&all->certificates);
    if (!status) {
        status = buffer_append(&all->revoked, own);
    }
    if (!status) {
        status = buffer_append(&all->revoked, known->authorities);
    }
    all->trust = (struct time_stamp_trust){
        .authorities = is_given ? known->authorities : own,
        .revoked = buffer_bytes(&all->revoked),
        .at_us = known->now_us};
    all->known =
        (struct outsider_keys){.key = is_given ? known->witness : all->key,
                               .keys = is_given ? known->witnesses : all->keys,
                               .at_us = known->now_us};
    all->folder->report->outside.anchored_by_given = is_given;
    return status;
}

/* ---- what they said ---- */

/* Three lines, then an empty one, at the beginning of a line: in files of the
 * form that the rules ask for, this is the head of a note and nothing else. */
static bool is_in(struct bytes notes, const struct note *note)
{
    struct bytes wanted = {note->text.data, note->text.size + 1};
    while (notes.size > 0) {
        const uint8_t *at =
            memmem(notes.data, notes.size, wanted.data, wanted.size);
        if (!at) {
            return false;
        }
        if (at == notes.data || at[-1] == '\n') {
            return true;
        }
        notes.size -= (size_t)(at + 1 - notes.data);
        notes.data = at + 1;
    }
    return false;
}

static bool is_tied(const struct outsiders *all, const struct note *note)
{
    return is_in(check_content(all->folder, "data/ledger/checkpoint.txt"),
                 note) ||
           is_in(check_content(all->folder, "data/ledger/epochs.txt"), note) ||
           is_in(check_content(all->folder, CHECK_EARLIER), note);
}

/* Is it the line that names this anchor? */
static bool names(const struct line *line, const struct verify_anchor *anchor)
{
    char file[CHECK_PATH_SIZE], text[VKEY_TEXT_SIZE];
    struct vkey key;
    bool is_stamp = !strcmp(line->kind->name, "tsr");
    const char *name = strrchr(anchor->file, '/');
    const char *named =
        strrchr(line_text(line, "file", file, sizeof file), '/');
    if ((!is_stamp && strcmp(line->kind->name, "cosig") != 0) ||
        is_stamp != !strcmp(anchor->kind, "tsa") || !name || !named ||
        strcmp(name, named) != 0) {
        return false;
    }
    line_text(line, "key", text, sizeof text);
    return is_stamp ||
           (!vkey_parse(text, &key) && !strcmp(key.name, anchor->who));
}

/* What a line tells of time is the operator's word, and the report shows it;
 * the outsider's is in the file. */
static bool is_told_otherwise(const struct outsiders *all,
                              const struct verify_anchor *anchor)
{
    struct bytes rest = check_content(all->folder, "data/ledger/lines.txt");
    struct bytes text;
    struct line line;
    while (check_take(&rest, "\n", &text)) {
        int64_t at_us = 0;
        text.size++; /* its LF */
        if (!line_parse(text, &line) && names(&line, anchor) &&
            line_has(&line, "at") &&
            (line_time(&line, "at", &at_us) || at_us != anchor->at_us)) {
            return true;
        }
    }
    return false;
}

static void anchor_refuse(struct verify_anchor *anchor, const char *state,
                          const char *why)
{
    anchor->counts = false;
    (void)snprintf(anchor->state, sizeof anchor->state, "%s", state);
    (void)snprintf(anchor->why, sizeof anchor->why, "%s", why);
}

/* One that speaks of lines that the exhibit does not show vouches for
 * nothing here, however good it is. */
static void anchor_take(struct outsiders *all, bool tied,
                        struct verify_anchor *anchor)
{
    struct check_report *report = all->folder->report;
    if (anchor->counts && !tied) {
        anchor_refuse(anchor, "not-shown",
                      "it is of a checkpoint that the exhibit does not hold");
    } else if (anchor->counts && is_told_otherwise(all, anchor)) {
        anchor_refuse(anchor, "other-time",
                      "the entry that names it tells another time than it");
    }
    outsider_add(&report->outside, anchor);
    bool is_over_films = anchor->entries > report->last_piece;
    if (anchor->counts && is_over_films &&
        (report->films_until_us == 0 ||
         anchor->at_us < report->films_until_us)) {
        report->films_until_us = anchor->at_us;
    }
}

/* The stamp beside a note, under the same number. */
static void stamp_take(struct outsiders *all, const char *path,
                       const struct note *note)
{
    char stamp[CHECK_PATH_SIZE];
    struct verify_anchor anchor = {.entries = note->size};
    (void)snprintf(stamp, sizeof stamp, "%.*s.tsr",
                   (int)(strlen(path) - strlen(".note")), path);
    const struct check_entry *entry = check_find(all->folder, stamp);
    if (!entry || !entry->content.data) {
        return;
    }
    (void)snprintf(anchor.file, sizeof anchor.file, "%.90s", stamp);
    outsider_stamp(entry->content, note->text, &all->trust, &anchor);
    anchor_take(all, is_tied(all, note), &anchor);
}

static bool note_take(struct outsiders *all, const struct check_entry *entry)
{
    struct note note;
    struct verify_report said = {0};
    const char *origin = all->folder->report->origin;
    size_t size = strlen(entry->path);
    if (size < 5 || strcmp(entry->path + size - 5, ".note") != 0 ||
        note_parse(entry->content, &note) ||
        !bytes_equal(note.origin, bytes_of_text(origin))) {
        return false;
    }
    stamp_take(all, entry->path, &note);
    outsider_cosignatures(&note, origin, &all->known, entry->path, &said);
    for (size_t i = 0; i < said.anchors; i++) {
        anchor_take(all, is_tied(all, &note), &said.anchor[i]);
    }
    all->folder->report->outside.anchors_more += said.anchors_more;
    return true;
}

enum sting_status exhibit_check_outsiders(const struct check_entry *entry,
                                          size_t entries,
                                          const struct verify_known *known,
                                          struct check_report *report)
{
    const struct check folder = {
        .entry = entry, .entries = entries, .report = report};
    struct outsiders all STING_AUTO(outsiders_release) = {.folder = &folder};
    enum sting_status status = outsiders_begin(&all, known);
    report->outside.entries = report->lines;
    size_t judged = 0;
    for (size_t i = entries; !status && i > 0 && judged < OUTSIDER_MOST_JUDGED;
         i--) {
        const char *path = entry[i - 1].path;
        if (!strncmp(path, CHECK_ANCHORS, strlen(CHECK_ANCHORS)) &&
            note_take(&all, &entry[i - 1])) {
            judged++;
        }
    }
    return status;
}
