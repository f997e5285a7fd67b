#include "operation/box_carry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "crypt/digest.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "ledger/recording.h"
#include "ledger/recording_name.h"
#include "ledger/unsigned_lines.h"
#include "ledger/verify_map.h"

#define PIECE_BYTES ((size_t)1 << 18)

/* A camera's day of which something went over. */
struct day {
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    int64_t erased_us; /* by the last line that says so; 0: by none */
};

struct carry {
    int here;
    int coming;
    struct box_carried *done;
    struct day *day; /* owned */
    size_t days;
};

static void carry_release(struct carry *carry)
{
    free(carry->day);
}

/* What a line says of its file. */
struct named {
    char path[RECORDING_PATH_SIZE];
    struct digest ct;
    int64_t bytes; /* -1: not said */
    bool is_recording;
};

static bool named_read(const struct line *line, struct named *out)
{
    const char *kind = line->kind->name;
    char hex[DIGEST_TEXT_SIZE];
    *out = (struct named){.bytes = -1};
    out->is_recording = !strcmp(kind, "seg") || !strcmp(kind, "init");
    if (out->is_recording) {
        return !recording_path(line, out->path) &&
               !line_hex(line, "ct", out->ct.byte, DIGEST_SIZE) &&
               !line_integer(line, "bytes", &out->bytes);
    }
    const char *key = strcmp(kind, "genesis") ? "blob" : "purpose";
    if (line_hex(line, key, out->ct.byte, DIGEST_SIZE)) {
        return false;
    }
    (void)snprintf(out->path, sizeof out->path, "evidence/blobs/%s.age",
                   digest_text(out->ct, hex));
    return true;
}

/* ---- one file ---- */

static enum sting_status hash_read(int file, struct digest *out)
{
    struct digest_state state;
    uint8_t *piece = malloc(PIECE_BYTES);
    ssize_t got = 0;
    if (!piece) {
        return STING_E_NOMEM;
    }
    digest_init(&state);
    while ((got = read(file, piece, PIECE_BYTES)) > 0) {
        digest_update(&state, (struct bytes){piece, (size_t)got});
    }
    *out = digest_final(&state);
    digest_release(&state);
    free(piece);
    return got < 0 ? STING_E_IO : STING_OK;
}

/* Small files, and what a map cannot give, are read. */
static enum sting_status hash_file(int file, struct digest *out)
{
    uint64_t bytes = 0;
    return verify_map_hash(file, out, &bytes) ? hash_read(file, out) : STING_OK;
}

static enum sting_status is_as_said(int file, const struct named *named,
                                    struct stat *info, bool *out)
{
    struct digest ct;
    *out = false;
    if (fstat(file, info) != 0) {
        return STING_E_IO;
    }
    if (!S_ISREG(info->st_mode) ||
        (named->bytes >= 0 && info->st_size != named->bytes)) {
        return STING_OK;
    }
    enum sting_status status = hash_file(file, &ct);
    *out = !status && digest_equal(ct, named->ct);
    return status;
}

static enum sting_status bytes_copy(int from, int to)
{
    uint8_t *piece = malloc(PIECE_BYTES);
    enum sting_status status = piece ? STING_OK : STING_E_NOMEM;
    ssize_t got = 0;
    if (lseek(from, 0, SEEK_SET) != 0) {
        got = -1;
    }
    while (!status && got >= 0 && (got = read(from, piece, PIECE_BYTES)) > 0) {
        status = file_write_fd(to, (struct bytes){piece, (size_t)got});
    }
    free(piece);
    return !status && got < 0 ? STING_E_IO : status;
}

