/*
 * read: what a photograph says of each unit of a page.
 *
 * Every word is compared with the same word of the original: displacement
 * to a few thousandths of an inch, its noise, and from both how much more
 * likely the photograph is if the unit was displaced one way than the
 * other. Nothing here knows a key, a bias or a code, so that what is read
 * cannot lean towards any copy.
 *
 * Source: docs/design/strength.md; Gauss-Newton per word, trends
 * taken out by local linear fits that leave the word itself out.
 */
#ifndef STING_MARK_READ_H
#define STING_MARK_READ_H

#include "image/page_map.h"
#include "mark/letters.h"
#include "mark/reading.h"

#define MARK_READ_DPI 200.0 /* of the reference rendering */

/*
 * `original` is the page rendered at MARK_READ_DPI, white 255; `letters` are
 * where it has its glyphs, which tell where screens put them; NULL: nobody
 * knows. The caller
 * releases *out. Seeing no unit is no failure. Fails: E_ARG, E_NOMEM.
 */
STING_MUST_USE enum sting_status mark_read(const struct photo *photo,
                                           const struct page_map *map,
                                           const struct plane *original,
                                           const struct mark_page *page,
                                           const struct mark_letters *letters,
                                           struct page_reading *out);

#endif
