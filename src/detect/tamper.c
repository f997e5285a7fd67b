#include "detect/tamper.h"

#include <stdlib.h>

#include "detect/tamper_echo.h"
#include "detect/tamper_paint.h"
#include "detect/tamper_print.h"
#include "detect/tamper_view.h"

#define BEGIN_US INT64_C(3200000) /* of the view: somebody may hide it */
#define BEGIN_LOOKS 4
/* A person before the lens may be so long. */
#define COVER_US INT64_C(4000000)
#define ALONE_US INT64_C(300000) /* ways from one sensor differ by less */
#define ALONE_LOOKS 3
#define CLEARLY 0.5F /* of the view is in its place */
#define END_US INT64_C(3000000)
#define HELD_RUN 2
#define PLAYED_RUN 3
/* Keyframes that are so far apart: one fewer is enough, where it is equal to
 * the last bit and that has never come by itself; and what is seen first has
 * been there for a while. */
#define FAR_US INT64_C(1500000)
#define FAR_LOOKS 16 /* that say whether it comes by itself */
#define FAR_HIDES_US INT64_C(3000000)
#define LOOK_EVERY_US INT64_C(180000)
#define KEY_EVERY_US INT64_C(400000)
#define WANT_US INT64_C(6000000)

struct tamper {
    bool has_view;
    struct view view;
    struct paint paint;
    int64_t flat_us; /* since when a part of it is */
    struct prints prints;
    struct echo echo;
    bool covered; /* by the detector */
    bool light;   /* changes, by the detector */
    int64_t covered_us;
    enum view_state state; /* of the view, ... */
    int64_t since_us;      /* ... and since when */
    int looks;             /* in a row */
    int64_t looked_us, key_us;
    int64_t apart_us;        /* of the last two keyframes */
    int64_t beside_us;       /* the view was in its place in another stream */
    enum tamper_cause cause; /* told */
    int64_t told_us;         /* when */
    int64_t last_us;         /* when it was last so */
    bool repeats_told;
};

const char *tamper_sentence(enum tamper_cause cause)
{
    static const char *const sentence[TAMPER_CAUSES] = {
        [TAMPER_NONE] = "nothing was done to the camera",
        [TAMPER_COVERED] = "the lens is covered",
        [TAMPER_TURNED] = "the camera was turned, or is shown another picture",
        [TAMPER_BLURRED] = "the picture is out of focus",
        [TAMPER_HELD] = "the same picture comes again and again",
        [TAMPER_PLAYED] = "what was there before is played again",
        [TAMPER_BLANK] =
            "nothing at all is seen: the lens is shut, or there is no light",
        [TAMPER_REPEATS] =
            ("its still pictures repeat by themselves: a picture that is held, "
             "or a recording played again, would not be told of")};
    return sentence[cause];
}

enum sting_status tamper_new(int width_px, int height_px,
                             const struct detect_zone *zone, int zones,
                             struct tamper **out)
{
    struct tamper *t STING_AUTO(tamper_free) = calloc(1, sizeof *t);
    enum sting_status status = t ? prints_init(&t->prints) : STING_E_NOMEM;
    status = status ? status : echo_init(&t->echo);
    if (status) {
        return status;
    }
    status = view_init(&t->view, width_px, height_px, zone, zones);
    t->has_view = !status;
    status = t->has_view ? paint_init(&t->paint, &t->view) : status;
    if (status == STING_E_NOMEM) {
        return status;
    }
    t->looked_us = t->key_us = t->beside_us = INT64_MIN / 2;
    *out = t;
    t = NULL;
    return STING_OK;
}

void tamper_free(struct tamper **tamper)
{
    if (*tamper) {
        view_release(&(*tamper)->view);
        paint_release(&(*tamper)->paint);
        prints_release(&(*tamper)->prints);
        echo_release(&(*tamper)->echo);
    }
    free(*tamper);
    *tamper = NULL;
}

/* Take what the detector says of tampering and light out of its look. */
static void detector_hear(struct tamper *t, struct detect_look *look)
{
    int kept = 0;
    for (int i = 0; i < look->events; i++) {
        const struct detect_event e = look->event[i];
        if (e.kind == DETECT_TAMPER) {
            t->covered = e.begins;
            t->covered_us = e.at_us;
            continue;
        }
        t->light = e.kind == DETECT_LIGHT ? e.begins : t->light;
        look->event[kept++] = e;
    }
    look->events = kept;
}

static void view_follow(struct tamper *t, const struct plane *picture,
                        int64_t at_us)
{
    if (!t->has_view || at_us - t->looked_us < LOOK_EVERY_US) {
        return;
    }
    bool learns = !t->covered && t->cause == TAMPER_NONE;
    enum view_state state = view_look(&t->view, picture, learns);
    t->since_us = state == t->state ? t->since_us : at_us;
    t->looks = state == t->state ? t->looks + 1 : 1;
    t->state = state;
    t->looked_us = at_us;
    bool was_flat = t->paint.is_now;
    paint_look(&t->paint, &t->view, at_us);
    t->flat_us = was_flat ? t->flat_us : at_us;
}

