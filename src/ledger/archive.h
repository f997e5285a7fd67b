/*
 * archive: the list of all that an evidence record speaks of: how far the
 * ledger had come, and SHA-512 of every file beside it. `sha512sum -c` reads
 * it; its first lines are comments to it.
 *
 *   # sting-archive-1
 *   # origin sting/b8c3...
 *   # entries 120
 *   # ledger 40312 SHA-512 of so many bytes of it
 *   SHA-512  evidence/blobs/HASH.age
 *
 * Format: docs/formats/anchors.md. Reading takes hostile input.
 */
#ifndef STING_LEDGER_ARCHIVE_H
#define STING_LEDGER_ARCHIVE_H

#include "base/base.h"
#include "base/fault.h"
#include "ledger/evidence_record.h"
#include "ledger/ledger_state.h"

#define ARCHIVE_FOLDER "evidence/renewals"
#define ARCHIVE_PATH_SIZE 96

/* "evidence/renewals/00000001.manifest", "evidence/renewals/00000001.2.er". */
void archive_manifest_path(uint32_t number, char path[ARCHIVE_PATH_SIZE]);
void archive_record_path(uint32_t number, uint32_t renewal,
                         char path[ARCHIVE_PATH_SIZE]);
/* The numbers in the latter; false when it is no such path. */
bool archive_record_number(const char *path, uint32_t *number,
                           uint32_t *renewal);

/* The records that lie here, every renewal of each, by their numbers; the
 * caller frees *out. Those that a closed operation got are named by no line;
 * nor is what anybody may have put there. Fails: E_NOMEM; E_LIMIT when there
 * are more than ARCHIVE_MOST_FOUND, with none of them in *out. */
#define ARCHIVE_MOST_FOUND 10000
struct archive_found {
    uint32_t number;
    uint32_t renewal;
};
STING_MUST_USE enum sting_status archive_find(int operation,
                                              struct archive_found **out,
                                              size_t *count);

struct archive_head {
    char origin[LEDGER_ORIGIN_SIZE];
    uint64_t entries;
    uint64_t bytes;
    struct hash ledger;
};

/* Write a manifest of all that is here now, durably. `entries` lines are
 * listed, `bytes` long. Fails: E_FORMAT when there are not so many, E_IO. */
STING_MUST_USE enum sting_status archive_write(int operation, uint32_t number,
                                               const char *origin,
                                               uint64_t entries, uint64_t bytes,
                                               struct fault *fault);

/* Read it: its head, its own hashes, and each file to `each` (may be NULL),
 * whose hash is of SHA-512. Fails: E_ABSENT, E_FORMAT, E_IO. */
STING_MUST_USE enum sting_status archive_read(
    int operation, uint32_t number, struct archive_head *head,
    struct evidence_object *object,
    void (*each)(void *context, const char *path, const struct hash *hash),
    void *context);

/* SHA-512 of a regular file, of its first `most` bytes; *bytes gets how many
 * there were. Fails: E_ABSENT, E_IO, E_UNSUPPORTED. */
STING_MUST_USE enum sting_status archive_file_hash(int operation,
                                                   const char *path,
                                                   uint64_t most,
                                                   struct hash *out,
                                                   uint64_t *bytes);

#endif
