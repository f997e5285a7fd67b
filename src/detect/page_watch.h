/*
 * page_watch: what became of the page that lies in a bait zone?
 * Pictures in, states out.
 *
 * It learns the sheet's own look while all is quiet: its corners and edges
 * against the table, its print as far as the picture shows any, its
 * brightness. The light's gain is fitted around the sheet each time. A hand
 * hides some of the sheet and leaves the rest where it was; who lifts the
 * sheet moves all of it; a sheet that is gone leaves a table of one kind.
 * What lies there anew, at rest and in full view, is laid over the known
 * sheet by its corners and compared.
 *
 * Limits: one sheet a zone, brighter than what it lies on, else only print
 * tells; at least PATCH_LEAST pixels. Below about 25 dots an inch print tells
 * little. Threads: one at a time.
 */
#ifndef STING_DETECT_PAGE_WATCH_H
#define STING_DETECT_PAGE_WATCH_H

#include "detect/detector.h"
#include "detect/page_event.h"
#include "detect/page_print.h"

struct page_look {
    enum page_state state;
    bool is_new;      /* it was another before this look; or it is learned
                         still, and for the first time no sheet was found */
    bool has_sheet;   /* one was found where it was learned; else only print
                         tells */
    int64_t since_us; /* when it was first seen so */
    bool wants_all;   /* something stirs: more looks, please */
    bool has_screen;  /* something over it shines brighter than paper */
    float dpi;        /* about, if the sheet is A4; 0: no sheet found */
    int page;         /* was read just now: what lies there, from 1; 0: not */
};

struct page_watch;

/* For pictures of this size. Fails: E_LIMIT when the zone is too small to see
 * a page in, E_NOMEM. */
STING_MUST_USE enum sting_status page_watch_new(int width_px, int height_px,
                                                const struct detect_zone *zone,
                                                struct page_watch **out);
void page_watch_free(struct page_watch **watch);

/* A page that may lie there; borrowed for as long as it is watched. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status page_watch_print(
    struct page_watch *watch, const struct page_print *print);

/* Look at a picture of that size. `held`: the whole picture changes just now
 * (light, tampering), and nothing may be concluded from it. Pictures that
 * follow each other closer than 180 ms are not all looked at. */
void page_watch_look(struct page_watch *watch, const struct plane *picture,
                     int64_t at_us, bool held, struct page_look *out);

#endif
