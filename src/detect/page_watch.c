#include "detect/page_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/page_judge.h"
#include "detect/page_known.h"
#include "detect/page_patch.h"
#include "detect/page_phase.h"
#include "detect/page_pose.h"
#include "detect/page_reader.h"
#include "detect/page_ring.h"
#include "detect/page_side.h"

#define LOOK_EVERY_US INT64_C(180000)
#define LEARN_US INT64_C(4000000)
#define LEARN_LOOKS 6
#define LOUD_PART 0.02F            /* more of the patch moving is no quiet */
#define SETTLE_US INT64_C(5000000) /* what lies so long is how it lies */
#define SETTLE_LOOKS 12
#define RELIT_US INT64_C(20000000)
#define LIGHT_US 1.5e6F /* who leans over it darkens it first */
#define AWAY_US INT64_C(3000000)
#define SHEET_IN 9.83F /* root of the area of A4, inches */
#define READ_DPI 20.0F /* fewer show no page's own print */

struct page_watch {
    struct patch_place place;
    struct plane_f now, flat, fine; /* owned, all: this picture */
    struct plane_f last;            /* the fine structure of that before */
    double *sum;
    struct page_known known;
    struct page_phase phase;
    struct page_side side;
    struct page_reader reader;
    struct page_rest rest;
    struct page_ring ring;
    struct page_still still;
    float gain;       /* of the light */
    int64_t whole_us; /* when the page was last seen whole */
    int64_t away_us;  /* when paper was seen on its way */
    int64_t bare_us;  /* since when only the table is seen; INT64_MIN ... */
    int64_t calm_us;  /* ... and since when nothing stirs */
    int64_t learn_us, last_us;
    int glow_looks; /* in a row with a screen, or without */
    bool has_screen;
    bool told_bare; /* that there is nothing to tell a page by */
};

static enum sting_status planes_init(struct page_watch *w)
{
    struct plane_f *const plane[] = {&w->now, &w->flat, &w->fine, &w->last};
    int width = w->place.width, height = w->place.height;
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        enum sting_status status = plane_f_init(plane[i], width, height);
        if (status) {
            return status;
        }
    }
    w->sum = calloc((size_t)(width + 1) * (size_t)(height + 1), sizeof *w->sum);
    return w->sum ? STING_OK : STING_E_NOMEM;
}

enum sting_status page_watch_new(int width_px, int height_px,
                                 const struct detect_zone *zone,
                                 struct page_watch **out)
{
    struct patch_place place;
    if (!patch_place(zone, width_px, height_px, &place)) {
        return STING_E_LIMIT;
    }
    struct page_watch *w STING_AUTO(page_watch_free) = calloc(1, sizeof *w);
    if (!w) {
        return STING_E_NOMEM;
    }
    w->place = place;
    w->gain = 1;
    w->learn_us = w->last_us = INT64_MIN;
    w->bare_us = w->calm_us = INT64_MIN;
    w->away_us = INT64_MIN / 2;
    page_phase_init(&w->phase);
    enum sting_status status = planes_init(w);
    if (!status) {
        status = page_known_init(&w->known, place.width, place.height);
    }
    if (!status) {
        status = page_side_init(&w->side, place.width, place.height);
    }
    if (!status) {
        *out = w;
        w = NULL;
    }
    return status;
}

void page_watch_free(struct page_watch **watch)
{
    struct page_watch *w = *watch;
    if (w) {
        plane_f_release(&w->now);
        plane_f_release(&w->flat);
        plane_f_release(&w->fine);
        plane_f_release(&w->last);
        free(w->sum);
        page_known_release(&w->known);
        page_side_release(&w->side);
        page_reader_release(&w->reader);
    }
    free(w);
    *watch = NULL;
}

static size_t plane_bytes(const struct page_watch *w)
{
    return (size_t)w->place.width * (size_t)w->place.height * sizeof(float);
}

/* Deviation of the fine structure between two pictures, by the median of
 * every 7th pixel, and the part of it that is far beyond. */
static float difference(const struct page_watch *w, float *loud)
{
    float value[4096];
    int pixels = w->place.width * w->place.height, count = 0, far = 0;
    int step = pixels / 4096 + 1;
    for (int i = 0; i < pixels && count < 4096; i += step) {
        value[count++] = fabsf(w->fine.data[i] - w->last.data[i]);
    }
    float middle = median_of(value, count);
    for (int i = 0; i < count; i++) {
        far += value[i] > 6 * middle + 1;
    }
    *loud = (float)far / (float)count;
    return fmaxf(0.15F, middle * 1.4826F / 1.41421F);
}

/* What is known becomes how the page lies from now on; false when there is
 * nothing to tell a page by. */
static bool known_take(struct page_watch *w)
{
    w->gain = 1;
    w->ring = (struct page_ring){0};
    w->whole_us = w->last_us;
    return page_known_learn(&w->known, w->sum);
}

