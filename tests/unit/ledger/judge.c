#include "tests/unit/ledger/judge.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check.h"

struct verify_report judge(struct garden *garden, bool inside)
{
    struct verify_report report;
    struct fault fault = {.why = ""};
    const struct verify_options options = {
        .identity = inside ? &garden->identity[0] : NULL};
    if (verify_operation(garden->dir, &options, &report, &fault)) {
        fail_msg("%s", fault.why);
    }
    return report;
}

void assert_words(struct garden *garden, const char *has, const char *lacks)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(garden, false);
    assert_int_equal(verify_report_text(&report, &out), STING_OK);
    if (!strstr(buffer_text(&out), has) ||
        (lacks && strstr(buffer_text(&out), lacks))) {
        fail_msg("it says:\n%sand not \"%s\", or \"%s\"", buffer_text(&out),
                 has, lacks ? lacks : "");
    }
}

void assert_reason(struct garden *garden, enum verify_verdict expected,
                   const char *words)
{
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(garden, false);
    if (report.verdict != expected || !strstr(report.reason, words)) {
        fail_msg("%s at %" PRIu64 " %s: %s, expected %s: %s",
                 verify_verdict_text(report.verdict), report.at, report.file,
                 report.reason, verify_verdict_text(expected), words);
    }
}

void assert_verdict(struct garden *garden, enum verify_verdict expected)
{
    assert_reason(garden, expected, "");
}

void garden_closed(struct garden *garden, uint64_t fragments, size_t size)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger_blob blob;
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    recording = garden_camera(garden, ledger);
    assert_true(!garden_record(garden, recording, 0, fragments, size));
    assert_true(!ledger_blob(ledger, bytes_of_text("it drips"), &blob, NULL));
    const struct line_field field[] = {{"type", "seen"},
                                       {"blob", digest_text(blob.ct, ct)},
                                       {"pt", digest_text(blob.pt, pt)}};
    assert_true(
        !ledger_append(ledger, garden->now, "note", field, 3, NULL, NULL));
    assert_true(!ledger_checkpoint(ledger, garden->now, NULL));
    assert_true(!recording_close(recording, garden->now, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

void garden_say_erased(struct garden *garden, struct ledger *ledger,
                       const char *what, const char *key, const char *value)
{
    const struct line_field field[] = {{"what", what},
                                       {"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"count", "1"},
                                       {key, value}};
    assert_true(
        !ledger_append(ledger, garden->now, "erase", field, 5, NULL, NULL));
}

void page_release(struct page *page)
{
    buffer_release(&page->text);
}

void page_read(struct garden *garden, struct page *page)
{
    *page = (struct page){.lines = 0};
    assert_true(
        !file_read(garden->dir, "evidence/ledger", 1000000, &page->text, NULL));
    const uint8_t *at = page->text.data;
    const uint8_t *end = at + page->text.size;
    while (at < end) {
        const uint8_t *lf = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(lf);
        assert_true(page->lines < PAGE_MOST_LINES);
        page->line[page->lines++] = (struct bytes){at, (size_t)(lf - at) + 1};
        at = lf + 1;
    }
}

void page_write(struct garden *garden, const struct page *page)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < page->lines; i++) {
        assert_true(!buffer_append(&out, page->line[i]));
    }
    assert_true(!file_write(garden->dir, "evidence/ledger", buffer_bytes(&out),
                            0600, NULL));
}

void garden_walk(struct garden *garden, const char *folder,
                 void (*visit)(struct garden *, const char *))
{
    char path[600];
    int dir = openat(garden->dir, folder, O_RDONLY | O_DIRECTORY);
    DIR *listing = fdopendir(dir);
    assert_non_null(listing);
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        if (one->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        if (one->d_type == DT_DIR) {
            garden_walk(garden, path, visit);
        } else {
            visit(garden, path);
        }
    }
    closedir(listing);
}
