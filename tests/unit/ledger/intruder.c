#include "tests/unit/ledger/intruder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"

/* The last line; how much of its hash the next one names. */
static struct digest last_read(int operation, struct line *last)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct digest digest = {{0}};
    if (ledger_reader_open(operation, &reader, NULL)) {
        abort();
    }
    while (!ledger_reader_next(reader, last)) {
        digest = digest_of(ledger_reader_text(reader));
    }
    return digest;
}

void intruder_appends(int operation, const char *kind,
                      const struct line_field field[], size_t fields)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct line last = {.seq = 0};
    const struct digest prev = last_read(operation, &last);
    const uint8_t random[LINE_RANDOM_SIZE] = {7};
    struct line_head head = {.seq = last.seq + 1, .at = last.at};
    memcpy(head.boot, last.boot, sizeof head.boot);
    int file STING_AUTO(fd_close) =
        openat(operation, "evidence/ledger", O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0 || line_begin(&text, &head, kind, field, fields) ||
        line_end(&text, random, prev, last.prev_size) ||
        file_write_fd(file, buffer_bytes(&text))) {
        fputs("the intruder cannot write\n", stderr);
        abort();
    }
}

void seg_line_write(struct seg_line *out, const char *camera, const char *date,
                    const char *n, const char *bytes, const char *content)
{
    digest_text(digest_of(bytes_of_text(content)), out->hex);
    const struct line_field field[SEG_FIELDS] = {
        {"camera", camera},
        {"date", date},
        {"n", n},
        {"init", "0"},
        {"t0", "2011-11-01T20:04:41.250000Z"},
        {"pts", "0"},
        {"us", "1"},
        {"frames", "1"},
        {"key", "1"},
        {"bytes", bytes},
        {"ct", out->hex}};
    memcpy(out->field, field, sizeof field);
}
