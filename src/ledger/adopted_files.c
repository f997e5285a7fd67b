#include "ledger/adopted_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/recording_name.h"

#define PIECE_BYTES ((size_t)64 * 1024)

/* What the line says of its file. */
struct said {
    char path[RECORDING_PATH_SIZE];
    struct digest ct;
    int64_t bytes;
};

static bool said_read(const struct line *line, struct said *out)
{
    return !recording_path(line, out->path) &&
           !line_hex(line, "ct", out->ct.byte, DIGEST_SIZE) &&
           !line_integer(line, "bytes", &out->bytes) && out->bytes >= 0;
}

/* Numbers of a camera only grow: then no line before names that file. */
static bool is_new(struct ledger *ledger, const struct line *line)
{
    char camera[LEDGER_CAMERA_SIZE + 8];
    int64_t n = -1;
    int64_t part = -1;
    line_text(line, "camera", camera, sizeof camera);
    const struct ledger_camera *row = ledger_camera_row(ledger, camera);
    if (!row || line_integer(line, "n", &n)) {
        return false;
    }
    bool is_init = !strcmp(line->kind->name, "init");
    if (!recording_number_fits(n, is_init ? row->init : row->segment)) {
        return false;
    }
    if (is_init) {
        return n >= row->init;
    }
    bool goes_on = !line_integer(line, "part", &part) && row->part > 0 &&
                   n == row->segment - 1;
    return n >= row->segment || (goes_on && part >= row->part);
}

/* The hash of as many bytes as there should be, and none behind them. */
static bool has_hash(int file, const struct said *said)
{
    struct digest_state state STING_AUTO(digest_release) = {0};
    uint8_t piece[PIECE_BYTES];
    int64_t left = said->bytes;
    digest_init(&state);
    for (;;) {
        ssize_t got = read(file, piece, sizeof piece);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 || got > left) {
            return false;
        }
        if (got == 0) {
            return left == 0 && digest_equal(digest_final(&state), said->ct);
        }
        digest_update(&state, (struct bytes){piece, (size_t)got});
        left -= got;
    }
}

/* A regular file of that size, open; -1 when there is none. */
static int said_open(const struct ledger *ledger, const struct said *said)
{
    struct stat info;
    int file = file_open_below(ledger->operation, said->path, 0);
    if (file >= 0 && (fstat(file, &info) != 0 || !S_ISREG(info.st_mode) ||
                      info.st_size != said->bytes)) {
        fd_close(&file);
    }
    return file;
}

/* Whether it is as the line says; E_LIMIT when it may not be read any more. */
static enum sting_status judge(struct adopted_files *adopted,
                               struct ledger *ledger, const struct line *line)
{
    struct said said = {.path = ""};
    if (!said_read(line, &said) || !is_new(ledger, line)) {
        return STING_E_FORGED;
    }
    int file STING_AUTO(fd_close) = said_open(ledger, &said);
    if (file < 0) {
        return STING_E_FORGED;
    }
    if (adopted->files == ADOPTED_MOST_FILES ||
        (uint64_t)said.bytes > ADOPTED_MOST_BYTES - adopted->bytes) {
        return STING_E_LIMIT;
    }
    adopted->files++;
    adopted->bytes += (uint64_t)said.bytes;
    return has_hash(file, &said) ? STING_OK : STING_E_FORGED;
}

void adopted_files_look(struct adopted_files *adopted, struct ledger *ledger,
                        const struct line *line)
{
    const char *kind = line->kind->name;
    if (adopted->is_over ||
        (strcmp(kind, "seg") != 0 && strcmp(kind, "init") != 0)) {
        return;
    }
    enum sting_status status = judge(adopted, ledger, line);
    if (status == STING_E_FORGED && adopted->unlikes < ADOPTED_MOST_UNLIKE) {
        adopted->unlike[adopted->unlikes++] = line->seq;
    } else if (status) {
        adopted->is_over = true;
        adopted->over_at = line->seq;
    }
}

char *adopted_files_unlike(const struct adopted_files *adopted,
                           char text[ADOPTED_TEXT_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < adopted->unlikes; i++) {
        used +=
            (size_t)snprintf(text + used, ADOPTED_TEXT_SIZE - used,
                             "%s%" PRIu64, i ? "," : "", adopted->unlike[i]);
    }
    return text;
}
