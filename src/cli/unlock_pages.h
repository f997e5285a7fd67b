/*
 * unlock_pages: what the pages of watched baits look like, opened here and
 * handed to the station that runs, so that its cameras can tell which page
 * lies there.
 */
#ifndef STING_CLI_UNLOCK_PAGES_H
#define STING_CLI_UNLOCK_PAGES_H

#include "base/fault.h"
#include "operation/operation.h"

/* Hand over the pages of every bait that a zone of operation.yaml names, and
 * tell how many. Fails: E_ABSENT where no zone names one, or no station runs;
 * as bait_load(), bait_original_load() and picture_pdf_open(). */
STING_MUST_USE enum sting_status unlock_pages(const struct operation *operation,
                                              const struct operation_keys *keys,
                                              struct fault *fault);

#endif