static void learning_begin(struct page_watch *w, int64_t at_us)
{
    w->learn_us = at_us;
    page_known_begin(&w->known, &w->now);
}

/* One more look while all is quiet; else it begins again. */
static void learning_add(struct page_watch *w, int64_t at_us, bool held)
{
    struct page_known *known = &w->known;
    float loud = 0, noise = difference(w, &loud);
    if (known->looks == 0 || held || loud > LOUD_PART) {
        learning_begin(w, at_us);
        return;
    }
    page_known_add(known, &w->now);
    known->noise += (noise - known->noise) / (float)(known->looks - 1);
}

static void learning_look(struct page_watch *w, int64_t at_us, bool held,
                          struct page_look *out)
{
    learning_add(w, at_us, held);
    if (w->known.looks < LEARN_LOOKS || at_us - w->learn_us < LEARN_US) {
        return;
    }
    if (!known_take(w)) { /* no page to be seen */
        out->is_new = !w->known.has_sheet && !w->told_bare;
        w->told_bare = w->told_bare || out->is_new;
        learning_begin(w, at_us);
        return;
    }
    const struct face_side face = {&w->known.fine, &w->known.sheet};
    page_side_learn(&w->side, &face);
    page_phase_begin(&w->phase, w->learn_us, at_us);
    out->is_new = true;
}

static int64_t since(int64_t *from_us, bool is_so, int64_t at_us)
{
    *from_us = !is_so ? INT64_MIN : *from_us == INT64_MIN ? at_us : *from_us;
    return is_so ? at_us - *from_us : 0;
}

/* Where the sheet is now, and how it lies. */
static void sheet_see(struct page_watch *w, int64_t at_us, bool is_calm,
                      struct page_sight *sight, struct page_sheet *sheet)
{
    const struct page_sheet *known = &w->known.sheet;
    bool may_touch = known->is_apart || (is_calm && w->calm_us != INT64_MIN);
    if (!w->known.has_sheet ||
        !page_known_sheet(&w->known, &w->flat, sight->seen.gain, may_touch,
                          sheet)) {
        return;
    }
    page_rest_follow(&w->rest, is_calm, sheet);
    sight->has_sheet = true;
    sight->is_whole = sheet->is_whole;
    sight->solid = sheet->solid;
    sight->size = (float)(sheet->area_px / known->area_px);
    sight->unlike = (float)page_pose_unlike(known, sheet);
    sight->still_us = page_still_follow(&w->still, sheet, at_us);
}

/* A sheet lies there, or hides where the known one lay: what is it? */
static enum page_state side_judge(struct page_watch *w,
                                  const struct page_sight *sight,
                                  const struct page_sheet *sheet)
{
    const struct page_sheet *known = &w->known.sheet;
    bool lies = page_judge_lies(sight);
    page_side_follow(&w->side, lies);
    if (lies && !sheet->is_whole) {
        return PAGE_MOVED; /* out of the picture: nothing to compare */
    }
    const struct face_side now = {&w->fine, lies ? sheet : known};
    double little_px = 0.03 * sqrt(known->area_px) + 2;
    return page_side_judge(&w->side, &now, w->known.noise, sight->seen.gain,
                           little_px);
}

/* What this one picture looks like. */
static enum page_state judge(struct page_watch *w,
                             const struct page_evidence *seen, int64_t at_us)
{
    bool is_in_view = page_judge_whole(seen);
    page_ring_follow(&w->ring, seen, is_in_view);
    if (is_in_view) {
        return page_state_lies(w->phase.state) ? w->phase.state
                                               : w->phase.known;
    }
    struct page_sight sight = {
        .seen = *seen,
        .relit = seen->gain / w->known.gain_in_view,
        .is_ring_gone = page_ring_is_gone(&w->ring, seen->ring_unsure)};
    struct page_sheet sheet = {0};
    bool is_calm = page_judge_calm(&sight);
    sheet_see(w, at_us, is_calm, &sight, &sheet);
    w->away_us = page_judge_away(&sight) ? at_us : w->away_us;
    sight.was_away = at_us - w->away_us < AWAY_US;
    sight.is_gone = w->phase.state == PAGE_GONE;
    sight.calm_us = since(&w->calm_us, is_calm, at_us);
    sight.bare_us = since(&w->bare_us, page_judge_bare(&sight), at_us);
    enum page_state now = page_judge(&sight);
    if (now == PAGE_MOVED) {
        return side_judge(w, &sight, &sheet);
    }
    page_side_forget(&w->side);
    return now;
}

/* What has lain there for a while in full view is how it lies from now on:
 * the next touch is told against that. */
static void lying_learn(struct page_watch *w, enum page_state now,
                        const struct page_evidence *seen, int64_t at_us)
{
    const struct page_phase *phase = &w->phase;
    if (!page_state_lies(phase->state) || now != phase->state ||
        seen->ring < 0.8F || seen->moving > 0.03F ||
        at_us - phase->lies_us < SETTLE_US) {
        w->known.looks = 0;
        return;
    }
    if (seen->here > 0.85F) {
        return; /* known already */
    }
    page_known_add(&w->known, &w->now);
    if (w->known.looks >= SETTLE_LOOKS) {
        (void)known_take(w);
        page_phase_settle(&w->phase);
        w->known.looks = 0;
    }
}

