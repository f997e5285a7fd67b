/*
 * account: is every byte of a finished copy accounted for?
 *
 * A copy may hold the original's header, its live objects in their order, and
 * a table of them; nothing before, between or behind. Objects are those of
 * the original byte for byte, but for streams that carry marks, of which only
 * the data and what its packing needs differ, and lengths of these. So links,
 * tags, outline, fonts and fields are the original's, and nothing of it that
 * is unmarked or was left out can be inside.
 */
#ifndef STING_PDF_ACCOUNT_H
#define STING_PDF_ACCOUNT_H

#include "pdf/file.h"

/* Time: that of comparing memory.
 * Fails: E_FORGED when there is anything else, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_file_account(struct pdf_file *file,
                                                  struct bytes copy,
                                                  struct fault *fault);

#endif
