#include "detect/page_zones.h"

#include <stdlib.h>

#include "detect/page_flash.h"

struct page_zones {
    int zones;
    struct page_watch *watch[DETECT_MOST_ZONES]; /* NULL: nothing to watch */
    struct patch_place place[DETECT_MOST_ZONES];
    struct page_flash flash[DETECT_MOST_ZONES];
    bool has_screen[DETECT_MOST_ZONES];
    bool is_known[DETECT_MOST_ZONES]; /* how its page lies */
    bool held[DETECT_KINDS];
};

enum sting_status page_zones_new(int width_px, int height_px,
                                 const struct detect_zone *zone, int zones,
                                 struct page_zones **out)
{
    struct page_zones *z STING_AUTO(page_zones_free) = calloc(1, sizeof *z);
    if (!z) {
        return STING_E_NOMEM;
    }
    z->zones = zones;
    for (int i = 0; i < zones; i++) {
        enum sting_status status = STING_OK;
        if (zone[i].has_bait &&
            patch_place(&zone[i], width_px, height_px, &z->place[i])) {
            status =
                page_watch_new(width_px, height_px, &zone[i], &z->watch[i]);
        }
        if (status) {
            return status;
        }
    }
    *out = z;
    z = NULL;
    return STING_OK;
}

void page_zones_free(struct page_zones **zones)
{
    for (int i = 0; *zones && i < (*zones)->zones; i++) {
        page_watch_free(&(*zones)->watch[i]);
    }
    free(*zones);
    *zones = NULL;
}

enum sting_status page_zones_print(struct page_zones *zones,
                                   const struct page_print *print)
{
    enum sting_status status = STING_OK;
    for (int i = 0; i < zones->zones && !status; i++) {
        if (zones->watch[i] && (print->zones >> i & 1)) {
            status = page_watch_print(zones->watch[i], print);
        }
    }
    return status;
}

static void tell(struct detect_look *look, struct page_event event)
{
    if (look->pages < DETECT_MOST_PAGES) {
        look->page[look->pages++] = event;
    }
}

/* A camera that is turned away shows no page; what is learned in changing
 * light is not how it lies. The light itself page watch fits anew each time. */
static bool is_held(const struct page_zones *z, bool is_known)
{
    return z->held[DETECT_TAMPER] || (z->held[DETECT_LIGHT] && !is_known);
}

/* Where no sheet is seen nothing says that a page lies there. */
static int told_state(const struct page_look *page)
{
    bool is_bare = !page->has_sheet && (page->state == PAGE_IN_VIEW ||
                                        page->state == PAGE_LEARNING);
    return is_bare ? PAGE_NO_SHEET : (int)page->state;
}

static void zone_look(struct page_zones *z, int i, const struct plane *picture,
                      int64_t at_us, struct detect_look *look)
{
    struct page_look page;
    page_watch_look(z->watch[i], picture, at_us, is_held(z, z->is_known[i]),
                    &page);
    z->is_known[i] = page.state != PAGE_LEARNING;
    look->wants_all = look->wants_all || page.wants_all;
    if (page.is_new) {
        tell(look, (struct page_event){PAGE_STATE_IS, i, told_state(&page),
                                       page.since_us, page.dpi});
    }
    if (page.page) {
        tell(look,
             (struct page_event){PAGE_READ, i, page.page, at_us, page.dpi});
    }
    if (page.has_screen != z->has_screen[i]) {
        z->has_screen[i] = page.has_screen;
        tell(look, (struct page_event){PAGE_SCREEN, i, page.has_screen, at_us,
                                       page.dpi});
    }
    if (page_flash_look(&z->flash[i], &z->place[i], picture, at_us)) {
        tell(look, (struct page_event){PAGE_FLASHES, i, z->flash[i].count,
                                       z->flash[i].first_us, page.dpi});
    }
}

void page_zones_look(struct page_zones *zones, const struct plane *picture,
                     int64_t at_us, struct detect_look *look)
{
    for (int i = 0; i < look->events; i++) {
        zones->held[look->event[i].kind] = look->event[i].begins;
    }
    for (int i = 0; i < zones->zones; i++) {
        if (zones->watch[i]) {
            zone_look(zones, i, picture, at_us, look);
        }
    }
}