/* A screen shines brighter than the paper that it is held over. */
static void screen_follow(struct page_watch *w, const struct page_evidence *e)
{
    bool glows =
        w->known.has_sheet && e->glow > (w->has_screen ? 0.01F : 0.02F);
    w->glow_looks = glows == w->has_screen ? 0 : w->glow_looks + 1;
    if (w->glow_looks >= 3) {
        w->has_screen = glows;
        w->glow_looks = 0;
    }
}

/* The light in which it was seen whole last; long after, whatever it is. */
static void light_follow(struct page_watch *w, float gain, int64_t at_us)
{
    float *known = &w->known.gain_in_view;
    if (at_us == w->whole_us) {
        float part = (float)(at_us - w->last_us) / LIGHT_US;
        *known += fminf(part, 1) * (gain - *known);
    } else if (at_us - w->whole_us > RELIT_US) {
        *known = gain;
    }
}

static void known_look(struct page_watch *w, int64_t at_us, bool held,
                       struct page_look *out)
{
    struct page_evidence seen;
    page_known_look(&w->known, &w->flat, &w->fine, w->gain, &seen);
    if (held) {
        return;
    }
    w->gain = seen.gain;
    screen_follow(w, &seen);
    enum page_state now = judge(w, &seen, at_us);
    w->whole_us = page_judge_whole(&seen) ? at_us : w->whole_us;
    light_follow(w, seen.gain, at_us);
    out->is_new = page_phase_follow(&w->phase, now, at_us);
    lying_learn(w, now, &seen, at_us);
    if (now == PAGE_IN_VIEW && w->phase.state == PAGE_IN_VIEW &&
        seen.here > 0.95F) {
        page_known_follow(&w->known, &w->now, w->gain, at_us - w->last_us);
    }
    out->wants_all = page_phase_wants_all(&w->phase, now, at_us);
}

enum sting_status page_watch_print(struct page_watch *watch,
                                   const struct page_print *print)
{
    return page_reader_add(&watch->reader, watch->place.width,
                           watch->place.height, print);
}

/* Does what is known lie there, its print up, where it can be read? */
static bool is_legible(const struct page_phase *phase, float dpi)
{
    bool is_page = phase->known == PAGE_IN_VIEW || phase->known == PAGE_CHANGED;
    bool is_so = phase->state == phase->known ||
                 (phase->state == PAGE_MOVED && phase->known == PAGE_IN_VIEW);
    return dpi >= READ_DPI && is_page && is_so;
}

static void number_follow(struct page_watch *w, int64_t at_us,
                          struct page_look *out)
{
    enum page_state state = w->phase.state;
    bool is_same =
        state == PAGE_IN_VIEW || state == PAGE_COVERED || state == PAGE_MOVED;
    if (out->is_new && !is_same) {
        page_reader_forget(&w->reader);
    }
    if (is_legible(&w->phase, out->dpi)) {
        out->page =
            page_reader_look(&w->reader, &w->known.mean, &w->known.sheet,
                             w->whole_us == at_us, at_us);
    }
}

/* About how many pixels of the picture an inch of the sheet has. */
static float dpi_of(const struct page_watch *w)
{
    const struct page_known *known = &w->known;
    float scale = (float)(w->place.x1 - w->place.x0) / (float)w->place.width;
    return known->has_sheet
               ? scale * sqrtf((float)known->sheet.area_px) / SHEET_IN
               : 0;
}

static void state_tell(const struct page_watch *w, struct page_look *out)
{
    out->state = w->phase.state;
    out->since_us =
        w->phase.state == PAGE_LEARNING ? w->learn_us : w->phase.since_us;
    out->has_sheet = w->known.has_sheet;
    out->has_screen = w->has_screen;
}

void page_watch_look(struct page_watch *watch, const struct plane *picture,
                     int64_t at_us, bool held, struct page_look *out)
{
    struct page_watch *w = watch;
    *out = (struct page_look){0};
    state_tell(w, out);
    if (w->last_us != INT64_MIN && at_us - w->last_us < LOOK_EVERY_US) {
        out->wants_all = w->phase.next_looks > 0;
        return;
    }
    patch_cut(&w->place, picture, &w->now);
    patch_fine(&w->now, w->sum, &w->flat, &w->fine);
    if (w->phase.state == PAGE_LEARNING) {
        learning_look(w, at_us, held, out);
    } else {
        known_look(w, at_us, held, out);
    }
    memcpy(w->last.data, w->fine.data, plane_bytes(w));
    w->last_us = at_us;
    state_tell(w, out);
    out->dpi = dpi_of(w);
    number_follow(w, at_us, out);
}
