#include "drill/rehearsal.h"

#include <math.h>

#include "drill/judge.h"
#include "drill/plate.h"
#include "drill/reel.h"
#include "drill/walkers.h"

#define LEARN_S 21.0 /* the detector's own, at most 20 */
#define APART_S 22.0 /* of two visits, at least */
#define IN_VIEW 0.03 /* of his height squared: a fifth of a figure */
#define MOST_CHOSEN 40
#define MOST_IN_VAIN 5 /* passes in which nobody could come in */
#define LATE_S 1.5     /* a look may still tell of who has gone */
#define MOST_SPANS 64  /* of the control, told of */
#define AROUND_S 3.0   /* of one, for whom it may be about */

/* How much noisier pictures are, kept as bright, in that part of the light: by
 * the square root, as photons go. */
static const float grain_of[INTRUDER_VALUES] = {1, 1.4142136F, 2};

struct visit {
    struct rehearsal_trial trial;
    const struct walker *walker; /* of the people's clip; NULL: a figure */
    double begins_s;             /* in this pass */
    double visible_s;            /* the first of him; below 0: not yet */
    double in_view_s;            /* a fifth of him; below 0: not yet */
    bool goes_on;
};

/* When the control told of somebody. The last one takes in what is too many. */
struct spans {
    struct {
        double from_s, to_s;
    } span[MOST_SPANS];
    int count;
    bool goes_on; /* the last one */
};

/* Once through the footage. */
struct pass {
    bool is_control;
    struct spans *spans;
    const struct rehearsal_settings *settings;
    const struct walkers *walkers;
    const struct reel *reel;
    struct encode_settings encode;
    struct rehearsal_sum *sum;
    uint32_t *number; /* of the next intruder, over all passes */
    struct plate plate;
    struct matte who;
    struct judge *judge;
    struct encoder *encoder;
    struct looker *looker;
    struct chance chance;
    struct visit visit;
    double next_s, now_s;
    struct fault *fault;
};

static void pass_release(struct pass *pass)
{
    plate_release(&pass->plate);
    matte_release(&pass->who);
    judge_free(&pass->judge);
    encoder_free(&pass->encoder);
    looker_free(&pass->looker);
}

static double lasts_s(const struct visit *visit)
{
    return visit->walker ? walker_lasts_s(visit->walker)
                         : intruder_lasts_s(&visit->trial.who);
}

static double leaves_s(const struct visit *visit)
{
    return visit->walker ? walker_lasts_s(visit->walker)
                         : intruder_leaves_s(&visit->trial.who);
}

/* ---- told ---- */

static void span_add(struct spans *spans, double start_s, double told_s)
{
    int at = spans->count < MOST_SPANS ? spans->count++ : MOST_SPANS - 1;
    if (spans->span[at].to_s <= 0) {
        spans->span[at].from_s = start_s;
    }
    spans->span[at].to_s = told_s;
    spans->goes_on = true;
}

/* When the footage is quiet for so long, from `from_s` on. */
static double quiet_from(const struct spans *spans, double from_s,
                         double long_s)
{
    for (int i = 0; i < spans->count; i++) {
        if (from_s < spans->span[i].to_s + AROUND_S &&
            from_s + long_s > spans->span[i].from_s - AROUND_S) {
            from_s = spans->span[i].to_s + AROUND_S;
        }
    }
    return from_s;
}

/* Before anything of him is to be seen it was chance. */
static void opened(void *context, double start_s, double told_s)
{
    struct pass *pass = context;
    struct visit *visit = &pass->visit;
    if (pass->is_control) {
        pass->sum->false_alarms++;
        span_add(pass->spans, start_s, told_s);
        return;
    }
    bool is_seen = visit->goes_on && visit->visible_s >= 0 &&
                   told_s >= visit->visible_s && start_s >= visit->begins_s - 1;
    if (!is_seen || visit->trial.is_told ||
        told_s > visit->begins_s + lasts_s(visit)) {
        return;
    }
    visit->trial.is_told = true;
    visit->trial.delay_s = visit->in_view_s < 0 ? 0 : told_s - visit->in_view_s;
    visit->trial.spare_s = visit->begins_s + leaves_s(visit) - told_s;
}

