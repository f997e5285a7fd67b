#include "mark/read_ink.h"

#include <stdlib.h>
#include <string.h>

#include "mark/cell.h"

#define DARK 200       /* and below it is ink */
#define JOIN_PX 4      /* between letters of a word: no white is wider */
#define LEAST_PX 8     /* a side: smaller ones tell nothing */
#define MOST_WIDTH 400 /* longer ones are rules or lines of text in one */
#define MOST_HEIGHT 70
#define MOST_INKS 800 /* of a page */
#define BESIDE_PX 2   /* of a unit's word: may be part of it */

struct area {
    int x0, y0, x1, y1;
};

/* Ink in one row of pixels, and what it is part of. */
struct run {
    int x0, x1;
    size_t part;
};

/* Parts that turned out to hang together name the same leader. */
struct part {
    struct area area;
    size_t leader;
};

struct tracing {
    struct run *before, *now; /* owned: of two rows */
    size_t befores, nows;
    struct part *part; /* owned */
    size_t parts, room;
};

void inks_release(struct inks *inks)
{
    free(inks->ink);
    *inks = (struct inks){0};
}

static void tracing_release(struct tracing *tracing)
{
    free(tracing->before);
    free(tracing->now);
    free(tracing->part);
}

static size_t leader_of(struct part *part, size_t at)
{
    while (part[at].leader != at) {
        part[at].leader = part[part[at].leader].leader;
        at = part[at].leader;
    }
    return at;
}

static void area_join(struct area *area, const struct area *more)
{
    area->x0 = more->x0 < area->x0 ? more->x0 : area->x0;
    area->y0 = more->y0 < area->y0 ? more->y0 : area->y0;
    area->x1 = more->x1 > area->x1 ? more->x1 : area->x1;
    area->y1 = more->y1 > area->y1 ? more->y1 : area->y1;
}

/* The runs of a row, over gaps no wider than JOIN_PX. */
static void runs_find(const uint8_t *row, int width, struct tracing *tracing)
{
    tracing->nows = 0;
    for (int x = 0; x < width; x++) {
        size_t nows = tracing->nows;
        if (row[x] >= DARK) {
            continue;
        }
        if (nows > 0 && x - tracing->now[nows - 1].x1 <= JOIN_PX) {
            tracing->now[nows - 1].x1 = x + 1;
        } else {
            tracing->now[tracing->nows++] = (struct run){x, x + 1, 0};
        }
    }
}

static bool part_new(struct tracing *tracing, size_t *out)
{
    if (tracing->parts == tracing->room) {
        size_t room = 2 * tracing->room + 1024;
        void *grown = reallocarray(tracing->part, room, sizeof *tracing->part);
        if (!grown) {
            return false;
        }
        tracing->part = grown;
        tracing->room = room;
    }
    *out = tracing->parts;
    tracing->part[tracing->parts++].leader = *out;
    return true;
}

/* Make the run part of what it touches in the row before; *from is the first
 * run there that may reach it. */
static bool run_join(struct tracing *tracing, struct run *run, int y,
                     size_t *from)
{
    struct area area = {run->x0, y, run->x1, y + 1};
    bool is_new = true;
    while (*from < tracing->befores &&
           tracing->before[*from].x1 + JOIN_PX < run->x0) {
        ++*from;
    }
    for (size_t i = *from;
         i < tracing->befores && tracing->before[i].x0 <= run->x1 + JOIN_PX;
         i++) {
        size_t part = leader_of(tracing->part, tracing->before[i].part);
        area_join(&area, &tracing->part[part].area);
        run->part = is_new ? part : run->part;
        tracing->part[part].leader = run->part;
        is_new = false;
    }
    if (is_new && !part_new(tracing, &run->part)) {
        return false;
    }
    tracing->part[run->part].area = area;
    return true;
}

static enum sting_status parts_find(const struct plane *original,
                                    struct tracing *tracing)
{
    size_t room = (size_t)original->width_px / 2 + 2;
    tracing->before = calloc(room, sizeof *tracing->before);
    tracing->now = calloc(room, sizeof *tracing->now);
    if (!tracing->before || !tracing->now) {
        return STING_E_NOMEM;
    }
    for (int y = 0; y < original->height_px; y++) {
        size_t from = 0;
        runs_find(plane_row(original, y), original->width_px, tracing);
        for (size_t i = 0; i < tracing->nows; i++) {
            if (!run_join(tracing, &tracing->now[i], y, &from)) {
                return STING_E_NOMEM;
            }
        }
        struct run *kept = tracing->before;
        tracing->before = tracing->now;
        tracing->befores = tracing->nows;
        tracing->now = kept;
    }
    return STING_OK;
}

static bool area_fits(const struct area *area)
{
    int width = area->x1 - area->x0;
    int height = area->y1 - area->y0;
    return width >= LEAST_PX && height >= LEAST_PX && width <= MOST_WIDTH &&
           height <= MOST_HEIGHT;
}

static bool is_of_unit(const struct ink *ink, double dpi,
                       const struct mark_page *page)
{
    float beside = (float)(BESIDE_PX * 72 / dpi);
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (unit->x0_pt < ink->x1_pt + beside &&
            unit->x1_pt > ink->x0_pt - beside &&
            unit->y0_pt < ink->y1_pt + beside &&
            unit->y1_pt > ink->y0_pt - beside) {
            return true;
        }
    }
    return false;
}

static void inks_fill(struct tracing *tracing, double dpi,
                      const struct mark_page *page, struct inks *out)
{
    double pt = 72 / dpi;
    for (size_t i = 0; i < tracing->parts && out->inks < MOST_INKS; i++) {
        const struct area *area = &tracing->part[i].area;
        if (tracing->part[i].leader != i || !area_fits(area)) {
            continue;
        }
        struct ink ink = {(float)(area->x0 * pt), (float)(area->y0 * pt),
                          (float)(area->x1 * pt), (float)(area->y1 * pt)};
        if (!is_of_unit(&ink, dpi, page)) {
            out->ink[out->inks++] = ink;
        }
    }
}

enum sting_status inks_find(const struct plane *original, double dpi,
                            const struct mark_page *page, struct inks *out)
{
    struct tracing tracing STING_AUTO(tracing_release) = {0};
    struct inks made = {0};
    if (mark_has_cells(page)) {
        *out = made;
        return STING_OK;
    }
    enum sting_status status = parts_find(original, &tracing);
    if (status) {
        return status;
    }
    made.ink = calloc(MOST_INKS, sizeof *made.ink);
    if (!made.ink) {
        return STING_E_NOMEM;
    }
    inks_fill(&tracing, dpi, page, &made);
    *out = made;
    return STING_OK;
}
