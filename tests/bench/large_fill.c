/*
 * large_fill OPERATION MEGABYTES LINES
 *
 * Make an operation large without the time that it takes: one camera's
 * recordings of so many megabytes, and so many lines of sixteen cameras whose
 * recordings retention has taken. Epochs of a minute, every signature.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/recording.h"
#include "tests/unit/ledger/reel.h"

#define CAMERAS 16
#define SEGMENT_US INT64_C(8000000)
#define SEGMENT_BYTES ((size_t)32 * 1000 * 1000)
#define TFDT_AT 60 /* where a fragment of a reel says when it begins */

struct fill {
    int operation;
    struct ledger *ledger;
    struct moment now;
};

static void must(int status)
{
    if (status) {
        fprintf(stderr, "large_fill: status %d\n", status);
        exit(1);
    }
}

static void wait_on(struct fill *fill)
{
    int64_t minute = fill->now.boot_us / 60000000;
    fill->now.utc_us += SEGMENT_US;
    fill->now.boot_us += SEGMENT_US;
    if (fill->now.boot_us / 60000000 != minute) {
        must(ledger_next_epoch(fill->ledger, fill->now, NULL));
    }
}

/* What all `seg` lines say; a real one says looks and act too. */
struct seg {
    char camera[16];
    char date[LINE_TIME_SIZE];
    int64_t n;
    uint64_t bytes;
    struct digest ct;
    struct digest pt;
};

static void append_seg(struct fill *fill, const struct seg *seg)
{
    char n[24];
    char pts[24];
    char bytes[24];
    char t0[LINE_TIME_SIZE];
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    snprintf(n, sizeof n, "%" PRId64, seg->n);
    snprintf(pts, sizeof pts, "%" PRId64, seg->n * SEGMENT_US);
    snprintf(bytes, sizeof bytes, "%" PRIu64, seg->bytes);
    const struct line_field field[] = {
        {"camera", seg->camera},
        {"date", seg->date},
        {"n", n},
        {"init", "0"},
        {"t0", line_time_text(fill->now.utc_us, t0)},
        {"pts", pts},
        {"us", "8000000"},
        {"frames", "5"},
        {"key", "1"},
        {"bytes", bytes},
        {"ct", digest_text(seg->ct, ct)},
        {"pt", digest_text(seg->pt, pt)}};
    must(ledger_append(fill->ledger, fill->now, "seg", field, 12, NULL, NULL));
}

/* ---- recordings ---- */

static void begin(struct fill *fill)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct buffer head STING_AUTO(buffer_release) = {0};
    reel_head(1920, 1080, &head);
    const struct recording_init init = {
        buffer_bytes(&head), 1920, 1080, "h264", 0, false};
    must(recording_new(fill->ledger, "garage", &recording, NULL));
    must(recording_init(recording, fill->now, &init, NULL));
}

static void write_quick(struct fill *fill, const char *path, struct bytes data)
{
    int file STING_AUTO(fd_close) =
        openat(fill->operation, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    must(file < 0 || file_write_fd(file, data));
}

/* As recording.c does it, less the parts and the waiting for the disk. */
static void record_one(struct fill *fill, struct buffer *film, const char *date,
                       int64_t n)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct age_to to = ledger_recipients(fill->ledger);
    struct seg seg = {.camera = "garage", .n = n};
    char path[RECORDING_PATH_SIZE];
    int64_t dts = n * SEGMENT_US / 1000000 * REEL_TICKS;
    for (size_t i = 0; i < 8; i++) {
        film->data[TFDT_AT + i] = (uint8_t)(dts >> (56 - 8 * i));
    }
    memcpy(seg.date, date, sizeof seg.date);
    seg.pt = digest_of(buffer_bytes(film));
    must(age_seal_hashed(&to, ledger_random(fill->ledger), buffer_bytes(film),
                         &sealed, &seg.ct));
    seg.bytes = sealed.size;
    snprintf(path, sizeof path,
             "evidence/segments/garage/%.10s/%08" PRId64 ".m4s.age", date, n);
    write_quick(fill, path, buffer_bytes(&sealed));
    append_seg(fill, &seg);
}

static void record(struct fill *fill, uint64_t megabytes)
{
    struct buffer film STING_AUTO(buffer_release) = {0};
    char date[LINE_TIME_SIZE];
    int64_t segments = (int64_t)(megabytes * 1000000 / SEGMENT_BYTES);
    begin(fill);
    line_time_text(fill->now.utc_us, date);
    date[10] = '\0';
    reel_fragment(0, SEGMENT_US, 1, SEGMENT_BYTES, &film);
    for (int64_t n = 0; n < segments; n++) {
        record_one(fill, &film, date, n);
        wait_on(fill);
    }
}

/* ---- lines whose recordings are gone ---- */

static void append_erase(struct fill *fill, const char *date)
{
    for (int camera = 0; camera < CAMERAS; camera++) {
        char name[16];
        snprintf(name, sizeof name, "camera-%d", camera);
        const struct line_field field[] = {
            {"what", "recordings"}, {"camera", name}, {"date", date}};
        must(ledger_append(fill->ledger, fill->now, "erase", field, 3, NULL,
                           NULL));
    }
}

static void append_round(struct fill *fill, int64_t n, const char *date)
{
    for (int camera = 0; camera < CAMERAS; camera++) {
        struct seg seg = {.n = n, .bytes = 4000000};
        const int64_t unique[2] = {camera, n};
        snprintf(seg.camera, sizeof seg.camera, "camera-%d", camera);
        memcpy(seg.date, date, sizeof seg.date);
        seg.ct =
            digest_of((struct bytes){(const uint8_t *)unique, sizeof unique});
        seg.pt = digest_of((struct bytes){seg.ct.byte, DIGEST_SIZE});
        append_seg(fill, &seg);
    }
}

static void write_lines(struct fill *fill, int64_t lines)
{
    char date[LINE_TIME_SIZE] = "";
    char day[LINE_TIME_SIZE];
    for (int64_t n = 0; n < lines / CAMERAS; n++) {
        line_time_text(fill->now.utc_us, day);
        day[10] = '\0';
        if (date[0] && strcmp(day, date) != 0) {
            append_erase(fill, date);
        }
        memcpy(date, day, sizeof date);
        append_round(fill, n, date);
        wait_on(fill);
    }
    if (date[0]) {
        append_erase(fill, date);
    }
}

int main(int argc, char **argv)
{
    struct fill fill = {.now = clock_now()};
    const struct ledger_context context = {.random = &random_kernel};
    if (argc != 4) {
        fprintf(stderr, "usage: large_fill OPERATION MEGABYTES LINES\n");
        return 1;
    }
    fill.operation = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    must(ledger_open(fill.operation, &context, fill.now, &fill.ledger, NULL));
    record(&fill, strtoull(argv[2], NULL, 10));
    write_lines(&fill, strtoll(argv[3], NULL, 10));
    must(ledger_close(&fill.ledger, fill.now, "done", NULL));
    close(fill.operation);
    return 0;
}
