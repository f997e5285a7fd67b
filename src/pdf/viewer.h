/*
 * viewer: any PDF as pictures of its pages, as a scan or a photograph in it
 * was taken: each page at the resolution of the largest image on it.
 *
 * Unlike `file` it takes signed PDFs too; encrypted ones it refuses.
 * Limits: VIEWER_MOST_PAGES, VIEWER_MOST_DPI, 128 megapixels a page.
 */
#ifndef STING_PDF_VIEWER_H
#define STING_PDF_VIEWER_H

#include "base/fault.h"
#include "base/plane.h"

#define VIEWER_MOST_PAGES 10000
#define VIEWER_MOST_DPI 600.0
#define VIEWER_PLAIN_DPI 200.0 /* of a page without a large image */

struct pdf_viewer; /* owned by whoever opened it */

bool pdf_viewer_is(struct bytes file);

/* `file` is borrowed until the viewer is closed. Fails: E_FORMAT damaged,
 * E_UNSUPPORTED encrypted, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status pdf_viewer_open(struct bytes file,
                                                 struct pdf_viewer **out,
                                                 struct fault *fault);
void pdf_viewer_close(struct pdf_viewer **viewer);
int pdf_viewer_pages(const struct pdf_viewer *viewer);

/* A page from 0, grey. The caller releases *out. Fails: E_ARG, E_FORMAT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status pdf_viewer_page(struct pdf_viewer *viewer,
                                                 int page, struct plane *out,
                                                 struct fault *fault);

#endif
