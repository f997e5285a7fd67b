/* One bit of a byte is changed, the verifier is asked, the bit is put back.
 * Usage: campaign_flips OP FROM TO STEP
 *
 * Bytes are numbered through evidence/, bait/, the locked keys and
 * operation.yaml, files in the order of their paths; those from FROM to TO in
 * steps of STEP are tried. Prints one line a byte that was not found where it
 * lies, then one line: tried, found, all bytes. A byte of the ledger lies in
 * its line, any other in its file. No key is needed.
 *
 * What the verifier has computed of the same bytes before is remembered, the
 * hash of a file that is not changed and a signature that is true; all else it
 * does each time. "-" behind STEP: remember nothing. */
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/signature.h"
#include "ledger/verify.h"
#include "ledger/verify_map.h"

#define MOST_FILES 10000
#define LEDGER "evidence/ledger"
#define MOST_TRUE 4096

static struct place {
    char path[300];
    uint64_t bytes;
} place[MOST_FILES];
static size_t places;

static void must(bool is_so, const char *what)
{
    if (!is_so) {
        perror(what);
        exit(1);
    }
}

/* ---- linked with --wrap: the same question gets the same answer ---- */

static bool remembers = true;
static ino_t changed; /* this file is another one each time */
static struct known_file {
    ino_t inode;
    struct digest hash;
    uint64_t bytes;
} known_file[MOST_FILES];
static size_t known_files;
static struct digest known_true[MOST_TRUE];
static size_t known_trues;

enum sting_status __real_verify_map_hash(int file, struct digest *hash,
                                         uint64_t *bytes);
enum sting_status __wrap_verify_map_hash(int file, struct digest *hash,
                                         uint64_t *bytes);
enum sting_status __real_signature_verify(const struct public_key *key,
                                          struct bytes text,
                                          const struct signature *signature);
enum sting_status __wrap_signature_verify(const struct public_key *key,
                                          struct bytes text,
                                          const struct signature *signature);

enum sting_status __wrap_verify_map_hash(int file, struct digest *hash,
                                         uint64_t *bytes)
{
    struct stat info;
    if (!remembers || fstat(file, &info) != 0 || info.st_ino == changed) {
        return __real_verify_map_hash(file, hash, bytes);
    }
    for (size_t i = 0; i < known_files; i++) {
        if (known_file[i].inode == info.st_ino) {
            *hash = known_file[i].hash;
            *bytes = known_file[i].bytes;
            return STING_OK;
        }
    }
    enum sting_status status = __real_verify_map_hash(file, hash, bytes);
    if (status == STING_E_UNSUPPORTED) { /* it is small */
        struct buffer all STING_AUTO(buffer_release) = {0};
        must(!file_read_fd(file, VERIFY_MAP_LEAST_BYTES, &all), "read");
        *hash = digest_of(buffer_bytes(&all));
        *bytes = all.size;
        status = STING_OK;
    }
    if (!status && known_files < MOST_FILES) {
        known_file[known_files++] =
            (struct known_file){info.st_ino, *hash, *bytes};
    }
    return status;
}

enum sting_status __wrap_signature_verify(const struct public_key *key,
                                          struct bytes text,
                                          const struct signature *signature)
{
    struct digest_state state;
    digest_init(&state);
    digest_update(&state, (struct bytes){key->byte, sizeof key->byte});
    digest_update(&state,
                  (struct bytes){signature->byte, sizeof signature->byte});
    digest_update(&state, text);
    struct digest asked = digest_final(&state);
    digest_release(&state);
    for (size_t i = 0; i < known_trues && remembers; i++) {
        if (digest_equal(known_true[i], asked)) {
            return STING_OK;
        }
    }
    enum sting_status status = __real_signature_verify(key, text, signature);
    if (!status && known_trues < MOST_TRUE) {
        known_true[known_trues++] = asked;
    }
    return status;
}

/* ---- the bytes ---- */

