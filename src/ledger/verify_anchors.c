/* V10: what outsiders said of this ledger, and how far they vouch for it. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "ledger/verify_state.h"

/* "evidence/renewals/00000001." : all renewals of one record begin so. */
#define RECORD_NAME (strlen("evidence/renewals/") + 9)

#define MOST_RECORDS 1000
#define MOST_KEYS 64

void verify_outside_release(struct verify_outside *outside)
{
    free(outside->claim);
    free(outside->key);
    free(outside->record);
    *outside = (struct verify_outside){0};
}

/* One more of at most so many; NULL when there is none. */
static void *add(void *array_pointer, size_t *count, size_t most, size_t size)
{
    return *count < most ? array_add(array_pointer, count, size) : NULL;
}

static void claim_add(struct verify_outside *outside,
                      const struct verify_claim *claim)
{
    struct verify_claim *one = claim->size > 0
                                   ? add(&outside->claim, &outside->claims,
                                         VERIFY_MOST_CLAIMS, sizeof *one)
                                   : NULL;
    if (one) {
        *one = *claim;
    }
}

/* ---- what is there ---- */

static bool is_ours(const struct verify_run *run, const struct note *note)
{
    return bytes_equal(note->origin, bytes_of_text(run->origin));
}

/* The note of that number, when it is of this ledger and signed by its log
 * key; all else is nobody's word: if a line names the file, the line tells.
 * The caller releases *text; views of *note are into it. */
static bool note_read(const struct verify_run *run, uint32_t number,
                      struct buffer *text, struct note *note)
{
    char path[ANCHOR_PATH_SIZE];
    anchor_file_path(number, "note", path);
    return !file_read(run->operation, path, NOTE_MOST_BYTES, text, NULL) &&
           !note_parse(buffer_bytes(text), note) && is_ours(run, note) &&
           !note_verify(note, run->origin, &run->log);
}

static void note_take(struct verify_run *run, uint32_t number)
{
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    if (note_read(run, number, &text, &note)) {
        const struct verify_claim claim = {.size = note.size,
                                           .root = note.root,
                                           .number = number,
                                           .is_signed = true};
        claim_add(&run->outside, &claim);
    }
}

/* The number in "00000012.note", 0 for any other name. */
static uint32_t number_of(const char *name, const char *kind)
{
    char again[ANCHOR_PATH_SIZE];
    uint32_t number = 0;
    const char *rest = name;
    if (!digits_read(&rest, 8, &number)) {
        return 0;
    }
    snprintf(again, sizeof again, "%08u.%s", number, kind);
    return strcmp(name, again) == 0 ? number : 0;
}

