/* How fast recordings are sealed and checked, beside the programs that only
 * hash or only encrypt, and beside the same primitives called bare. One
 * thread; processor seconds, the best of some rounds that take turns, so that
 * neighbours disturb little; files are in the page cache.
 * Prints: figure, value, peer, its value. */
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/verify.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/reel.h"

#define FRAGMENT_BYTES ((size_t)512 * 1024) /* a second at 4 Mbit/s */
#define FRAGMENTS 256
#define FILE_BYTES (FRAGMENTS * FRAGMENT_BYTES)
#define CHUNK_BYTES ((size_t)64 * 1024)
#define ROUNDS 5
#define DURABLE 1024 /* fragments whose way to the disk is timed */

extern char **environ;

/* Processor seconds of this process. */
static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double best(double a, double b)
{
    return a > 0 && a < b ? a : b;
}

static const char *verdict(bool is_met)
{
    return is_met ? "met" : "MISSED";
}

static void must(int status)
{
    if (status) {
        fprintf(stderr, "status %d\n", status);
        exit(1);
    }
}

/* Processor seconds that a program takes. */
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
    struct rusage used = {0};
    must(posix_spawnp(&pid, copy[0], &quiet, NULL, copy, environ));
    wait4(pid, &ended, 0, &used);
    double took = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                  (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    posix_spawn_file_actions_destroy(&quiet);
    must(!WIFEXITED(ended) || WEXITSTATUS(ended));
    return took;
}

static double mb_s(size_t bytes, double seconds)
{
    return (double)bytes / 1e6 / seconds;
}

/* Hash, seal, hash: what a segment costs, without its file. */
static double seal_s(struct garden *garden, struct bytes plain)
{
    const struct age_to to = {.recipient = garden->recipient, .recipients = 2};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const size_t segment = 8 * FRAGMENT_BYTES;
    double begun = now_s();
    for (size_t at = 0; at + segment <= plain.size; at += segment) {
        struct bytes one = {plain.data + at, segment};
        struct digest pt = digest_of(one);
        struct digest ct;
        out.size = 0;
        must(age_seal_hashed(&to, &random_kernel, one, &out, &ct));
        must(digest_equal(pt, ct));
    }
    return now_s() - begun;
}

/* OpenSSL's SHA-256 over all of it, in chunks. */
static double bare_hash_s(struct bytes plain)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    double begun = now_s();
    must(!EVP_DigestInit_ex(context, EVP_sha256(), NULL));
    for (size_t at = 0; at < plain.size; at += CHUNK_BYTES) {
        must(!EVP_DigestUpdate(context, plain.data + at, CHUNK_BYTES));
    }
    must(!EVP_DigestFinal_ex(context, digest, NULL));
    double took = now_s() - begun;
    EVP_MD_CTX_free(context);
    return took;
}

/* OpenSSL's ChaCha20-Poly1305 over all of it, a nonce and a tag a chunk. */
static double bare_seal_s(struct bytes plain)
{
    static const uint8_t key[32] = {1};
    uint8_t nonce[12] = {0};
    uint8_t tag[16];
    uint8_t *out = malloc(CHUNK_BYTES);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    double begun = now_s();
    must(
        !EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key, NULL));
    for (size_t at = 0; at < plain.size; at += CHUNK_BYTES) {
        int size = 0;
        nonce[0]++;
        must(!EVP_EncryptInit_ex(context, NULL, NULL, NULL, nonce) ||
             !EVP_EncryptUpdate(context, out, &size, plain.data + at,
                                (int)CHUNK_BYTES) ||
             !EVP_EncryptFinal_ex(context, tag, &size) ||
             !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, sizeof tag,
                                  tag));
    }
    double took = now_s() - begun;
    EVP_CIPHER_CTX_free(context);
    free(out);
    return took;
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
            .frames = REEL_FRAMES,
            .starts_with_key = true};
        garden_wait(garden, 1000000);
        must(recording_fragment(recording, garden->now, &fragment, NULL));
        must(recording_settle(recording, garden->now, NULL));
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

/* ---- a fragment until it is durable ---- */

