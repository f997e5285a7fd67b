/* V8: every file that a line names is there, is a file, and is the one. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/age.h"
#include "ledger/recording_name.h"
#include "ledger/verify_map.h"
#include "ledger/verify_state.h"

/* Read and hashed while it is in the nearest cache but one. */
#define CHUNK_BYTES ((size_t)128 * 1024)

/* What a line says of one file. */
struct claim {
    char path[RECORDING_PATH_SIZE];
    struct digest ct;
    struct digest pt;
    bool has_pt;
    bool is_plain; /* not an age file */
    int64_t bytes; /* -1: not said */
};

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

static enum sting_status hash_piece(struct hashing *hashing, struct bytes piece,
                                    enum sting_status *opened)
{
    digest_update(&hashing->ct, piece);
    if (!hashing->reader || *opened) {
        return STING_OK;
    }
    hashing->plain.size = 0;
    *opened = age_reader_put(hashing->reader, piece, &hashing->plain);
    digest_update(&hashing->pt, buffer_bytes(&hashing->plain));
    return *opened == STING_E_NOMEM ? STING_E_NOMEM : STING_OK;
}

static void hash_end(struct hashing *hashing, struct found *out)
{
    out->ct = digest_final(&hashing->ct);
    if (hashing->reader && !out->opened) {
        hashing->plain.size = 0;
        out->opened = age_reader_end(hashing->reader, &hashing->plain);
        digest_update(&hashing->pt, buffer_bytes(&hashing->plain));
    }
    out->pt = digest_final(&hashing->pt);
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
        status = hash_piece(hashing, (struct bytes){room, (size_t)got},
                            &out->opened);
    }
    if (!status) {
        hash_end(hashing, out);
    }
    return status;
}

static enum sting_status hash_file(struct verify_run *run,
                                   const struct claim *claim, struct found *out)
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
                         const struct claim *claim, const struct found *found)
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
    }
}

static void judge(struct verify_run *run, const struct line *line,
                  const struct claim *claim, const struct found *found)
{
    run->report->bytes += found->bytes;
    run->claimed += !claim->is_plain && !strncmp(claim->path, "evidence/", 9);
    if (claim->bytes >= 0 && (uint64_t)claim->bytes != found->bytes) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "the file has %" PRIu64 " bytes, the ledger says %" PRId64,
                   found->bytes, claim->bytes);
    } else if (!digest_equal(found->ct, claim->ct)) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "the file is not the one that the ledger names");
    } else {
        judge_inside(run, line, claim, found);
    }
}

static enum sting_status add_missing(struct verify_run *run,
                                     const struct line *line, const char *path)
{
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    line_text(line, "camera", camera, sizeof camera);
    line_text(line, "date", date, sizeof date);
    for (size_t i = run->missings; i-- > 0;) { /* the newest is likely it */
        if (!strcmp(run->missing[i].camera, camera) &&
            !strcmp(run->missing[i].date, date)) {
            run->missing[i].count++;
            return STING_OK;
        }
    }
    if (run->missings == VERIFY_MOST_MISSING) {
        verify_say(run, VERIFY_TAMPERED, line, path,
                   "recordings of more days are missing than can be told");
        return STING_OK;
    }
    if (run->missings == run->missing_room) {
        size_t wanted = run->missing_room ? 2 * run->missing_room : 16;
        void *grown = reallocarray(run->missing, wanted, sizeof *run->missing);
        if (!grown) {
            return STING_E_NOMEM;
        }
        run->missing = grown;
        run->missing_room = wanted;
    }
    struct verify_missing *row = &run->missing[run->missings++];
    *row = (struct verify_missing){
        .seq = line->seq, .utc_us = line->at.utc_us, .count = 1};
    memcpy(row->camera, camera, sizeof camera);
    memcpy(row->date, date, sizeof date);
    snprintf(row->file, sizeof row->file, "%s", path);
    return STING_OK;
}

/* An `erase` line accounts for the missing recordings of a camera's day. */
static void erase(struct verify_run *run, const struct line *line)
{
    for (size_t i = 0; i < run->missings; i++) {
        struct verify_missing *row = &run->missing[i];
        bool camera =
            !line_has(line, "camera") ||
            bytes_equal(line_raw(line, "camera"), bytes_of_text(row->camera));
        if (camera &&
            bytes_equal(line_raw(line, "date"), bytes_of_text(row->date))) {
            run->report->erased += row->count;
            *row = run->missing[--run->missings];
            i--;
        }
    }
}