static void folder_read(struct verify_run *run)
{
    DIR *listing =
        dir_of(openat(run->operation, ANCHOR_FOLDER,
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!listing) {
        return;
    }
    const struct dirent *one = NULL;
    while ((one = readdir(listing))) {
        uint32_t number = number_of(one->d_name, "note");
        if (number) {
            note_take(run, number);
        }
    }
    closedir(listing);
}

/* Checkpoints that the caller kept: believed, since he kept them, but for a
 * signature that is false. */
static void given_take(struct verify_run *run, struct bytes text)
{
    struct note note;
    struct line line = verify_stand_in(0);
    if (note_parse(text, &note) && note_parse_text(text, &note)) {
        verify_say(run, VERIFY_UNVERIFIABLE, &line, "",
                   "the anchor that was given is no checkpoint");
    } else if (!is_ours(run, &note)) {
        verify_say(run, VERIFY_UNVERIFIABLE, &line, "",
                   "the anchor that was given is of another record: %.*s",
                   (int)note.origin.size, note.origin.data);
    } else if (note_verify(&note, run->origin, &run->log) == STING_E_FORGED) {
        verify_say(run, VERIFY_UNVERIFIABLE, &line, "",
                   "the log key of this record did not sign the anchor that "
                   "was given: it was made up or changed");
    } else {
        const struct verify_claim claim = {
            .size = note.size,
            .root = note.root,
            .given = text,
            .is_signed = !note_verify(&note, run->origin, &run->log)};
        claim_add(&run->outside, &claim);
    }
}

static int by_size(const void *a, const void *b)
{
    const struct verify_claim *one = a;
    const struct verify_claim *two = b;
    if (one->size != two->size) {
        return one->size < two->size ? -1 : 1;
    }
    return one->number < two->number ? -1 : one->number > two->number;
}

enum sting_status verify_anchors_begin(struct verify_run *run,
                                       const struct line *line)
{
    struct verify_outside *outside = &run->outside;
    for (size_t i = 0; i < run->options->known.anchors; i++) {
        given_take(run, run->options->known.anchor[i]);
    }
    folder_read(run);
    if (outside->claims > 0) {
        qsort(outside->claim, outside->claims, sizeof *outside->claim, by_size);
    }
    verify_anchors_pass(run, line); /* the genesis line has gone by already */
    return STING_OK;
}

static void claim_path(const struct verify_claim *claim,
                       char path[ANCHOR_PATH_SIZE])
{
    path[0] = '\0';
    if (claim->number) {
        anchor_file_path(claim->number, "note", path);
    }
}

/* What is wrong where the lines are not the ones of the claim. */
static const char *misfit_of(const struct verify_claim *claim)
{
    if (claim->number) {
        return "the lines up to here are not the ones that an outsider has "
               "seen";
    }
    return claim->is_signed
               ? "the log key of this record signed other lines, as the anchor "
                 "that was given shows: it was written anew, or two records go "
                 "on from one beginning"
               : "the lines up to here are not those of the anchor that was "
                 "given, which nobody signed: who gave it vouches for it";
}

void verify_anchors_pass(struct verify_run *run, const struct line *line)
{
    struct verify_outside *outside = &run->outside;
    verify_late_line(run, line->at.utc_us);
    while (outside->next < outside->claims &&
           outside->claim[outside->next].size <= run->tree.leaves) {
        struct verify_claim *claim = &outside->claim[outside->next];
        char path[ANCHOR_PATH_SIZE];
        claim_path(claim, path);
        claim->is_seen = digest_equal(claim->root, tree_root(&run->tree));
        if (!claim->is_seen && !run->is_chain_broken) {
            verify_say(run, VERIFY_TAMPERED, line, path, "%s",
                       misfit_of(claim));
        }
        outside->next++; /* until now it signed the line */
    }
}

/* ---- what lines say of it ---- */

static void pem_take(struct verify_run *run, const struct line *line,
                     const char *key, enum sting_status *status)
{
    struct verify_outside *outside = &run->outside;
    struct digest ct;
    char path[ANCHOR_PATH_SIZE];
    if (*status || line_hex(line, key, ct.byte, DIGEST_SIZE)) {
        return;
    }
    for (size_t i = 0; i < outside->pems; i++) {
        if (digest_equal(outside->pem[i], ct)) {
            return;
        }
    }
    anchor_pem_path(ct, path);
    *status = verify_plain_file(run, line, path, ct);
    if (outside->pems < VERIFY_MOST_PEMS) {
        outside->pem[outside->pems++] = ct;
    }
}

/* The claim of the file that the line names, by its hash under `key`. */
static enum sting_status named_file(struct verify_run *run,
                                    const struct line *line, uint32_t number,
                                    const char *kind, const char *key)
{
    struct digest ct;
    char path[ANCHOR_PATH_SIZE];
    if (line_hex(line, key, ct.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name an anchor");
        return STING_OK;
    }
    anchor_file_path(number, kind, path);
    return verify_plain_file(run, line, path, ct);
}

static uint32_t line_number(const struct line *line, const char *kind)
{
    char path[ANCHOR_PATH_SIZE];
    const size_t folder = strlen(ANCHOR_FOLDER "/");
    line_text(line, "file", path, sizeof path);
    return strncmp(path, ANCHOR_FOLDER "/", folder) == 0
               ? number_of(path + folder, kind)
               : 0;
}

/* A station went on while its record was verified: the note came after all
 * others had been read. It fits its line; it is not counted. */
static bool is_late(const struct verify_run *run, uint32_t number,
                    uint64_t size, struct digest root)
{
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    return note_read(run, number, &text, &note) && note.size == size &&
           digest_equal(note.root, root);
}

/* The checkpoint that the line speaks of is the one of its file. */
static void claim_name(struct verify_run *run, const struct line *line,
                       uint32_t number)
{
    struct digest root;
    int64_t size = -1;
    bool said = !line_integer(line, "size", &size) &&
                !line_hex(line, "root", root.byte, DIGEST_SIZE);
    const struct verify_claim wanted = {.size = (uint64_t)size,
                                        .number = number};
    const struct verify_claim *claim =
        said && run->outside.claims > 0
            ? bsearch(&wanted, run->outside.claim, run->outside.claims,
                      sizeof wanted, by_size)
            : NULL;
    if (claim && digest_equal(claim->root, root)) {
        return;
    }
    if (!said || !is_late(run, number, (uint64_t)size, root)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line speaks of another checkpoint than its anchor");
    }
}

/* When the stamp says that it was made; whether it counts is asked later. */
static int64_t stamp_time(const struct verify_run *run, uint32_t number)
{
    static const struct hash none = {.kind = HASH_SHA256};
    static const struct time_stamp_trust trust = {.at_us = INT64_MAX / 2};
    struct time_stamp stamp;
    char path[ANCHOR_PATH_SIZE];
    struct buffer reply STING_AUTO(buffer_release) = {0};
    anchor_file_path(number, "tsr", path);
    if (file_read(run->operation, path, TIME_STAMP_MOST_BYTES, &reply, NULL)) {
        return 0;
    }
    time_stamp_reply(buffer_bytes(&reply), &none, NULL, &trust, &stamp);
    return stamp.at_us;
}

static int64_t cosignature_time(const struct verify_run *run, uint32_t number,
                                const struct vkey *key)
{
    struct note note;
    uint64_t time_s = 0;
    struct buffer text STING_AUTO(buffer_release) = {0};
    return note_read(run, number, &text, &note) &&
                   !cosignature_verify(&note, key, &time_s, NULL)
               ? (int64_t)time_s * INT64_C(1000000)
               : 0;
}

/* What a line tells of time is the operator's word; the outsider's is in the
 * file. Reports show lines. */
static void time_hold(struct verify_run *run, const struct line *line,
                      int64_t seen_us)
{
    int64_t said_us = 0;
    if (seen_us > 0 && line_has(line, "at") &&
        (line_time(line, "at", &said_us) || said_us != seen_us)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line tells another time than its anchor");
    }
}

static enum sting_status stamp_line(struct verify_run *run,
                                    const struct line *line)
{
    uint32_t number = line_number(line, "tsr");
    enum sting_status status = named_file(run, line, number, "tsr", "ct");
    if (!status) {
        status = named_file(run, line, number, "note", "note");
    }
    pem_take(run, line, "ca", &status);
    pem_take(run, line, "crl", &status);
    claim_name(run, line, number);
    time_hold(run, line, stamp_time(run, number));
    return status;
}

static enum sting_status witness_line(struct verify_run *run,
                                      const struct line *line)
{
    char text[VKEY_TEXT_SIZE];
    struct vkey key;
    struct verify_outside *outside = &run->outside;
    uint32_t number = line_number(line, "note");
    enum sting_status status = named_file(run, line, number, "note", "ct");
    claim_name(run, line, number);
    line_text(line, "key", text, sizeof text);
    if (!vkey_parse(text, &key) && key.kind == VKEY_WITNESS) {
        time_hold(run, line, cosignature_time(run, number, &key));
        for (size_t i = 0; i < outside->keys; i++) {
            if (public_key_equal(&outside->key[i].key, &key.key) &&
                !strcmp(outside->key[i].name, key.name)) {
                return status;
            }
        }
        struct vkey *one =
            add(&outside->key, &outside->keys, MOST_KEYS, sizeof *one);
        if (one) {
            *one = key;
        }
    }
    return status;
}

/* An evidence record is made anew with each renewal: the last line counts. */
static enum sting_status record_line(struct verify_run *run,
                                     const struct line *line)
{
    struct verify_outside *outside = &run->outside;
    struct verify_record record = {.seq = line->seq, .utc_us = line->at.utc_us};
    enum sting_status status = STING_OK;
    line_text(line, "file", record.file, sizeof record.file);
    if (strncmp(record.file, "evidence/renewals/", 18) != 0 ||
        strstr(record.file, "..") ||
        line_hex(line, "ct", record.ct.byte, DIGEST_SIZE) ||
        line_hex(line, "manifest", record.manifest.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name an evidence record");
        return STING_OK;
    }
    pem_take(run, line, "ca", &status);
    pem_take(run, line, "crl", &status);
    for (size_t i = 0; i < outside->records; i++) {
        if (!strncmp(outside->record[i].file, record.file, RECORD_NAME)) {
            outside->record[i] = record;
            return status;
        }
    }
    struct verify_record *one =
        add(&outside->record, &outside->records, MOST_RECORDS, sizeof *one);
    if (one) {
        *one = record;
    }
    return status;
}

static enum sting_status beacon_line(struct verify_run *run,
                                     const struct line *line)
{
    run->report->beacons++;
    run->report->beacon_at = line->seq;
    line_text(line, "source", run->report->beacon_source,
              sizeof run->report->beacon_source);
    return STING_OK;
}

enum sting_status verify_anchors_line(struct verify_run *run,
                                      const struct line *line)
{
    static const struct {
        const char *kind;
        const char *needs;
        enum sting_status (*take)(struct verify_run *, const struct line *);
    } row[] = {
        {"tsr", "file", stamp_line},
        {"cosig", "file", witness_line},
        {"anchor", "manifest", record_line},
        {"beacon", "source", beacon_line},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!strcmp(line->kind->name, row[i].kind) &&
            line_has(line, row[i].needs) && verify_is_signed(run, line)) {
            return row[i].take(run, line);
        }
    }
    return STING_OK;
}

/* ---- the end ---- */

/* What an outsider has seen and is not here any more. */
static void judge_beyond(struct verify_run *run)
{
    const struct verify_outside *outside = &run->outside;
    if (outside->next == outside->claims) {
        return;
    }
    const struct verify_claim *claim = &outside->claim[outside->claims - 1];
    char path[ANCHOR_PATH_SIZE];
    struct line line = verify_stand_in(run->tree.leaves);
    claim_path(claim, path);
    verify_say(run, VERIFY_CUT, &line, path,
               "%s %" PRIu64 " lines, %" PRIu64 " are left",
               claim->number ? "an outsider has seen"
                             : "the anchor that was given is of",
               claim->size, run->tree.leaves);
}

enum sting_status verify_anchors_end(struct verify_run *run)
{
    if (!run->origin[0]) {
        return STING_OK;
    }
    judge_beyond(run);
    enum sting_status status = verify_outsiders(run);
    verify_late_end(run);
    return status;
}
