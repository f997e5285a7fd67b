/* Lists of an exhibit as somebody hands them over, with every hash of the
 * manifests right, as if it could be forged. Whatever is said of it: pieces
 * that are to be hashed lie in files that are there, in order and without a
 * hole, and what is INTACT begins with a signed first line.
 *
 * Input: bytes of the film (4, least first), then six lists with 0xff between
 * them: exhibit, lines, proofs, epochs, checkpoint, signature. */
#include <stdlib.h>
#include <string.h>

#include "exhibit/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW "0000000000000000000000000000000000000000000000000000000000000000  "
#define ENTRIES 11

/* By path. All hashes are zero, but for the tag manifest's. */
static struct check_entry entry[ENTRIES] = {
    {.path = "bag-info.txt", .is_file = true},
    {.path = "bagit.txt", .is_file = true},
    {.path = "data/A-1-film1.mp4", .is_file = true},
    {.path = "data/exhibit.txt", .is_file = true},
    {.path = "data/ledger/checkpoint.txt", .is_file = true},
    {.path = "data/ledger/epochs.txt", .is_file = true},
    {.path = "data/ledger/lines.txt", .is_file = true},
    {.path = "data/ledger/proofs.txt", .is_file = true},
    {.path = "manifest-sha256.txt", .is_file = true},
    {.path = "signature.txt", .is_file = true},
    {.path = "tagmanifest-sha256.txt", .is_file = true},
};

static const int list[] = {3, 6, 7, 5, 4, 9};
#define LISTS (sizeof list / sizeof *list)

static void entries_fill(struct bytes rest)
{
    entry[1].content = bytes_of_text("BagIt-Version: 1.0\n"
                                     "Tag-File-Character-Encoding: UTF-8\n");
    entry[8].content = bytes_of_text(
        ROW "data/A-1-film1.mp4\n" ROW "data/exhibit.txt\n" ROW
            "data/ledger/checkpoint.txt\n" ROW "data/ledger/epochs.txt\n" ROW
            "data/ledger/lines.txt\n" ROW "data/ledger/proofs.txt\n");
    entry[10].content = bytes_of_text(ROW "bag-info.txt\n" ROW "bagit.txt\n" ROW
                                          "manifest-sha256.txt\n");
    for (size_t i = 0; i < LISTS; i++) {
        const uint8_t *end =
            rest.size ? memchr(rest.data, 0xff, rest.size) : NULL;
        size_t used = end ? (size_t)(end - rest.data) : rest.size;
        entry[list[i]].content = (struct bytes){rest.data, used};
        rest.data += end ? used + 1 : used;
        rest.size -= end ? used + 1 : used;
    }
    /* The tag manifest has the hash that the signature speaks of. */
    struct bytes said = entry[9].content;
    for (int i = 0; i < 2; i++) {
        const uint8_t *end =
            said.size ? memchr(said.data, '\n', said.size) : NULL;
        size_t used = end ? (size_t)(end - said.data) + 1 : said.size;
        said.data += used;
        said.size -= used;
    }
    said.size = said.size > 64 ? 64 : said.size;
    if (digest_parse(said, &entry[10].sha256)) {
        entry[10].sha256 = (struct digest){{0}};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct check_report report;
    uint32_t bytes = 0;
    uint64_t at = 0;
    if (size < sizeof bytes) {
        return 0;
    }
    memcpy(&bytes, data, sizeof bytes);
    entry[2].bytes = bytes;
    entries_fill((struct bytes){data + sizeof bytes, size - sizeof bytes});
    if (exhibit_check(entry, ENTRIES, "", &report, &pieces)) {
        abort();
    }
    for (size_t i = 0; i < pieces.size; i += sizeof(struct check_piece)) {
        struct check_piece piece;
        memcpy(&piece, pieces.data + i, sizeof piece);
        if (piece.entry != 2 || piece.offset != at ||
            piece.bytes > bytes - piece.offset) {
            abort();
        }
        at += piece.bytes;
    }
    bool is_good = report.verdict <= VERIFY_GAPS;
    if (is_good != (report.rule == 0) ||
        (is_good && (at != bytes || report.shown == 0 || !report.mark[0]))) {
        abort();
    }
    return 0;
}
