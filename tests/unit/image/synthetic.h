/*
 * synthetic: pages and photographs of which everything is known, for tests
 * of registration and reading. Words are rows of bars; a photograph is a
 * homography, a curl of the sheet, blur and noise.
 */
#ifndef STING_TESTS_SYNTHETIC_H
#define STING_TESTS_SYNTHETIC_H

#include "base/plane.h"
#include "image/homography.h"
#include "image/page_index.h"
#include "mark/unit.h"

#define SYNTHETIC_WIDTH_PT 420.0
#define SYNTHETIC_HEIGHT_PT 560.0

struct bar {
    float x0, y0, x1, y1; /* points */
    uint32_t word;
};

struct synthetic {
    struct mark_page page; /* owned; one unit along each word, one across */
    struct bar *bar;       /* owned */
    size_t bars;
};

/* Another seed, another page. */
void synthetic_init(struct synthetic *out, uint64_t seed);
void synthetic_release(struct synthetic *page);

/* bit: one a unit, or NULL for the unmarked original. */
void synthetic_render(const struct synthetic *page, const uint8_t *bit,
                      double dpi, struct plane *out);

/* The index of these pages, numbered as they stand; the caller releases it. */
void synthetic_index(const struct synthetic *const page[], size_t pages,
                     struct page_index *out);

struct synthetic_view {
    struct homography h; /* page points to photo pixels */
    double curl_pt;      /* how far the sheet's curl moves its middle */
    int width_px, height_px;
    double blur_px;
    double noise; /* grey levels */
    uint64_t seed;
};

/* The whole page, a little tilted, `scale` photo pixels a point. */
struct synthetic_view synthetic_view_of(double scale, uint64_t seed);

/* Where a place of the page is in the photograph: the truth. */
struct point synthetic_place(const struct synthetic_view *view, struct point p);

void synthetic_photograph(const struct plane *page, double dpi,
                          const struct synthetic_view *view, struct plane *out);

#endif
