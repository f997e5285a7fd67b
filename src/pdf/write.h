/*
 * write: what account.c must know of how a copy is written.
 */
#ifndef STING_PDF_WRITE_H
#define STING_PDF_WRITE_H

#include "pdf/file.h"

/* The version line of a file and the comments that follow it. */
struct bytes write_header(struct bytes source);

/* Read what writing needs: pages, layout, compressor. Fails: E_FORMAT,
 * E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status write_prepare(struct pdf_file *file,
                                               struct fault *fault);

#endif
