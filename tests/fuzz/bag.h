/*
 * bag: the files of an exhibit with one film, for those who make up what is in
 * them. Every file has the hash of zeros.
 */
#ifndef STING_TESTS_FUZZ_BAG_H
#define STING_TESTS_FUZZ_BAG_H

#include <string.h>

#include "exhibit/check.h"

/* By path. */
enum bag_file {
    BAG_INFO,
    BAG_DECLARATION,
    BAG_FILM,
    BAG_EXHIBIT,
    BAG_CHECKPOINT,
    BAG_EPOCHS,
    BAG_LINES,
    BAG_PROOFS,
    BAG_MANIFEST,
    BAG_SIGNATURE,
    BAG_TAGS,
    BAG_FILES
};

static const struct check_entry bag_file[BAG_FILES] = {
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

/* What its declaration says. */
#define BAG_VERSION                                                            \
    "BagIt-Version: 1.0\n"                                                     \
    "Tag-File-Character-Encoding: UTF-8\n"

/* What is in front of the next byte `end`, which is taken too. */
static inline struct bytes bag_part(struct bytes *rest, int end)
{
    const uint8_t *at = rest->size ? memchr(rest->data, end, rest->size) : NULL;
    size_t used = at ? (size_t)(at - rest->data) : rest->size;
    struct bytes part = {rest->data, used};
    rest->data += at ? used + 1 : used;
    rest->size -= at ? used + 1 : used;
    return part;
}

#endif
