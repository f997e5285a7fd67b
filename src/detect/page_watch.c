#include "detect/page_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/page_blocks.h"
#include "detect/page_face.h"
#include "detect/page_judge.h"
#include "detect/page_number.h"
#include "detect/page_patch.h"
#include "detect/page_pose.h"
#include "detect/page_ring.h"

#define LOOK_EVERY_US INT64_C(180000)
#define LEARN_US INT64_C(4000000)
#define LEARN_LOOKS 6
#define LOUD_PART 0.02F            /* more of the patch moving is no quiet */
#define SETTLE_US INT64_C(5000000) /* what lies so long is how it lies */
#define FOLLOW_US 30e6F
#define WANT_US INT64_C(6000000) /* at most, for one change */
#define SAME 0.33F  /* of the known print: 0.5 to 0.85 against up to 0.2 */
#define CLEAR 0.97F /* of a sheet that nothing touches: so solid */
#define BORDERED 0.75F
#define BLANK 0.06F /* less power of print than this: the back, or .. */
#define DOUBT                                                                  \
    0.08F /* .. than this part of the noise, which is as uncertain             \
           */
#define RELIT_US INT64_C(20000000)
#define AWAY_US INT64_C(3000000)
#define MOST_FACES 12
#define SETTLE_LOOKS 12
#define FEWEST_TELLING 6
#define SHEET_IN 9.83F                  /* root of the area of A4, inches */
#define READ_DPI 20.0F                  /* fewer show no page's own print */
#define READ_AGAIN_US INT64_C(10000000) /* at first, then twice as long */

struct page_watch {
    struct patch_place place;
    struct plane_f now, flat, fine; /* this picture */
    struct plane_f mean;            /* the known patch */
    struct plane_f known_flat, known_fine;
    struct plane_f face_fine; /* the page's own face, as it was laid out */
    struct plane_f last;      /* while learning: the picture before */
    struct plane_f work;
    double *sum;
    struct sheet_work sheets;
    struct sheet_light light;
    struct page_sheet sheet, face_sheet;
    struct page_blocks blocks;
    struct page_rest rest;
    struct page_ring ring;
    struct page_still still;
    bool has_sheet; /* else only print tells */
    bool has_face;
    float noise, gain;
    float gain_in_view; /* of the light, when the page was last seen whole */
    int64_t whole_us;   /* when that was */
    int64_t away_us;    /* when paper was seen on its way */
    int64_t bare_us;    /* since when only the table is seen; INT64_MIN ... */
    int64_t calm_us;    /* ... and since when nothing stirs */
    float same, power;  /* of what lies there, so many looks */
    int faces;
    bool was_lying; /* laid over by its own corners, then */
    int looks;
    int64_t learn_us, last_us;
    enum page_state state, next;
    enum page_state known; /* what lies there when all is as it is known, ... */
    int64_t known_us;      /* ... and since when it lies so */
    int64_t since_us, next_us, stirred_us;
    int next_looks;
    int64_t lies_us; /* since when it lies as it does now */
    int glow_looks;  /* in a row with a screen, or without */
    bool has_screen;
    struct page_number *number; /* NULL: its pages are not known */
    bool is_reading;
    int page;                 /* that was read; 0: none */
    int64_t read_us, wait_us; /* when to read next, and how long after that */
};

/* How a state is reached: so many looks in a row over so long. */
static const struct {
    int64_t least_us;
    int looks;
    bool lies; /* at rest: may become how it lies */
} trait[PAGE_STATES] = {
    [PAGE_LEARNING] = {0, 1, false},     [PAGE_IN_VIEW] = {150000, 2, true},
    [PAGE_COVERED] = {150000, 2, false}, [PAGE_LIFTED] = {150000, 2, false},
    [PAGE_MOVED] = {150000, 2, true},    [PAGE_TURNED] = {150000, 2, true},
    [PAGE_CHANGED] = {150000, 2, true},  [PAGE_GONE] = {150000, 2, false},
};

