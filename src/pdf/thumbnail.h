/*
 * thumbnail: small pictures of the unmarked page in a file's metadata (XMP).
 */
#ifndef STING_PDF_THUMBNAIL_H
#define STING_PDF_THUMBNAIL_H

#include "pdf/layout.h"

/* Blank them in object->instead of each stream of metadata, whose length stays
 * what it was. Source: ISO 16684-1, 8.6. Fails: E_FORMAT, E_UNSUPPORTED,
 * E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status thumbnails_blank(struct layout *layout,
                                                  struct source *source,
                                                  struct fault *fault);

#endif
