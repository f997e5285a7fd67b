/*
 * packers: with what the streams of a copy are packed.
 *
 * A copy made again has the same marks always, and the same bytes as long as
 * these libraries give the same; most of a text's bytes are deflated by our own
 * writer (flate.h), which depends on none.
 */
#ifndef STING_PDF_PACKERS_H
#define STING_PDF_PACKERS_H

#include "base/buffer.h"

#define PDF_PACKERS_SIZE 200

/* The packing of now; then names and versions, and of libdeflate, which cannot
 * be asked, a checksum of what it makes of a sample: "packing 3,
 * libdeflate 1.14 (3b0ae6b5), zlib 1.2.13, ...". Fails: E_NOMEM. */
STING_MUST_USE enum sting_status pdf_packers(char out[PDF_PACKERS_SIZE]);

/* The packing (mark/budget.h) that such a text tells, 1 where it tells none;
 * and the names behind it. */
int pdf_packers_packing(const char *packers);
const char *pdf_packers_names(const char *packers);

#endif
