/* One file that a line names: is it there, is it the one, and what is inside?
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "ledger/verify_map.h"
#include "ledger/verify_state.h"

/* Read and hashed while it is in the nearest cache but one. */
#define CHUNK_BYTES ((size_t)128 * 1024)

/* What reading the file found. */
struct found {
    struct digest ct;
    struct digest pt;
    uint64_t bytes;
    enum sting_status opened; /* of the inside; E_UNSUPPORTED: not tried */
};

/* The two hashes under way. */
struct hashing {
    struct digest_state ct;
    struct digest_state pt;
    struct age_reader *reader; /* NULL: the inside is not looked at */
    struct buffer plain;
};

static void hashing_release(struct hashing *hashing)
{
    digest_release(&hashing->ct);
    digest_release(&hashing->pt);
    age_reader_free(&hashing->reader);
    buffer_wipe(&hashing->plain);
}

static enum sting_status hash_piece(struct verify_run *run,
                                    struct hashing *hashing, struct bytes piece,
                                    enum sting_status *opened)
{
    digest_update(&hashing->ct, piece);
    if (!hashing->reader || *opened) {
        return STING_OK;
    }
    hashing->plain.size = 0;
    *opened = age_reader_put(hashing->reader, piece, &hashing->plain);
    digest_update(&hashing->pt, buffer_bytes(&hashing->plain));
    return *opened == STING_E_NOMEM
               ? STING_E_NOMEM
               : verify_film_put(run, buffer_bytes(&hashing->plain));
}

static enum sting_status hash_end(struct verify_run *run,
                                  struct hashing *hashing, struct found *out)
{
    enum sting_status status = STING_OK;
    out->ct = digest_final(&hashing->ct);
    if (hashing->reader && !out->opened) {
        hashing->plain.size = 0;
        out->opened = age_reader_end(hashing->reader, &hashing->plain);
        digest_update(&hashing->pt, buffer_bytes(&hashing->plain));
        status = verify_film_put(run, buffer_bytes(&hashing->plain));
    }
    out->pt = digest_final(&hashing->pt);
    return status;
}

static enum sting_status hash_all(struct verify_run *run, int file,
                                  struct hashing *hashing, struct found *out)
{
    run->room = run->room ? run->room : malloc(CHUNK_BYTES);
    uint8_t *room = run->room;
    enum sting_status status = room ? STING_OK : STING_E_NOMEM;
    while (!status) {
        ssize_t got = read(file, room, CHUNK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            status = got < 0 ? STING_E_IO : STING_OK;
            break;
        }
        out->bytes += (uint64_t)got;
        status = hash_piece(run, hashing, (struct bytes){room, (size_t)got},
                            &out->opened);
    }
    return status ? status : hash_end(run, hashing, out);
}

static enum sting_status hash_file(struct verify_run *run,
                                   const struct verify_named *claim,
                                   struct found *out)
{
    int file STING_AUTO(fd_close) = -1;
    struct hashing hashing STING_AUTO(hashing_release) = {0};
    const struct age_with with = {.identity = run->options->identity,
                                  .identities = run->options->identity != NULL,
                                  .ask = run->options->ask,
                                  .context = run->options->context};
    *out = (struct found){.opened = STING_E_UNSUPPORTED};
    enum sting_status status = verify_open(run, claim->path, &file);
    if (!status && (with.identities || with.ask) && !claim->is_plain) {
        out->opened = STING_OK;
        status = age_reader_new(&with, &hashing.reader);
    }
    if (status ||
        (!hashing.reader && !verify_map_hash(file, &out->ct, &out->bytes))) {
        return status;
    }
    verify_film_begin(run, claim->film);
    digest_init(&hashing.ct);
    digest_init(&hashing.pt);
    status = hash_all(run, file, &hashing, out);
    if (status == STING_E_IO) {
        fault_errno(run->fault, status, "check the disk", "%s cannot be read",
                    claim->path);
    }
    return status;
}

/* The outside is right: what about the inside? */
static void judge_inside(struct verify_run *run, const struct line *line,
                         const struct verify_named *claim,
                         const struct found *found)
{
    if (found->opened == STING_E_UNSUPPORTED) {
        return;
    }
    run->report->opened++;
    if (found->opened == STING_E_ABSENT) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, claim->path,
                   "this identity does not open the file");
    } else if (found->opened) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   claim->bytes < 0 && !claim->has_pt
                       ? "the file cannot be opened: %s"
                       : "the file is as the ledger says, but cannot be "
                         "opened: %s",
                   sting_status_text(found->opened));
    } else if (claim->has_pt && !digest_equal(found->pt, claim->pt)) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "what is inside the file is not what the ledger says");
    } else {
        verify_film_judge(run, line);
    }
}

/* Zeros are the hash of nothing that is known. */
static bool is_told(const struct digest *hash, const struct found *found)
{
    static const struct digest none;
    return !digest_equal(*hash, none) && digest_equal(*hash, found->ct);
}

static bool is_by_nobody(const struct verify_named *claim,
                         const struct found *found)
{
    return is_told(&claim->by_nobody, found) &&
           !digest_equal(claim->ct, found->ct) &&
           !is_told(&claim->before, found);
}