static enum sting_status planes_init(struct page_watch *w)
{
    struct plane_f *const plane[] = {
        &w->now,        &w->flat,      &w->fine, &w->mean, &w->known_flat,
        &w->known_fine, &w->face_fine, &w->last, &w->work};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        enum sting_status status =
            plane_f_init(plane[i], w->place.width, w->place.height);
        if (status) {
            return status;
        }
    }
    w->sum =
        calloc((size_t)(w->place.width + 1) * (size_t)(w->place.height + 1),
               sizeof *w->sum);
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
    w->learn_us = w->last_us = w->stirred_us = INT64_MIN;
    w->bare_us = w->calm_us = INT64_MIN;
    w->away_us = INT64_MIN / 2;
    enum sting_status status = planes_init(w);
    if (!status) {
        status = sheet_work_init(&w->sheets, place.width, place.height);
    }
    if (!status) {
        status = page_blocks_init(&w->blocks, place.width, place.height);
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
        plane_f_release(&w->mean);
        plane_f_release(&w->known_flat);
        plane_f_release(&w->known_fine);
        plane_f_release(&w->face_fine);
        plane_f_release(&w->last);
        plane_f_release(&w->work);
        free(w->sum);
        sheet_work_release(&w->sheets);
        page_blocks_release(&w->blocks);
        page_number_free(&w->number);
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

static struct blocks_known known_of(const struct page_watch *w)
{
    return (struct blocks_known){&w->known_flat, &w->known_fine,
                                 &w->light,      w->noise,
                                 w->looks,       w->gain_in_view};
}

static bool is_clear(const struct page_sheet *sheet)
{
    return sheet->is_whole && sheet->solid > CLEAR;
}

/* Something bright, a cup, may lie at the sheet: what is no clear sheet is
 * looked at once more without what touches it by a little, then by more. What
 * is left must have borders on all sides: of a sheet that the picture cuts off
 * some is lost so, and none is seen there. */
static bool sheet_find(struct page_watch *w, const struct plane_f *flat,
                       float gain, bool may_touch, struct page_sheet *out)
{
    static const int neck_px[] = {10, 25, 40};
    bool found = page_sheet_find(&w->sheets, flat, &w->light, gain, 0, out);
    for (int i = 0; may_touch && i < 3 && !(found && is_clear(out)); i++) {
        struct page_sheet apart;
        bool is_other = page_sheet_find(&w->sheets, flat, &w->light, gain,
                                        neck_px[i], &apart) &&
                        apart.is_whole && apart.solid > SOLID &&
                        apart.bordered > BORDERED;
        if (is_other &&
            (!found || !out->is_whole || apart.solid > out->solid)) {
            *out = apart;
            found = true;
        }
    }
    return found;
}

/* What is known becomes how the page lies from now on; false when there is
 * nothing to tell a page by. */
static bool known_take(struct page_watch *w)
{
    patch_fine(&w->mean, w->sum, &w->known_flat, &w->known_fine);
    sheet_light_learn(&w->known_flat, &w->light);
    double pixels = (double)w->place.width * w->place.height;
    bool found = sheet_find(w, &w->known_flat, 1, true, &w->sheet);
    w->has_sheet = found && w->sheet.solid > SOLID && w->sheet.is_whole &&
                   w->sheet.area_px > 0.04 * pixels &&
                   w->light.paper - w->light.table > 4 * w->noise + 4;
    if (!w->has_sheet) {
        double x = 0.16 * w->place.width, y = 0.16 * w->place.height;
        w->sheet = (struct page_sheet){
            .corner = {{x, y},
                       {w->place.width - x, y},
                       {w->place.width - x, w->place.height - y},
                       {x, w->place.height - y}},
            .area_px = (w->place.width - 2 * x) * (w->place.height - 2 * y),
            .solid = 1,
            .is_whole = true};
    }
    w->gain = w->gain_in_view = 1;
    w->ring = (struct page_ring){0};
    w->whole_us = w->last_us;
    const struct blocks_known known = known_of(w);
    return page_blocks_learn(&w->blocks, &known, &w->sheet) >= FEWEST_TELLING;
}

static void state_take(struct page_watch *w, enum page_state state,
                       int64_t since_us, struct page_look *out)
{
    out->is_new = state != w->state;
    if (out->is_new) {
        w->state = state;
        w->since_us = since_us;
    }
}

static void learning_begin(struct page_watch *w, int64_t at_us)
{
    w->learn_us = at_us;
    w->looks = 1;
    memcpy(w->mean.data, w->now.data, plane_bytes(w));
}

static void learning_look(struct page_watch *w, int64_t at_us, bool held,
                          struct page_look *out)
{
    float loud = 0, noise = difference(w, &loud);
    if (w->looks == 0 || held || loud > LOUD_PART) {
        learning_begin(w, at_us);
    } else {
        w->looks++;
        float rate = 1 / (float)w->looks;
        for (int i = 0; i < w->place.width * w->place.height; i++) {
            w->mean.data[i] += rate * (w->now.data[i] - w->mean.data[i]);
        }
        w->noise += (noise - w->noise) / (float)(w->looks - 1);
    }
    if (w->looks >= LEARN_LOOKS && at_us - w->learn_us >= LEARN_US) {
        if (!known_take(w)) {
            learning_begin(w, at_us); /* no page to be seen */
            return;
        }
        w->lies_us = at_us;
        if (!w->has_face) {
            memcpy(w->face_fine.data, w->known_fine.data, plane_bytes(w));
            w->face_sheet = w->sheet;
            w->has_face = true;
        }
        w->known = PAGE_IN_VIEW;
        state_take(w, PAGE_IN_VIEW, w->learn_us, out);
    }
}

/* What lies there at rest: which side of which page? Of a page with little
 * print one look tells little: looks are averaged as long as it lies. */
static enum page_state side_judge(struct page_watch *w,
                                  const struct page_sheet *sheet, float gain)
{
    struct page_face face;
    const struct face_side known = {&w->face_fine, &w->face_sheet};
    const struct face_side now = {&w->fine, sheet};
    if (!page_face_compare(&known, &now, w->noise, gain, &w->work, &face)) {
        return PAGE_LIFTED;
    }
    w->faces += w->faces < MOST_FACES;
    w->same += (face.same - w->same) / (float)w->faces;
    w->power += (face.power - w->power) / (float)w->faces;
    double little = 0.03 * sqrt(w->sheet.area_px);
    return w->same > SAME ? ((double)face.moved_px < little + 2 ? PAGE_IN_VIEW
                                                                : PAGE_MOVED)
           : w->power < BLANK + DOUBT * face.noise_power ? PAGE_TURNED
                                                         : PAGE_CHANGED;
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
    bool may_touch = w->sheet.is_apart || (is_calm && w->calm_us != INT64_MIN);
    if (!w->has_sheet ||
        !sheet_find(w, &w->flat, sight->seen.gain, may_touch, sheet)) {
        return;
    }
    page_rest_follow(&w->rest, is_calm, sheet);
    sight->has_sheet = true;
    sight->is_whole = sheet->is_whole;
    sight->solid = sheet->solid;
    sight->size = (float)(sheet->area_px / w->sheet.area_px);
    sight->unlike = (float)page_pose_unlike(&w->sheet, sheet);
    sight->still_us = page_still_follow(&w->still, sheet, at_us);
}

/* What this one picture looks like. */
static enum page_state judge(struct page_watch *w,
                             const struct page_evidence *seen, int64_t at_us)
{
    bool is_in_view = page_judge_whole(seen);
    page_ring_follow(&w->ring, seen, is_in_view);
    if (is_in_view) {
        return trait[w->state].lies ? w->state : w->known;
    }
    struct page_sight sight = {
        .seen = *seen,
        .relit = seen->gain / w->gain_in_view,
        .is_ring_gone = page_ring_is_gone(&w->ring, seen->ring_unsure)};
    struct page_sheet sheet = {0};
    bool is_calm = page_judge_calm(&sight);
    sheet_see(w, at_us, is_calm, &sight, &sheet);
    w->away_us = page_judge_away(&sight) ? at_us : w->away_us;
    sight.was_away = at_us - w->away_us < AWAY_US;
    sight.calm_us = since(&w->calm_us, is_calm, at_us);
    sight.bare_us = since(&w->bare_us, page_judge_bare(&sight), at_us);
    enum page_state now = page_judge(&sight);
    if (now != PAGE_MOVED) {
        w->faces = 0;
        return now;
    }
    bool lies = page_judge_lies(&sight);
    w->faces = lies == w->was_lying ? w->faces : 0;
    w->was_lying = lies;
    return lies && !sheet.is_whole
               ? PAGE_MOVED /* out of the picture: nothing to compare */
               : side_judge(w, lies ? &sheet : &w->sheet, seen->gain);
}

static void known_follow(struct page_watch *w, int64_t passed_us)
{
    float rate = (float)passed_us / FOLLOW_US;
    rate = rate > 0.1F ? 0.1F : rate;
    for (int i = 0; i < w->place.width * w->place.height; i++) {
        float light = (w->now.data[i] - SHEET_BLACK) / w->gain + SHEET_BLACK;
        w->mean.data[i] += rate * (light - w->mean.data[i]);
    }
}

/* What has lain there for a while in full view is how it lies from now on:
 * the next touch is told against that. */
static void lying_learn(struct page_watch *w, enum page_state now,
                        const struct page_evidence *seen, int64_t at_us)
{
    if (!trait[w->state].lies || now != w->state || seen->ring < 0.8F ||
        seen->moving > 0.03F || at_us - w->lies_us < SETTLE_US) {
        w->looks = 0;
        return;
    }
    if (seen->here > 0.85F) {
        return; /* known already */
    }
    w->looks++;
    float rate = 1 / (float)w->looks;
    for (int i = 0; i < w->place.width * w->place.height; i++) {
        w->mean.data[i] += rate * (w->now.data[i] - w->mean.data[i]);
    }
    if (w->looks >= SETTLE_LOOKS) {
        (void)known_take(w);
        bool is_page = w->state == PAGE_IN_VIEW || w->state == PAGE_MOVED;
        w->known = is_page ? PAGE_IN_VIEW : w->state;
        w->known_us = w->since_us;
        w->looks = 0;
    }
}

static void step(struct page_watch *w, enum page_state seen, int64_t at_us,
                 struct page_look *out)
{
    if (seen == w->state) {
        w->next = seen;
        w->next_looks = 0;
        return;
    }
    if (seen != w->next || w->next_looks == 0) {
        w->next = seen;
        w->next_looks = 0;
        w->next_us = at_us;
        w->stirred_us = at_us;
    }
    w->next_looks++;
    if (w->next_looks >= trait[seen].looks &&
        at_us - w->next_us >= trait[seen].least_us) {
        bool is_as_known = seen == w->known && seen != PAGE_IN_VIEW &&
                           w->state == PAGE_COVERED && w->known_us;
        w->known_us = is_as_known || seen == PAGE_COVERED ? w->known_us : 0;
        state_take(w, seen, is_as_known ? w->known_us : w->next_us, out);
        w->next_looks = 0;
        w->lies_us = at_us;
    }
}

/* A screen shines brighter than the paper that it is held over. */
static void screen_follow(struct page_watch *w, const struct page_evidence *e)
{
    bool glows = w->has_sheet && e->glow > (w->has_screen ? 0.01F : 0.02F);
    w->glow_looks = glows == w->has_screen ? 0 : w->glow_looks + 1;
    if (w->glow_looks >= 3) {
        w->has_screen = glows;
        w->glow_looks = 0;
    }
}

static void known_look(struct page_watch *w, int64_t at_us, bool held,
                       struct page_look *out)
{
    struct page_evidence seen;
    const struct blocks_known known = known_of(w);
    page_blocks_look(&w->blocks, &known, &w->flat, &w->fine, w->gain, &seen);
    if (held) {
        return;
    }
    w->gain = seen.gain;
    screen_follow(w, &seen);
    enum page_state now = judge(w, &seen, at_us);
    w->whole_us = page_judge_whole(&seen) ? at_us : w->whole_us;
    if (at_us == w->whole_us || at_us - w->whole_us > RELIT_US) {
        w->gain_in_view = seen.gain; /* so long after, it may be the light */
    }
    int64_t passed_us = at_us - w->last_us;
    step(w, now, at_us, out);
    lying_learn(w, now, &seen, at_us);
    if (now == PAGE_IN_VIEW && w->state == PAGE_IN_VIEW && seen.here > 0.95F) {
        known_follow(w, passed_us);
    }
    out->wants_all = (now != w->state || w->next_looks > 0 ||
                      w->state == PAGE_COVERED || w->state == PAGE_LIFTED) &&
                     at_us - w->stirred_us < WANT_US;
}

enum sting_status page_watch_print(struct page_watch *watch,
                                   const struct page_print *print)
{
    struct page_watch *w = watch;
    enum sting_status status = STING_OK;
    if (!w->number) {
        status = page_number_new(w->place.width, w->place.height, &w->number);
    }
    if (!status) {
        page_number_add(w->number, print);
        w->is_reading = false; /* whatever it is, it is among more now */
        w->page = 0;
        w->read_us = INT64_MIN;
        w->wait_us = READ_AGAIN_US;
    }
    return status;
}

/* Does what is known lie there, its print up, where it can be read? */
static bool is_legible(const struct page_watch *w, float dpi)
{
    bool is_page = w->known == PAGE_IN_VIEW || w->known == PAGE_CHANGED;
    bool is_so = w->state == w->known ||
                 (w->state == PAGE_MOVED && w->known == PAGE_IN_VIEW);
    return w->number && dpi >= READ_DPI && is_page && is_so;
}

/* A few pages a look; one that cannot be told from another may be later, when
 * more looks were averaged. */
static void number_follow(struct page_watch *w, int64_t at_us,
                          struct page_look *out)
{
    struct page_reading reading;
    bool is_same = w->state == PAGE_IN_VIEW || w->state == PAGE_COVERED ||
                   w->state == PAGE_MOVED;
    if (out->is_new && !is_same) {
        w->is_reading = false;
        w->page = 0;
        w->read_us = INT64_MIN;
        w->wait_us = READ_AGAIN_US;
    }
    if (!is_legible(w, out->dpi) || w->page) {
        return;
    }
    if (!w->is_reading && w->whole_us == at_us && at_us >= w->read_us) {
        page_number_begin(w->number, &w->mean, &w->sheet);
        w->is_reading = true;
    }
    if (w->is_reading && page_number_step(w->number, &reading)) {
        w->is_reading = false;
        w->read_us = at_us + w->wait_us;
        w->wait_us *= 2;
        w->page = reading.is_sure ? reading.page : 0;
        out->page = w->page;
    }
}

void page_watch_look(struct page_watch *watch, const struct plane *picture,
                     int64_t at_us, bool held, struct page_look *out)
{
    struct page_watch *w = watch;
    *out = (struct page_look){.state = w->state,
                              .since_us = w->since_us,
                              .has_screen = w->has_screen};
    if (w->last_us != INT64_MIN && at_us - w->last_us < LOOK_EVERY_US) {
        out->wants_all = w->next_looks > 0;
        return;
    }
    patch_cut(&w->place, picture, &w->now);
    patch_fine(&w->now, w->sum, &w->flat, &w->fine);
    if (w->state == PAGE_LEARNING) {
        learning_look(w, at_us, held, out);
    } else {
        known_look(w, at_us, held, out);
    }
    memcpy(w->last.data, w->fine.data, plane_bytes(w));
    w->last_us = at_us;
    out->state = w->state;
    out->since_us = w->since_us;
    out->has_screen = w->has_screen;
    float scale = (float)(w->place.x1 - w->place.x0) / (float)w->place.width;
    out->dpi =
        w->has_sheet ? scale * sqrtf((float)w->sheet.area_px) / SHEET_IN : 0;
    number_follow(w, at_us, out);
}
