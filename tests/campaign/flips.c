/* One bit of a byte is changed, the verifier is asked, the bit is put back.
 * Usage: campaign_flips OP FROM TO STEP
 *
 * Bytes are numbered through evidence/, bait/, the locked keys and
 * operation.yaml, files in the order of their paths; those from FROM to TO in
 * steps of STEP are tried. Prints one line a byte that was not found where it
 * lies, then one line: tried, found, all bytes. A byte of the ledger lies in
 * its line, any other in its file. No key is needed. */
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/verify.h"

#define MOST_FILES 10000
#define LEDGER "evidence/ledger"

static struct place {
    char path[300];
    uint64_t bytes;
} place[MOST_FILES];
static size_t places;

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

static void must(bool is_so, const char *what)
{
    if (!is_so) {
        perror(what);
        exit(1);
    }
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
        return report->config == VERIFY_CONFIG_CHANGED;
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
    must(file >= 0, path);
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
    must(argc == 5, "usage: campaign_flips OP FROM TO STEP");
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