static void judge(struct verify_run *run, const struct line *line,
                  const struct verify_named *claim, const struct found *found)
{
    run->report->bytes += found->bytes;
    run->claimed += !claim->is_plain && !claim->is_again &&
                    !strncmp(claim->path, "evidence/", 9);
    if (claim->bytes >= 0 && (uint64_t)claim->bytes != found->bytes) {
        verify_say_file(run, line, claim->was_seen, claim->path,
                        "the file has %" PRIu64
                        " bytes, the ledger says %" PRId64,
                        found->bytes, claim->bytes);
    } else if (is_by_nobody(claim, found)) {
        verify_say(run, VERIFY_UNVERIFIABLE, line, claim->path,
                   "the file is not the one that this line names, but that of "
                   "a later line, which nobody signed");
    } else if (!digest_equal(found->ct, claim->ct) &&
               !is_told(&claim->before, found)) {
        verify_say_file(run, line, claim->was_seen, claim->path,
                        "the file is not the one that the ledger names");
    } else {
        judge_inside(run, line, claim, found);
    }
}

/* One more of that day. The first behind the last `erase` line is known to
 * be one that none accounts for. */
static void add_more(struct verify_missing *row, const struct line *line,
                     const char *path, uint64_t bytes)
{
    row->count++;
    row->bytes += bytes;
    if (row->is_told && !row->is_late) {
        row->is_late = true;
        row->seq = line->seq;
        row->utc_us = line->at.utc_us;
        snprintf(row->file, sizeof row->file, "%s", path);
    }
}

static enum sting_status add_missing(struct verify_run *run,
                                     const struct line *line,
                                     const struct verify_named *claim)
{
    const char *path = claim->path;
    uint64_t bytes = claim->bytes > 0 ? (uint64_t)claim->bytes : 0;
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    line_text(line, "camera", camera, sizeof camera);
    line_text(line, "date", date, sizeof date);
    bool is_void = verify_is_void(run, line) && !claim->was_seen;
    for (size_t i = run->missings; i-- > 0;) { /* the newest is likely it */
        if (run->missing[i].is_void == is_void &&
            !strcmp(run->missing[i].camera, camera) &&
            !strcmp(run->missing[i].date, date)) {
            add_more(&run->missing[i], line, path, bytes);
            return verify_stretch_add(run, &run->missing[i], line);
        }
    }
    if (run->missings >=
        (is_void ? VERIFY_MOST_VOID_MISSING : VERIFY_MOST_MISSING)) {
        verify_say(run, VERIFY_TAMPERED, line, path,
                   "recordings of more days are missing than can be told");
        return STING_OK;
    }
    struct verify_missing *row =
        array_add(&run->missing, &run->missings, sizeof *run->missing);
    if (!row) {
        return STING_E_NOMEM;
    }
    *row = (struct verify_missing){.seq = line->seq,
                                   .utc_us = line->at.utc_us,
                                   .count = 1,
                                   .is_void = is_void,
                                   .bytes = bytes};
    memcpy(row->camera, camera, sizeof camera);
    memcpy(row->date, date, sizeof date);
    snprintf(row->file, sizeof row->file, "%s", path);
    return verify_stretch_add(run, row, line);
}

/* A recording may have been erased, if it was ever here: who adds a line that
 * nobody signs need not have had one. */
static enum sting_status take_missing(struct verify_run *run,
                                      const struct line *line,
                                      const struct verify_named *claim)
{
    if (line_has(line, "date") && run->notes.has_note) {
        return add_missing(run, line, claim);
    }
    verify_say(run, VERIFY_TAMPERED, line, claim->path,
               "the file that it names is missing");
    return STING_OK;
}

enum sting_status verify_named(struct verify_run *run, const struct line *line,
                               const struct verify_named *claim)
{
    struct found found;
    enum sting_status status = hash_file(run, claim, &found);
    if (status == STING_E_UNSUPPORTED) {
        verify_say_file(run, line, claim->was_seen, claim->path,
                        "this is not a regular file");
        return STING_OK;
    }
    if (status == STING_E_ABSENT) {
        return take_missing(run, line, claim);
    }
    if (!status) {
        judge(run, line, claim, &found);
    }
    return status;
}

enum sting_status verify_plain_file(struct verify_run *run,
                                    const struct line *line, const char *path,
                                    struct digest ct)
{
    struct verify_named claim = {.ct = ct, .is_plain = true, .bytes = -1};
    snprintf(claim.path, sizeof claim.path, "%s", path);
    return verify_named(run, line, &claim);
}

enum sting_status verify_opens(struct verify_run *run, const struct line *line,
                               const struct verify_named *claim, bool has_ct)
{
    struct found found;
    enum sting_status status = hash_file(run, claim, &found);
    if (status == STING_E_ABSENT) {
        return STING_OK;
    }
    if (status == STING_E_UNSUPPORTED) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "this is not a regular file");
        return STING_OK;
    }
    if (!status && has_ct) {
        judge(run, line, claim, &found);
    } else if (!status) {
        judge_inside(run, line, claim, &found);
    }
    return status;
}