static enum sting_status check(struct verify_run *run, const struct line *line,
                               const struct claim *claim)
{
    struct found found;
    bool is_recording = line_has(line, "date");
    enum sting_status status = hash_file(run, claim, &found);
    if (status == STING_E_UNSUPPORTED) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "this is not a regular file");
        return STING_OK;
    }
    if (status == STING_E_ABSENT && is_recording) {
        return add_missing(run, line, claim->path);
    }
    if (status == STING_E_ABSENT) {
        verify_say(run, VERIFY_TAMPERED, line, claim->path,
                   "the file is missing");
        return STING_OK;
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
    struct claim claim = {.ct = ct, .is_plain = true, .bytes = -1};
    snprintf(claim.path, sizeof claim.path, "%s", path);
    return check(run, line, &claim);
}

static enum sting_status check_recording(struct verify_run *run,
                                         const struct line *line)
{
    struct claim claim = {.bytes = -1};
    if (recording_path(line, claim.path) ||
        line_hex(line, "ct", claim.ct.byte, DIGEST_SIZE) ||
        line_integer(line, "bytes", &claim.bytes) || claim.bytes < 0) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a recording");
        return STING_OK;
    }
    claim.has_pt = !line_hex(line, "pt", claim.pt.byte, DIGEST_SIZE);
    run->report->segments++;
    return check(run, line, &claim);
}

