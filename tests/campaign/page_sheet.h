/*
 * page_sheet: a page of a PDF as the scene lays it on the table. page_scene
 * shows sheets mirrored, so that it is turned over first.
 */
#ifndef STING_TESTS_CAMPAIGN_PAGE_SHEET_H
#define STING_TESTS_CAMPAIGN_PAGE_SHEET_H

#include "base/fault.h"
#include "base/plane.h"

/* Drawn by poppler in its jail, pages from 0; paper is white, 255. `out` is the
 * caller's. Fails: as paper_render(); E_NOMEM. */
STING_MUST_USE enum sting_status page_sheet_draw(struct bytes pdf, int page,
                                                 double dpi, struct plane *out,
                                                 struct fault *fault);

#endif