static void prints_follow(struct tamper *t, const struct plane *picture,
                          int64_t at_us)
{
    if (at_us - t->key_us >= KEY_EVERY_US) {
        prints_look(&t->prints, picture);
        echo_look(&t->echo, picture);
        t->apart_us = at_us - t->key_us;
        t->key_us = at_us;
    }
}

/* What another stream does not show is no person who passes the lens. */
static bool is_alone(const struct tamper *t)
{
    return t->looks >= ALONE_LOOKS && t->beside_us - t->since_us >= ALONE_US;
}

/* The same pictures come again and again. */
static enum tamper_cause again_now(const struct tamper *t)
{
    const struct prints *p = &t->prints;
    int least = p->lag == 1 ? HELD_RUN : PLAYED_RUN;
    bool is_sure = t->apart_us >= FAR_US && !p->strays &&
                   p->count > FAR_LOOKS && p->sure >= least - 1;
    if (p->lag <= 0 || (p->run < least && !is_sure)) {
        return t->echo.is_heard ? TAMPER_PLAYED : TAMPER_NONE;
    }
    return p->is_blank   ? TAMPER_BLANK
           : p->lag == 1 ? TAMPER_HELD
                         : TAMPER_PLAYED;
}

/* What is so now; *from_us: since when. */
static enum tamper_cause cause_now(const struct tamper *t, int64_t at_us,
                                   int64_t *from_us)
{
    enum tamper_cause again = again_now(t);
    bool is_far = t->apart_us >= FAR_US;
    int64_t begin_us = is_far ? FAR_HIDES_US : BEGIN_US;
    int64_t cover_us = is_far ? FAR_HIDES_US : COVER_US;
    bool is_long = t->looks >= BEGIN_LOOKS && at_us - t->since_us >= begin_us;
    bool lasts = is_long || is_alone(t);
    *from_us = t->since_us;
    if (again != TAMPER_NONE) {
        *from_us = t->key_us;
        return again;
    }
    if (t->state == VIEW_OTHER && lasts) {
        return TAMPER_TURNED;
    }
    if (t->state == VIEW_BLURRED && lasts) {
        return TAMPER_BLURRED;
    }
    if (t->state == VIEW_NOTHING && is_long && is_alone(t)) {
        return TAMPER_COVERED;
    }
    if (t->paint.lasts && t->state != VIEW_BLURRED) {
        *from_us = t->flat_us;
        return TAMPER_COVERED;
    }
    if (t->covered && t->state != VIEW_OWN && t->state != VIEW_BLURRED &&
        at_us - t->covered_us >= cover_us) {
        *from_us = t->covered_us;
        return TAMPER_COVERED;
    }
    return TAMPER_NONE;
}

static void tell(struct detect_look *look, bool begins, int64_t at_us)
{
    if (look->events < DETECT_MOST_EVENTS) {
        look->event[look->events++] =
            (struct detect_event){DETECT_TAMPER, begins, at_us, -1, 1};
    }
}

static void cause_follow(struct tamper *t, enum tamper_cause now,
                         int64_t from_us, int64_t at_us,
                         struct detect_look *look)
{
    if (now != TAMPER_NONE) {
        t->last_us = at_us;
    }
    if (now != TAMPER_NONE && t->cause == TAMPER_NONE) {
        t->cause = now;
        t->told_us = at_us;
        tell(look, true, from_us);
        look->cause = (int)now;
        return;
    }
    bool is_new = at_us - t->told_us >= TAMPER_NEW_US;
    if (t->cause != TAMPER_NONE && (at_us - t->last_us >= END_US || is_new)) {
        tell(look, false, t->last_us);
        t->cause = TAMPER_NONE;
        if (is_new) {
            view_forget(&t->view);
        }
    }
}

void tamper_look(struct tamper *tamper, const struct plane *picture,
                 int64_t at_us, bool key, struct detect_look *look)
{
    struct tamper *t = tamper;
    int64_t from_us = at_us;
    detector_hear(t, look);
    view_follow(t, picture, at_us);
    if (key) {
        prints_follow(t, picture, at_us);
    }
    enum tamper_cause now = cause_now(t, at_us, &from_us);
    cause_follow(t, now, from_us, at_us, look);
    if (t->prints.repeats && !t->repeats_told && !look->cause) {
        t->repeats_told = true;
        look->cause = TAMPER_REPEATS;
    }
    bool odd = t->state != VIEW_OWN && t->state != VIEW_UNKNOWN;
    int64_t odd_us = odd ? t->since_us : t->flat_us;
    look->wants_all |= (odd || t->paint.is_now) && t->cause == TAMPER_NONE &&
                       at_us - odd_us < WANT_US;
}

int64_t tamper_own_us(const struct tamper *tamper)
{
    bool is_own = tamper->state == VIEW_OWN && tamper->view.own > CLEARLY;
    return is_own ? tamper->looked_us : INT64_MIN;
}

void tamper_beside(struct tamper *tamper, int64_t own_us)
{
    tamper->beside_us = own_us > tamper->beside_us ? own_us : tamper->beside_us;
}

void tamper_finish(struct tamper *tamper, int64_t at_us,
                   struct detect_look *look)
{
    detector_hear(tamper, look);
    if (tamper->cause != TAMPER_NONE) {
        tell(look, false, at_us);
        tamper->cause = TAMPER_NONE;
    }
}
