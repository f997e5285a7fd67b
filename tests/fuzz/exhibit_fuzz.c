/* Lists of an exhibit as somebody hands them over, with every hash of the
 * manifests right, as if it could be forged. Whatever is said of it: pieces
 * that are to be hashed lie in files that are there, in order and without a
 * hole, and what is INTACT begins with a signed first line.
 *
 * Input: bytes of the film (4, least first), then six lists with 0xff between
 * them: exhibit, lines, proofs, epochs, checkpoint, signature. */
#include <stdlib.h>

#include "tests/fuzz/bag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW "0000000000000000000000000000000000000000000000000000000000000000  "

static const enum bag_file list[] = {BAG_EXHIBIT,    BAG_LINES,
                                     BAG_PROOFS,     BAG_EPOCHS,
                                     BAG_CHECKPOINT, BAG_SIGNATURE};
#define LISTS (sizeof list / sizeof *list)

/* All hashes are zero, but for the tag manifest's. */
static void entries_fill(struct check_entry entry[BAG_FILES], struct bytes rest)
{
    memcpy(entry, bag_file, sizeof bag_file);
    entry[BAG_DECLARATION].content = bytes_of_text(BAG_VERSION);
    entry[BAG_MANIFEST].content = bytes_of_text(
        ROW "data/A-1-film1.mp4\n" ROW "data/exhibit.txt\n" ROW
            "data/ledger/checkpoint.txt\n" ROW "data/ledger/epochs.txt\n" ROW
            "data/ledger/lines.txt\n" ROW "data/ledger/proofs.txt\n");
    entry[BAG_TAGS].content = bytes_of_text(
        ROW "bag-info.txt\n" ROW "bagit.txt\n" ROW "manifest-sha256.txt\n");
    for (size_t i = 0; i < LISTS; i++) {
        entry[list[i]].content = bag_part(&rest, 0xff);
    }
    /* The tag manifest has the hash that the signature speaks of. */
    struct bytes said = entry[BAG_SIGNATURE].content;
    for (int i = 0; i < 2; i++) {
        (void)bag_part(&said, '\n');
    }
    said.size = said.size > 64 ? 64 : said.size;
    if (digest_parse(said, &entry[BAG_TAGS].sha256)) {
        entry[BAG_TAGS].sha256 = (struct digest){{0}};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct check_entry entry[BAG_FILES];
    struct check_report report;
    uint32_t bytes = 0;
    uint64_t at = 0;
    if (size < sizeof bytes) {
        return 0;
    }
    memcpy(&bytes, data, sizeof bytes);
    entries_fill(entry,
                 (struct bytes){data + sizeof bytes, size - sizeof bytes});
    entry[BAG_FILM].bytes = bytes;
    if (exhibit_check(entry, BAG_FILES, "", &report, &pieces)) {
        abort();
    }
    for (size_t i = 0; i < pieces.size; i += sizeof(struct check_piece)) {
        struct check_piece piece;
        memcpy(&piece, pieces.data + i, sizeof piece);
        if (piece.entry != BAG_FILM || piece.offset != at ||
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