static enum sting_status packet_look(void *context,
                                     const struct encode_packet *given)
{
    struct pass *pass = context;
    struct packet packet STING_AUTO(packet_release) = {0};
    enum sting_status status = STING_OK;
    if (!pass->looker) {
        struct stream stream STING_AUTO(stream_release) = {0};
        status = stream_of_h264(pass->reel->width_px, pass->reel->height_px,
                                given->data, &stream);
        status = status ? status
                        : looker_new(&stream, pass->settings->look, judge_look,
                                     pass->judge, &pass->looker, pass->fault);
    }
    status = status
                 ? status
                 : packet_new(given->data, given->pts_us, given->key, &packet);
    return status ? status : looker_add(pass->looker, &packet);
}

/* ---- who comes ---- */

static struct intruder_stage stage_of(const struct pass *pass)
{
    const struct looker_settings *look = pass->settings->look;
    struct intruder_stage stage = {pass->reel->width_px, pass->reel->height_px,
                                   -1, -1};
    for (int i = 0; i < look->zones && stage.bait_x < 0; i++) {
        const struct detect_zone *zone = &look->zone[i];
        float x = 0;
        float y = 0;
        for (int k = 0; k < zone->points; k++) {
            x += zone->point[k].x / (float)zone->points;
            y += zone->point[k].y / (float)zone->points;
        }
        if (zone->has_bait) {
            stage.bait_x = x * (float)stage.width_px;
            stage.bait_y = y * (float)stage.height_px;
        }
    }
    return stage;
}

/* Does he go before the footage ends? */
static bool fits(const struct pass *pass, const struct visit *visit,
                 double begins_s)
{
    return begins_s + lasts_s(visit) + 2 < (double)pass->reel->us / 1e6;
}

/* Somebody of the people's clip, where he walked. */
static struct visit walker_visit(const struct pass *pass, uint32_t number)
{
    const struct walkers *walkers = pass->walkers;
    const struct walker *walker = &walkers->walker[number % walkers->count];
    float times = (float)pass->reel->width_px / (float)walkers->width_px;
    struct visit visit = {.walker = walker};
    struct intruder *who = &visit.trial.who;
    who->height_px = walker->height_px * times;
    who->trait[TRAIT_LIGHT] = (uint8_t)pass->settings->light;
    who->trait[TRAIT_SIZE] =
        (uint8_t)trait_size(who->height_px, pass->reel->height_px);
    who->trait[TRAIT_PATH] = who->trait[TRAIT_SPEED] = INTRUDER_VALUES;
    who->trait[TRAIT_WHO] = WHO_CLIP;
    return visit;
}

static struct visit figure_visit(const struct pass *pass, uint32_t number,
                                 uint32_t draw)
{
    const struct intruder_stage stage = stage_of(pass);
    struct visit visit = {.walker = NULL};
    struct intruder *who = &visit.trial.who;
    int way[4];
    *who = intruder_choose(pass->settings->seed, number, draw,
                           pass->settings->light, &stage);
    intruder_way(who, way);
    who->behind = plate_level(&pass->plate, way[0], way[1], way[2], way[3]);
    return visit;
}

/* The next one; of a people's clip every other. Whoever would not fit into a
 * whole pass is drawn again, of the same traits. False: none would. */
static bool visit_choose(const struct pass *pass, struct visit *out)
{
    uint32_t number = *pass->number;
    bool has_walkers = pass->walkers->count > 0;
    for (uint32_t draw = 0; draw < MOST_CHOSEN; draw++) {
        *out =
            has_walkers && number % 2
                ? walker_visit(pass, number / 2 + draw)
                : figure_visit(pass, has_walkers ? number / 2 : number, draw);
        if (fits(pass, out, LEARN_S + 6)) {
            return true;
        }
    }
    return false;
}

/* False when he does not fit into what is left: he waits for the next pass.
 * Where the control told of somebody he waits until that is over. */
