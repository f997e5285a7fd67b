/*
 * page_register: lay a page better into a picture that shows it, if it does.
 * Only detect/ includes this.
 *
 * Where sheets lie over one another, the corners that are seen are those of all
 * together. Blocks of the page are looked for around where they should be; a
 * homography that many of them agree with moves the corners.
 */
#ifndef STING_DETECT_PAGE_REGISTER_H
#define STING_DETECT_PAGE_REGISTER_H

#include "detect/page_sheet.h"

/* `laid` is a page's fine structure as it was laid into the sheet's corners,
 * `fine` that of the picture. Moves the corners; false, and leaves them, when
 * too few blocks agree. */
bool page_register(const struct plane_f *fine, const struct plane_f *laid,
                   struct page_sheet *sheet);

#endif