static double wall_s(void)
{
    return (double)clock_now().boot_us / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A bare write, fdatasync and rename of as many bytes. */
static double bare_write_s(int dir, struct bytes data, int number)
{
    char name[32];
    snprintf(name, sizeof name, "bare-%d", number);
    double begun = wall_s();
    int file = openat(dir, "bare.tmp", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    must(file < 0 || file_write_fd(file, data) || fdatasync(file) ||
         renameat(dir, "bare.tmp", dir, name));
    close(file);
    double took = wall_s() - begun;
    unlinkat(dir, name, 0);
    return took;
}

/* One after the other they take turns, so that both meet the same disk. */
static void time_fragments(struct garden *garden, struct bytes plain,
                           double ours[DURABLE], double bare[DURABLE])
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(garden);
    must(recording_new(ledger, "garage", &recording, NULL));
    must(garden_init(garden, recording));
    for (int i = 0; i < DURABLE; i++) {
        const struct recording_fragment fragment = {
            .data = {plain.data + (size_t)(i % FRAGMENTS) * FRAGMENT_BYTES,
                     FRAGMENT_BYTES},
            .pts_us = (int64_t)i * 1000000,
            .duration_us = 1000000,
            .utc_us = garden->now.utc_us,
            .frames = REEL_FRAMES,
            .starts_with_key = true};
        garden_wait(garden, 1000000);
        bare[i] = bare_write_s(garden->dir, fragment.data, i);
        double begun = wall_s();
        must(recording_fragment(recording, garden->now, &fragment, NULL));
        ours[i] = wall_s() - begun;
        must(recording_settle(recording, garden->now, NULL));
    }
    must(recording_close(recording, garden->now, NULL));
    must(ledger_close(&ledger, garden->now, "done", NULL));
}

static void bench_fragments(const char *base, struct bytes plain)
{
    struct garden garden;
    double ours[DURABLE];
    double bare[DURABLE];
    const int middle = DURABLE / 2;
    const int p99 = DURABLE * 99 / 100;
    garden_make(&garden, base);
    time_fragments(&garden, plain, ours, bare);
    qsort(ours, DURABLE, sizeof *ours, by_size);
    qsort(bare, DURABLE, sizeof *bare, by_size);
    printf("fragment durable, median\t%.2f ms\tbare write, sync, rename\t"
           "%.2f ms\n",
           1e3 * ours[middle], 1e3 * bare[middle]);
    printf("fragment durable, p99\t%.2f ms\tbare write, sync, rename\t"
           "%.2f ms\n",
           1e3 * ours[p99], 1e3 * bare[p99]);
    printf("fragment durable, p99 of bare p99\t%.1f\tgoal\t3\t%s\n",
           ours[p99] / bare[p99], verdict(ours[p99] <= 3 * bare[p99]));
    garden_remove(&garden);
}

static uint64_t bytes_of(const struct garden *garden, const char *name)
{
    struct stat info = {0};
    must(fstatat(garden->dir, name, &info, 0));
    return (uint64_t)info.st_size;
}

/* What one camera's record takes beside its recordings: lines, and a signed
 * checkpoint a minute. */
static void bench_ledger(const char *base)
{
    static const char notes[] = "evidence/checkpoints/2011-11-01.notes";
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    const uint64_t seconds = 600;
    garden_make(&garden, base);
    struct ledger *ledger = garden_open(&garden);
    must(recording_new(ledger, "garage", &recording, NULL));
    must(garden_init(&garden, recording));
    uint64_t before =
        bytes_of(&garden, "evidence/ledger") + bytes_of(&garden, notes);
    for (uint64_t i = 0; i < seconds; i++) {
        must(garden_record(&garden, recording, i, 1, REEL_LEAST_BYTES));
        recording_look(recording, 1, (unsigned)(i % 200));
        must(ledger_epoch_tick(ledger, garden.now, NULL));
    }
    uint64_t after =
        bytes_of(&garden, "evidence/ledger") + bytes_of(&garden, notes);
    double rate = 8e-3 * (double)(after - before) / (double)seconds;
    printf("ledger and checkpoints, one camera\t%.3f kbit/s\tgoal\t"
           "0.5 kbit/s\t%s\n",
           rate, verdict(rate <= 0.5));
    must(ledger_close(&ledger, garden.now, "done", NULL));
    garden_remove(&garden);
}

/* The peers that are programs. */
static void bench_programs(const char *base, struct garden *garden,
                           struct bytes plain, double sealed)
{
    char path[80];
    char cipher[88];
    char recipient[2][AGE_TEXT_SIZE];
    double took[3] = {0};
    snprintf(path, sizeof path, "%s/sting-bench-plain", base);
    snprintf(cipher, sizeof cipher, "%s.age", path);
    must(file_write(AT_FDCWD, path, plain, 0600, NULL));
    age_recipient_text(&garden->recipient[0], recipient[0]);
    age_recipient_text(&garden->recipient[1], recipient[1]);
    const char *const program[3][12] = {
        {"sha256sum", path},
        {"openssl", "dgst", "-sha256", path},
        {"age", "-r", recipient[0], "-r", recipient[1], "-o", cipher, path}};
    for (int i = 0; i < 3 * ROUNDS; i++) {
        took[i % 3] = best(took[i % 3], time_of(program[i % 3]));
    }
    unlink(path);
    unlink(cipher);
    printf("sealed (hash, encrypt, hash)\t%.0f MB/s\t"
           "sha256sum (only hashes)\t%.0f MB/s\n",
           sealed, mb_s(plain.size, took[0]));
    printf("\t\topenssl dgst (only hashes)\t%.0f MB/s\n",
           mb_s(plain.size, took[1]));
    printf("\t\tage (only encrypts)\t%.0f MB/s\n", mb_s(plain.size, took[2]));
}

/* Sealing and verifying beside the bare primitives, taking turns. */
static double bench_rates(struct garden *garden, struct bytes plain)
{
    double seal = 0;
    double outside = 0;
    double inside = 0;
    double hash = 0;
    double cipher = 0;
    uint64_t bytes = 0;
    for (int i = 0; i < ROUNDS; i++) {
        hash = best(hash, bare_hash_s(plain));
        seal = best(seal, seal_s(garden, plain));
        cipher = best(cipher, bare_seal_s(plain));
        outside = best(outside, verify_s(garden, false, &bytes));
        inside = best(inside, verify_s(garden, true, &bytes));
    }
    double three = 2 * hash + cipher;
    printf("sealed, of the three primitives\t%.0f %%\tgoal\t90 %%\t%s\n",
           100 * three / seal, verdict(three >= 0.9 * seal));
    printf("\t\tbare OpenSSL: SHA-256, seal\t%.0f, %.0f MB/s\n",
           mb_s(plain.size, hash), mb_s(plain.size, cipher));
    printf("verified, sealed files\t%.0f MB/s\tbare OpenSSL SHA-256\t"
           "%.0f MB/s\n",
           mb_s(bytes, outside), mb_s(plain.size, hash));
    double part = mb_s(bytes, outside) / mb_s(plain.size, hash);
    printf("verified, of bare SHA-256\t%.0f %%\tgoal\t90 %%\t%s\n", 100 * part,
           verdict(part >= 0.9));
    printf("verified, inside too\t%.0f MB/s\t\t\n", mb_s(bytes, inside));
    return mb_s(plain.size, seal);
}

int main(void)
{
    const char *base = "/tmp";
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct garden garden;
    for (int i = 0; i < FRAGMENTS; i++) {
        reel_fragment(INT64_C(1000000) * i, 1000000, (uint64_t)i,
                      FRAGMENT_BYTES, &plain);
    }
    garden_make(&garden, base);
    double begun = now_s();
    record(&garden, buffer_bytes(&plain));
    printf("recorded (parts, segments, lines)\t%.0f MB/s\t\t\n",
           mb_s(FILE_BYTES, now_s() - begun));
    double sealed = bench_rates(&garden, buffer_bytes(&plain));
    bench_programs(base, &garden, buffer_bytes(&plain), sealed);
    garden_remove(&garden);
    bench_ledger(base);
    bench_fragments(base, buffer_bytes(&plain));
    buffer_release(&plain);
    return 0;
}