static bool visit_begin(struct pass *pass)
{
    struct visit visit;
    if (!visit_choose(pass, &visit) || !fits(pass, &visit, pass->now_s)) {
        return false;
    }
    double quiet_s =
        quiet_from(pass->spans, pass->now_s, lasts_s(&visit) + LATE_S);
    if (quiet_s > pass->now_s) {
        pass->next_s = quiet_s;
        return true;
    }
    visit.trial.at_s = visit.begins_s = pass->now_s;
    visit.visible_s = visit.in_view_s = -1;
    visit.goes_on = true;
    pass->visit = visit;
    ++*pass->number;
    return true;
}

static enum sting_status visit_end(struct pass *pass)
{
    pass->visit.goes_on = false;
    pass->next_s = pass->now_s + APART_S + 7 * chance_uniform(&pass->chance);
    return pass->settings->trial(pass->settings->context, &pass->visit.trial);
}

/* Is it time for somebody, and is nobody told of yet? */
static bool is_due(const struct pass *pass)
{
    return !pass->is_control && !pass->visit.goes_on &&
           pass->now_s >= pass->next_s &&
           *pass->number < pass->settings->trials &&
           !judge_is_open(pass->judge);
}

static enum sting_status visit_draw(struct pass *pass, const struct matte **who)
{
    struct visit *visit = &pass->visit;
    const struct intruder *intruder = &visit->trial.who;
    double into_s = pass->now_s - visit->begins_s;
    double fifth =
        IN_VIEW * (double)(intruder->height_px * intruder->height_px);
    if (into_s > lasts_s(visit)) {
        return STING_OK; /* a look may come that tells */
    }
    enum sting_status status =
        visit->walker ? walker_draw(pass->walkers, visit->walker, into_s,
                                    &pass->plate, &pass->who)
                      : intruder_draw(intruder, into_s, &pass->who);
    *who = status ? NULL : &pass->who;
    double area = status ? 0
                         : matte_area(&pass->who, pass->reel->width_px,
                                      pass->reel->height_px);
    if (area >= 1 && visit->visible_s < 0) {
        visit->visible_s = pass->now_s;
    }
    if (area > fifth && visit->in_view_s < 0) {
        visit->in_view_s = pass->now_s;
    }
    return status;
}

/* ---- one picture after another ---- */

/* Time goes on to that of the picture. */
static enum sting_status time_take(struct pass *pass,
                                   const struct video_frame *frame)
{
    const struct rehearsal_settings *s = pass->settings;
    double before_s = pass->now_s;
    pass->now_s = (double)frame->pts_us / 1e6;
    if (pass->is_control && pass->now_s > LEARN_S) {
        pass->sum->quiet_us += (int64_t)((pass->now_s - before_s) * 1e6);
    }
    return floor(before_s) < floor(pass->now_s) ? s->at(s->context, pass->now_s)
                                                : STING_OK;
}

/* Let the detector see it, whoever is in it. */
static enum sting_status frame_see(struct pass *pass, struct video_frame *frame)
{
    const struct matte *who = NULL;
    enum sting_status status =
        pass->visit.goes_on ? visit_draw(pass, &who) : STING_OK;
    if (!status) {
        plate_put(&pass->plate, who, grain_of[pass->settings->light], frame);
        status = encoder_frame(pass->encoder, frame);
    }
    return status;
}

static bool is_over(const struct pass *pass)
{
    return pass->visit.goes_on &&
           pass->now_s > pass->visit.begins_s + LATE_S + lasts_s(&pass->visit);
}

static void span_take(const struct pass *pass)
{
    struct spans *spans = pass->spans;
    spans->goes_on = spans->goes_on && judge_is_open(pass->judge);
    if (spans->goes_on) {
        spans->span[spans->count - 1].to_s = pass->now_s;
    }
}

static enum sting_status frame_take(void *context, struct video_frame *frame)
{
    struct pass *pass = context;
    enum sting_status status = time_take(pass, frame);
    if (!status && !pass->plate.mean[0].data) {
        status = plate_begin(&pass->plate, frame);
    }
    if (status) {
        return status;
    }
    plate_take(&pass->plate, frame);
    if (is_due(pass) && !visit_begin(pass)) {
        return STING_E_BUSY;
    }
    status = frame_see(pass, frame);
    if (!status && is_over(pass)) {
        status = visit_end(pass);
    }
    if (pass->is_control) {
        span_take(pass);
        return status;
    }
    bool was_last =
        !pass->visit.goes_on && *pass->number == pass->settings->trials;
    return !status && was_last ? STING_E_BUSY : status;
}

