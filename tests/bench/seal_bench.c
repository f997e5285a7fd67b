/* How fast recordings are sealed and checked, beside the programs that only
 * hash or only encrypt. One thread; files in memory where there is room, so
 * that no disk is measured. Prints: figure, value, peer, its value. */
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/verify.h"
#include "tests/unit/ledger/garden.h"

#define FILE_BYTES ((size_t)128 * 1024 * 1024)
#define FRAGMENT_BYTES ((size_t)512 * 1024) /* a second at 4 Mbit/s */
#define FRAGMENTS 256
#define LINES 100000

extern char **environ;

static double now_s(void)
{
    return (double)clock_now().boot_us / 1e6;
}

static void must(int status)
{
    if (status) {
        fprintf(stderr, "status %d\n", status);
        exit(1);
    }
}

/* Seconds that a program takes. */
static double time_of(const char *const argument[])
{
    pid_t pid = 0;
    int ended = 1;
    char *copy[12] = {0};
    for (size_t i = 0; argument[i]; i++) {
        copy[i] = (char *)(uintptr_t)argument[i]; /* nobody writes to it */
    }
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    double begun = now_s();
    must(posix_spawnp(&pid, copy[0], &quiet, NULL, copy, environ));
    waitpid(pid, &ended, 0);
    double took = now_s() - begun;
    posix_spawn_file_actions_destroy(&quiet);
    must(!WIFEXITED(ended) || WEXITSTATUS(ended));
    return took;
}

static double mb_s(size_t bytes, double seconds)
{
    return (double)bytes / 1e6 / seconds;
}

/* Hash, seal, hash: what a segment costs, without its file. */
static double seal_rate(struct garden *garden, struct bytes plain)
{
    const struct age_to to = {.recipient = garden->recipient, .recipients = 2};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const size_t segment = 8 * FRAGMENT_BYTES;
    double begun = now_s();
    for (size_t at = 0; at + segment <= plain.size; at += segment) {
        struct bytes one = {plain.data + at, segment};
        struct digest pt = digest_of(one);
        out.size = 0;
        must(age_seal(&to, &random_kernel, one, &out));
        struct digest ct = digest_of(buffer_bytes(&out));
        must(digest_equal(pt, ct));
    }
    return mb_s(plain.size, now_s() - begun);
}

static void record(struct garden *garden, struct bytes plain)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(garden);
    must(recording_new(ledger, "garage", &recording, NULL));
    must(garden_init(garden, recording));
    for (size_t i = 0; i < FRAGMENTS; i++) {
        const struct recording_fragment fragment = {
            .data = {plain.data + i * FRAGMENT_BYTES, FRAGMENT_BYTES},
            .pts_us = (int64_t)i * 1000000,
            .duration_us = 1000000,
            .utc_us = garden->now.utc_us,
            .frames = 25,
            .starts_with_key = true};
        garden_wait(garden, 1000000);
        must(recording_fragment(recording, garden->now, &fragment, NULL));
    }
    must(recording_close(recording, garden->now, NULL));
    must(ledger_close(&ledger, garden->now, "done", NULL));
}

static double verify_s(struct garden *garden, bool inside, uint64_t *bytes)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {
        .identity = inside ? &garden->identity[0] : NULL};
    double begun = now_s();
    must(verify_operation(garden->dir, &options, &report, NULL));
    must(report.verdict != VERIFY_INTACT);
    *bytes = report.bytes;
    return now_s() - begun;
}

static void bench_lines(const char *base)
{
    struct garden garden;
    uint64_t bytes = 0;
    garden_make(&garden, base);
    struct ledger *ledger = garden_open(&garden);
    const struct line_field field[] = {{"camera", "garage"}, {"state", "on"}};
    double begun = now_s();
    for (int i = 0; i < LINES; i++) {
        must(ledger_append(ledger, garden.now, "camera", field, 2, NULL, NULL));
        if (i % 100 == 99) {
            must(ledger_checkpoint(ledger, garden.now, NULL));
        }
    }
    double wrote = now_s() - begun;
    must(ledger_close(&ledger, garden.now, "done", NULL));
    double read = verify_s(&garden, false, &bytes);
    printf("ledger lines written\t%.0f a second\t\t\n", LINES / wrote);
    printf("a million lines verified\t%.1f s\tgoal\t5 s\n", read * 1e6 / LINES);
    garden_remove(&garden);
}

static void bench_peers(const char *base, struct garden *garden,
                        struct bytes plain, double sealed)
{
    char path[80];
    char cipher[88];
    char recipient[2][AGE_TEXT_SIZE];
    snprintf(path, sizeof path, "%s/sting-bench-plain", base);
    snprintf(cipher, sizeof cipher, "%s.age", path);
    must(file_write(AT_FDCWD, path, plain, 0600, NULL));
    age_recipient_text(&garden->recipient[0], recipient[0]);
    age_recipient_text(&garden->recipient[1], recipient[1]);
    double sum = time_of((const char *const[]){"sha256sum", path, NULL});
    double dgst = time_of(
        (const char *const[]){"openssl", "dgst", "-sha256", path, NULL});
    double age =
        time_of((const char *const[]){"age", "-r", recipient[0], "-r",
                                      recipient[1], "-o", cipher, path, NULL});
    unlink(path);
    unlink(cipher);
    printf("sealed (hash, encrypt, hash)\t%.0f MB/s\t"
           "sha256sum (only hashes)\t%.0f MB/s\n",
           sealed, mb_s(plain.size, sum));
    printf("\t\topenssl dgst (only hashes)\t%.0f MB/s\n",
           mb_s(plain.size, dgst));
    printf("\t\tage (only encrypts)\t%.0f MB/s\n", mb_s(plain.size, age));
}

int main(void)
{
    const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct garden garden;
    uint64_t bytes = 0;
    garden_fragment(1, FILE_BYTES, &plain);
    garden_make(&garden, base);
    bench_peers(base, &garden, buffer_bytes(&plain),
                seal_rate(&garden, buffer_bytes(&plain)));
    double begun = now_s();
    record(&garden, buffer_bytes(&plain));
    printf("recorded (parts, segments, lines)\t%.0f MB/s\t\t\n",
           mb_s(FILE_BYTES, now_s() - begun));
    double outside = verify_s(&garden, false, &bytes);
    printf("verified, sealed files\t%.0f MB/s\tlimit (SHA-NI)\t2060 MB/s\n",
           mb_s(bytes, outside));
    printf("verified, inside too\t%.0f MB/s\t\t\n",
           mb_s(bytes, verify_s(&garden, true, &bytes)));
    garden_remove(&garden);
    bench_lines(base);
    return 0;
}
