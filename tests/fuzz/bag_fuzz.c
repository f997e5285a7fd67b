/* Manifests of an exhibit as somebody hands them over (BagIt, RFC 8493). What
 * is let past them has a row for each file, no file twice, and none that is not
 * there: rows are counted here by themselves. Every file has the hash of zeros;
 * any other in a row is a change.
 *
 * Input: which of the files are there (2, least first), then bagit.txt,
 * manifest-sha256.txt and tagmanifest-sha256.txt with 0xff between them. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/bag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How often the text has the row of that path, with the hash of zeros. */
static size_t rows_of(struct bytes text, const char *path)
{
    char row[CHECK_PATH_SIZE + 80];
    size_t rows = 0;
    memset(row, '0', 64);
    (void)snprintf(row + 64, sizeof row - 64, "  %s\n", path);
    size_t size = strlen(row);
    while (text.size >= size) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t line = end ? (size_t)(end - text.data) + 1 : text.size;
        rows += line == size && !memcmp(text.data, row, size);
        text.data += line;
        text.size -= line;
    }
    return rows;
}

static size_t lines_of(struct bytes text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* E1 and E2 are passed: nothing of the folder is outside of a manifest. */
static void manifests_hold(const struct check_entry *entry, size_t entries,
                           struct bytes bagit, struct bytes manifest,
                           struct bytes tags)
{
    size_t payload = 0, tag = 0;
    for (size_t i = 0; i < entries; i++) {
        bool is_payload = !strncmp(entry[i].path, "data/", 5);
        bool is_outside = !strcmp(entry[i].path, "signature.txt") ||
                          !strcmp(entry[i].path, "tagmanifest-sha256.txt");
        hold(rows_of(manifest, entry[i].path) == is_payload);
        hold(rows_of(tags, entry[i].path) == (!is_payload && !is_outside));
        payload += is_payload;
        tag += !is_payload && !is_outside;
    }
    hold(lines_of(manifest) == payload && lines_of(tags) == tag);
    hold(bytes_equal(bagit, bytes_of_text(BAG_VERSION)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct check_entry entry[BAG_FILES];
    struct check_report report;
    size_t entries = 0;
    if (size < 2) {
        return 0;
    }
    unsigned gone = data[0] | (unsigned)data[1] << 8;
    struct bytes rest = {data + 2, size - 2};
    struct bytes bagit = bag_part(&rest, 0xff);
    struct bytes manifest = bag_part(&rest, 0xff);
    struct bytes tags = bag_part(&rest, 0xff);
    for (size_t i = 0; i < BAG_FILES; i++) {
        entry[entries] = bag_file[i];
        entry[entries].content = i == BAG_DECLARATION ? bagit
                                 : i == BAG_MANIFEST  ? manifest
                                 : i == BAG_TAGS      ? tags
                                                      : (struct bytes){0};
        entries += !(gone >> i & 1);
    }
    hold(!exhibit_check(entry, entries, "", &report, &pieces));
    hold(report.verdict > VERIFY_GAPS); /* nobody signed it */
    if (report.rule == 0 || report.rule > 2) {
        manifests_hold(entry, entries, bagit, manifest, tags);
    }
    return 0;
}
