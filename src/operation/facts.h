/*
 * facts: the planted facts of a bait, sealed as the blob of the line that
 * declares them.
 *
 * Declared before the first copy is issued; the line's pt is the digest of the
 * sheet, whose salt keeps it from being guessed, and its blob is the sheet:
 * opening it later shows that nothing was made up afterwards.
 * Format: docs/formats/bait.md.
 */
#ifndef STING_OPERATION_FACTS_H
#define STING_OPERATION_FACTS_H

#include "base/buffer.h"
#include "base/fault.h"
#include "mark/fact.h"
#include "operation/baits.h"

struct fact_sheet {
    char bait[CONFIG_NAME_SIZE];
    struct digest original;
    struct secret salt;
    int64_t declared_utc_us;
    int pages; /* of the document; not in the sheet */
    uint32_t facts;
    struct fact *fact; /* owned */
    struct digest pt;  /* of the sheet, once it was stored or loaded */
};

void fact_sheet_release(struct fact_sheet *sheet);

/* The sheet as text, appended, and back; reading takes hostile bytes.
 * Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status fact_sheet_write(
    const struct fact_sheet *sheet, struct buffer *out);
STING_MUST_USE enum sting_status fact_sheet_read(struct bytes from,
                                                 struct fact_sheet *out);

/* Seal it and write its `bait state=declared` line; the last one counts. The
 * caller has seen to it that no copy was issued and holds the turn of the
 * register. Sets sheet->pt. Fails: E_IO, as the writer. */
STING_MUST_USE enum sting_status facts_store(struct writer *writer,
                                             struct fact_sheet *sheet,
                                             struct fault *fault);

/* Read a bait's sheet; no facts when it has none. The caller releases *out.
 * Fails: E_FORMAT, E_FORGED (also when the ledger tells of another), E_IO,
 * E_NOMEM. */
STING_MUST_USE enum sting_status facts_load(const struct operation *operation,
                                            const struct operation_keys *keys,
                                            const char *bait,
                                            struct fact_sheet *out,
                                            struct fault *fault);

#endif