static int add_place(const char *path, const struct stat *info, int kind,
                     struct FTW *at)
{
    (void)at;
    const char *below = path + 2; /* behind "./" */
    bool is_in =
        !strncmp(below, "evidence/", 9) || !strncmp(below, "bait/", 5) ||
        !strcmp(below, "keys/identity") || !strcmp(below, "keys/mark") ||
        !strcmp(below, "keys/case") || !strcmp(below, "operation.yaml");
    if (kind == FTW_F && is_in && places < MOST_FILES) {
        snprintf(place[places].path, sizeof place->path, "%s", below);
        place[places++].bytes = (uint64_t)info->st_size;
    }
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct place *)a)->path,
                  ((const struct place *)b)->path);
}

static void flip(int file, off_t at)
{
    uint8_t byte = 0;
    must(pread(file, &byte, 1, at) == 1, "read");
    byte ^= (uint8_t)(1 << (at % 8));
    must(pwrite(file, &byte, 1, at) == 1, "write");
}

/* The line of the ledger that a byte lies in. */
static uint64_t line_of(int file, off_t at)
{
    static uint8_t text[1 << 20];
    uint64_t line = 0;
    ssize_t size = pread(file, text, sizeof text, 0);
    must(size > at, "the ledger is too large");
    for (off_t i = 0; i < at; i++) {
        line += text[i] == '\n';
    }
    return line;
}

static bool is_found(const struct verify_report *report, const char *path,
                     uint64_t line)
{
    bool is_bad = report->verdict == VERIFY_TAMPERED ||
                  report->verdict == VERIFY_UNVERIFIABLE;
    if (!strcmp(path, "operation.yaml")) {
        return report->said.config == VERIFY_CONFIG_CHANGED;
    }
    if (!strncmp(path, "keys/", 5)) {
        return report->altereds == 1 && !strcmp(report->altered[0].file, path);
    }
    return is_bad && (!strcmp(path, LEDGER) ? report->at == line
                                            : !strcmp(report->file, path));
}

static bool try_byte(int folder, const char *path, off_t at)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.identity = NULL};
    int file STING_AUTO(fd_close) = openat(folder, path, O_RDWR | O_CLOEXEC);
    struct stat info;
    must(file >= 0 && fstat(file, &info) == 0, path);
    changed = info.st_ino;
    uint64_t line = strcmp(path, LEDGER) ? 0 : line_of(file, at);
    flip(file, at);
    must(!verify_operation(folder, &options, &report, NULL), "verify");
    flip(file, at);
    bool found = is_found(&report, path, line);
    if (!found) {
        printf("not found\t%s\t%jd\t%s\t%" PRIu64 "\t%s\t%s\n", path,
               (intmax_t)at, verify_verdict_text(report.verdict), report.at,
               report.file, report.reason);
    }
    return found;
}

int main(int argc, char **argv)
{
    uint64_t all = 0;
    uint64_t tried = 0;
    uint64_t found = 0;
    must(argc == 5 || argc == 6, "usage: campaign_flips OP FROM TO STEP [-]");
    remembers = argc == 5;
    uint64_t next = strtoull(argv[2], NULL, 10);
    uint64_t to = strtoull(argv[3], NULL, 10);
    uint64_t step = strtoull(argv[4], NULL, 10);
    must(step > 0 && chdir(argv[1]) == 0, argv[1]);
    int folder STING_AUTO(fd_close) = open(".", O_RDONLY | O_DIRECTORY);
    must(folder >= 0 && nftw(".", add_place, 16, FTW_PHYS) == 0, "walk");
    qsort(place, places, sizeof *place, by_path);
    for (size_t i = 0; i < places; i++) {
        for (; next < to && next < all + place[i].bytes; next += step) {
            tried++;
            found += try_byte(folder, place[i].path, (off_t)(next - all));
        }
        all += place[i].bytes;
    }
    printf("%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", tried, found, all);
    return found == tried ? 0 : 3;
}