static enum sting_status pass_run(struct pass *pass)
{
    const struct rehearsal_settings *s = pass->settings;
    pass->chance = chance_of(s->seed, 77 + pass->sum->passes);
    pass->next_s = LEARN_S + 5 * chance_uniform(&pass->chance);
    enum sting_status status =
        judge_new(s->quiet_us, opened, pass, &pass->judge);
    status = status ? status
                    : encoder_new(&pass->encode, packet_look, pass,
                                  &pass->encoder, pass->fault);
    status =
        status ? status : reel_play(s->input, frame_take, pass, pass->fault);
    return status;
}

static enum sting_status passes_run(const struct rehearsal_settings *settings,
                                    const struct walkers *walkers,
                                    const struct reel *reel,
                                    const struct encode_settings *encode,
                                    struct rehearsal_sum *out,
                                    struct fault *fault)
{
    struct spans spans = {.count = 0};
    uint32_t number = 0;
    uint32_t before = 0;
    int in_vain = 0;
    bool is_control = true;
    enum sting_status status = STING_OK;
    while (!status && number < settings->trials) {
        struct pass pass STING_AUTO(pass_release) = {.is_control = is_control,
                                                     .spans = &spans,
                                                     .settings = settings,
                                                     .walkers = walkers,
                                                     .reel = reel,
                                                     .encode = *encode,
                                                     .sum = out,
                                                     .number = &number,
                                                     .fault = fault};
        before = number;
        status = pass_run(&pass);
        if (is_control) {
            is_control = false;
            continue;
        }
        out->passes++;
        in_vain = number == before ? in_vain + 1 : 0;
        if (!status && in_vain == MOST_IN_VAIN) {
            return fault_set(fault, STING_E_LIMIT,
                             "give longer footage, and quiet",
                             "nobody fits into it between what is told of");
        }
    }
    return status;
}

/* Find out how the footage is to be encoded. */
static enum sting_status encode_choose(
    const struct rehearsal_settings *settings, struct reel *reel,
    struct encode_settings *out, struct fault *fault)
{
    struct likeness_sample sample STING_AUTO(likeness_release) = {.frames = 0};
    struct likeness likeness = {0};
    enum sting_status status =
        reel_survey(settings->input, reel, &sample, fault);
    if (!status && reel->us < REHEARSAL_LEAST_US) {
        return fault_set(fault, STING_E_LIMIT, "give longer footage",
                         "it is %.0f s long: two minutes are needed",
                         (double)reel->us / 1e6);
    }
    if (status) {
        return status;
    }
    *out = (struct encode_settings){.width_px = reel->width_px,
                                    .height_px = reel->height_px,
                                    .frames_per_s = reel->frames_per_s,
                                    .gop_frames = reel->gop_frames};
    status = likeness_find(&sample, out, &likeness, fault);
    out->crf = likeness.crf;
    const struct rehearsal_footage footage = {
        reel->us,         reel->frames, reel->width_px,     reel->height_px,
        reel->gop_frames, likeness.crf, likeness.noise_kept};
    return status ? status : settings->footage(settings->context, &footage);
}

enum sting_status rehearsal_run(const struct rehearsal_settings *settings,
                                struct rehearsal_sum *out, struct fault *fault)
{
    struct walkers walkers STING_AUTO(walkers_release) = {.count = 0};
    struct encode_settings encode;
    struct reel reel;
    *out = (struct rehearsal_sum){0};
    enum sting_status status = encode_choose(settings, &reel, &encode, fault);
    if (status) {
        return status;
    }
    if (settings->people >= 0) {
        status = walkers_cut(settings->people, &walkers, fault);
    }
    double aspect = (double)reel.width_px / reel.height_px;
    if (!status && walkers.count > 0 &&
        fabs(aspect * walkers.height_px / walkers.width_px - 1) > 0.02) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "give one of the same camera",
                         "the clip of people has another shape");
    }
    return status ? status
                  : passes_run(settings, &walkers, &reel, &encode, out, fault);
}