/* A blob is named by its hash, under these two keys. */
static enum sting_status check_blob(struct verify_run *run,
                                    const struct line *line, const char *ct_key,
                                    const char *pt_key)
{
    struct claim claim = {.bytes = -1};
    char hex[DIGEST_TEXT_SIZE];
    if (!line_has(line, ct_key)) {
        return STING_OK;
    }
    if (line_hex(line, ct_key, claim.ct.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a blob");
        return STING_OK;
    }
    claim.has_pt = !line_hex(line, pt_key, claim.pt.byte, DIGEST_SIZE);
    snprintf(claim.path, sizeof claim.path, "evidence/blobs/%s.age",
             digest_text(claim.ct, hex));
    run->report->blobs++;
    return check(run, line, &claim);
}

/* Is there a folder of this bait here? A copy of the evidence alone has
 * none, and says nothing about bait. */
static bool has_bait(struct verify_run *run, const struct line *line,
                     char name[LEDGER_CAMERA_SIZE])
{
    char path[RECORDING_PATH_SIZE];
    line_text(line, "bait", name, LEDGER_CAMERA_SIZE);
    snprintf(path, sizeof path, "bait/%s", name);
    return ledger_is_camera_name(bytes_of_text(name)) &&
           faccessat(run->operation, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum sting_status check_bait_file(struct verify_run *run,
                                         const struct line *line,
                                         const char *key, const char *bait,
                                         const char *file)
{
    struct claim claim = {.bytes = -1};
    if (line_hex(line, key, claim.ct.byte, DIGEST_SIZE)) {
        return STING_OK;
    }
    snprintf(claim.path, sizeof claim.path, "bait/%s/%s", bait, file);
    return check(run, line, &claim);
}

static void mark_issued(struct verify_run *run, const char *name)
{
    for (size_t i = 0; i < run->baits; i++) {
        struct verify_bait *bait = &run->bait[i];
        bait->is_issued = bait->is_issued || !strcmp(bait->name, name);
    }
}

/* The register of a batch of copies. */
static enum sting_status check_issue(struct verify_run *run,
                                     const struct line *line)
{
    char bait[LEDGER_CAMERA_SIZE];
    char file[64];
    int64_t first = 0;
    int64_t count = 0;
    if (!has_bait(run, line, bait) || line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) || first < 0 || count < 1 ||
        first > UINT32_MAX || count > UINT32_MAX) {
        return STING_OK;
    }
    mark_issued(run, bait);
    snprintf(file, sizeof file, "register/%08" PRId64 "-%08" PRId64 ".age",
             first, first + count - 1);
    return check_bait_file(run, line, "register", bait, file);
}

static void take_index(struct verify_run *run, const struct line *line,
                       const char *name)
{
    for (size_t i = 0; i < run->baits; i++) {
        struct verify_bait *bait = &run->bait[i];
        if (!strcmp(bait->name, name) &&
            !line_hex(line, "index", bait->index.byte, DIGEST_SIZE)) {
            bait->has_index = true;
            bait->index_seq = line->seq;
        }
    }
}

/* Remember the last line of each bait: one that a crash cut off is added
 * again, under the same name, and only then has its files. */
static void take_bait(struct verify_run *run, const struct line *line,
                      struct bytes text)
{
    char name[LEDGER_CAMERA_SIZE];
    if (!has_bait(run, line, name) || !line_has(line, "reference")) {
        take_index(run, line, name);
        return;
    }
    size_t i = 0;
    while (i < run->baits && strcmp(run->bait[i].name, name) != 0) {
        i++;
    }
    if (i == VERIFY_MOST_BAITS) {
        return;
    }
    run->baits += i == run->baits;
    memcpy(run->bait[i].name, name, sizeof name);
    memcpy(run->bait[i].text, text.data, text.size);
    run->bait[i].size = text.size;
    run->bait[i].has_index = false;
}

enum sting_status verify_baits(struct verify_run *run)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < run->baits && !status; i++) {
        struct verify_bait *bait = &run->bait[i];
        struct line line;
        char path[RECORDING_PATH_SIZE];
        snprintf(path, sizeof path, "bait/%s/reference.age", bait->name);
        bool is_here =
            faccessat(run->operation, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
        if (line_parse((struct bytes){bait->text, bait->size}, &line) ||
            (!is_here && !bait->is_issued)) {
            continue; /* its reference is written last: not a bait yet */
        }
        status = check_bait_file(run, &line, "sealed", bait->name,
                                 "original.pdf.age");
        if (!status) {
            status = check_bait_file(run, &line, "reference", bait->name,
                                     "reference.age");
        }
    }
    return status;
}

enum sting_status verify_opens(struct verify_run *run, const struct line *line,
                               const char *path, const struct digest *ct)
{
    struct claim claim = {.bytes = -1};
    struct found found;
    snprintf(claim.path, sizeof claim.path, "%s", path);
    enum sting_status status = hash_file(run, &claim, &found);
    if (status == STING_E_ABSENT) {
        return STING_OK;
    }
    if (status == STING_E_UNSUPPORTED) {
        verify_say(run, VERIFY_TAMPERED, line, path,
                   "this is not a regular file");
        return STING_OK;
    }
    if (!status && ct) {
        claim.ct = *ct;
        judge(run, line, &claim, &found);
    } else if (!status) {
        judge_inside(run, line, &claim, &found);
    }
    return status;
}

/* A torn end that was put aside: "evidence/..." as it stands there. */
static enum sting_status check_aside(struct verify_run *run,
                                     const struct line *line)
{
    struct claim claim = {.bytes = -1, .is_plain = true};
    char path[RECORDING_PATH_SIZE];
    line_text(line, "file", path, sizeof path);
    if (strncmp(path, "evidence/", 9) != 0 || strstr(path, "..") ||
        line_hex(line, "ct", claim.ct.byte, DIGEST_SIZE)) {
        verify_say(run, VERIFY_TAMPERED, line, "",
                   "the line does not name a file put aside");
        return STING_OK;
    }
    memcpy(claim.path, path, sizeof path);
    return check(run, line, &claim);
}

enum sting_status verify_files(struct verify_run *run, const struct line *line,
                               struct bytes text)
{
    const char *kind = line->kind->name;
    if (!strcmp(kind, "seg") || !strcmp(kind, "init")) {
        return check_recording(run, line);
    }
    if (!strcmp(kind, "genesis")) {
        return check_blob(run, line, "purpose", "purpose_pt");
    }
    if (!strcmp(kind, "gap") && line_has(line, "file")) {
        return check_aside(run, line);
    }
    if (!strcmp(kind, "erase")) {
        erase(run, line);
    }
    if (!strcmp(kind, "bait")) {
        take_bait(run, line, text);
    }
    if (!strcmp(kind, "issue")) {
        enum sting_status status = check_issue(run, line);
        if (status) {
            return status;
        }
    }
    return check_blob(run, line, "blob", "pt");
}