/* The very file that was looked at, by whatever name it has now. */
static enum sting_status file_put(int file, int coming, const char *path)
{
    char open_file[32];
    char folder[RECORDING_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    if (folder_make(coming, folder)) {
        return STING_E_IO;
    }
    (void)snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", file);
    if (linkat(AT_FDCWD, open_file, coming, path, AT_SYMLINK_FOLLOW) == 0) {
        return STING_OK;
    }
    int to STING_AUTO(fd_close) =
        openat(coming, path,
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return to < 0 ? STING_E_IO : bytes_copy(file, to);
}

/* ---- what is told ---- */

static struct day *day_find(const struct carry *carry, const char *camera,
                            const char *date)
{
    for (size_t i = carry->days; i-- > 0;) {
        struct day *day = &carry->day[i];
        if (!strcmp(day->date, date) &&
            (!camera[0] || !strcmp(day->camera, camera))) {
            return day;
        }
    }
    return NULL;
}

static enum sting_status day_note(struct carry *carry, const struct line *line)
{
    struct day day = {.erased_us = 0};
    line_text(line, "camera", day.camera, sizeof day.camera);
    line_text(line, "date", day.date, sizeof day.date);
    if (day_find(carry, day.camera, day.date)) {
        return STING_OK;
    }
    struct day *one = array_add(&carry->day, &carry->days, sizeof *carry->day);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = day;
    return STING_OK;
}

static void erase_take(const struct carry *carry, const struct line *line)
{
    char camera[LEDGER_CAMERA_SIZE];
    char date[LEDGER_DATE_SIZE];
    struct box_carried *done = carry->done;
    int64_t at_us = line->at.utc_us;
    line_text(line, "camera", camera, sizeof camera);
    line_text(line, "date", date, sizeof date);
    if (!day_find(carry, camera, date)) {
        return;
    }
    done->first_us =
        !done->first_us || at_us < done->first_us ? at_us : done->first_us;
    done->last_us = at_us > done->last_us ? at_us : done->last_us;
}

/* ---- line by line ---- */

static enum sting_status file_carry(struct carry *carry,
                                    const struct line *line,
                                    const struct named *named, bool is_signed)
{
    struct box_carried *done = carry->done;
    struct stat info;
    bool fits = false;
    if (faccessat(carry->coming, named->path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
        faccessat(carry->here, named->path, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
        return STING_OK;
    }
    int file STING_AUTO(fd_close) =
        file_open_below(carry->here, named->path, O_RDONLY);
    enum sting_status status =
        file < 0 ? STING_OK : is_as_said(file, named, &info, &fits);
    if (status || !fits || !is_signed) {
        done->unlike += !status;
        return status;
    }
    status = file_put(file, carry->coming, named->path);
    if (status) {
        return status;
    }
    done->recordings += named->is_recording;
    done->blobs += !named->is_recording;
    done->bytes += (uint64_t)info.st_size;
    return named->is_recording ? day_note(carry, line) : STING_OK;
}

static enum sting_status line_carry(struct carry *carry,
                                    const struct line *line, bool is_signed)
{
    struct named named;
    if (!strcmp(line->kind->name, "erase") && is_signed) {
        erase_take(carry, line);
    }
    return named_read(line, &named) ? file_carry(carry, line, &named, is_signed)
                                    : STING_OK;
}

static enum sting_status lines_carry(struct carry *carry, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    struct line line;
    enum sting_status status =
        unsigned_lines_read(carry->coming, &lines, fault);
    if (!status) {
        status = ledger_reader_open(carry->coming, &reader, fault);
    }
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        status = line_carry(carry, &line, line.seq < lines.signed_to);
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

enum sting_status box_carry(int here, int coming, struct box_carried *out,
                            struct fault *fault)
{
    struct carry carry STING_AUTO(carry_release) = {
        .here = here, .coming = coming, .done = out};
    *out = (struct box_carried){0};
    enum sting_status status = lines_carry(&carry, fault);
    if (!status && out->recordings + out->blobs > 0 && syncfs(coming) != 0) {
        status = STING_E_IO;
    }
    if (!status || (fault && fault->why[0])) {
        return status;
    }
    return fault_errno(fault, status, "make room, then import it again",
                       "what is here and does not come again cannot be taken "
                       "over");
}
