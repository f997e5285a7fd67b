/*
 * verify_page: a verdict for who has never heard of hashes, on one page of
 * HTML that needs nothing beside itself: what it is, what was checked, with
 * which keys, what is missing at which times of day, what it does not show.
 *
 * The report may come from a worker that read hostile bytes: all of it is
 * shown as text.
 */
#ifndef STING_CLI_VERIFY_PAGE_H
#define STING_CLI_VERIFY_PAGE_H

#include "ledger/verify.h"

struct verify_page {
    const char *folder; /* as it was named */
    bool has_identity;  /* files were opened */
    int64_t now_us;
};

/* Write the page to `path`, replacing what was there. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_page_write(
    const struct verify_page *page, const struct verify_report *report,
    const char *path, struct fault *fault);

#endif
