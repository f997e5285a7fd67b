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
#include "mark/unit.h"

#define MARK_READ_DPI 200.0 /* of the reference rendering */

#define MARK_READ_ONE 1024 /* evidence is a multiple of 1 / MARK_READ_ONE */

/* Share of the log likelihood ratio that evidence is: strength.h tries 0.25 to
 * 2 times the evidence, and where copies are mixed an eighth is best. */
#define MARK_READ_TEMPER 0.5

struct unit_reading {
    float shift_pt; /* along the unit's direction, smooth trend taken out */
    float noise_pt; /* deviation of shift_pt, by the model fitted */
    float mark_pt;  /* how far the unit itself moves either way; 0: unseen */
    double a;       /* evidence: MARK_READ_TEMPER * (log likelihood ratio) /
                       (g(1) - g(0)), 0 when the unit was not measured */
};

struct page_reading {
    uint32_t units;            /* as the page has */
    uint32_t seen;             /* measured */
    struct unit_reading *unit; /* owned; units places */
    double blur_pt;            /* of the photograph, deviation */
    double noise_along_pt;     /* of a word of three letters */
    double noise_across_pt;
    double strange; /* share of seen units beyond three deviations of both
                       places where they may be: another filling of a form */
    double still;   /* share of units that did not move, 0 to 1 */
    double moved;   /* log likelihood of "all moved" over "none did" */
};

void page_reading_release(struct page_reading *reading);

/*
 * Do the units stand where this page has them? Of 916 photographs of the right
 * page, down to the darkest, none had more noise than 0.35 pt; where a foreign
 * page passes for ours, what is found lies anywhere: 1 pt, as far as is looked.
 * True when nothing was seen.
 */
bool page_reading_fits(const struct page_reading *reading);

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

/*
 * Several photographs of one page as one reading: each unit's displacements
 * are averaged by their noise, and the noise of the averages is found anew,
 * so that errors which the photographs share are not counted down.
 * `count` readings of the same page. The caller releases *out.
 * Fails: E_ARG, E_NOMEM.
 */
STING_MUST_USE enum sting_status mark_read_pool(
    const struct page_reading *const *reading, size_t count,
    const struct mark_page *page, struct page_reading *out);

#endif
