#include "watch/looker.h"

#include <stdlib.h>
#include <string.h>

#include "detect/page_zones.h"
#include "detect/tamper.h"
#include "media/decode.h"
#include "watch/check_pace.h"
#include "watch/cost.h"
#include "watch/news.h"
#include "watch/thrift.h"

#define MOST_BLIND_US INT64_C(4000000)
#define NEWS_US INT64_C(300000)   /* looked at every frame for, after a call */
#define GONE_US INT64_C(10000000) /* who comes then is another */
/* Who is there then may be another. */
#define RENEWS_US INT64_C(30000000)
#define LEAST_APART_US INT64_C(400000) /* of keyframes that are looked at */
/* Of other frames that the detector sees: more than 15 a second tell it nothing
 * new of who walks. Pages are watched in each, since flashes are short. */
#define LEAST_BETWEEN_US INT64_C(55000)

struct looker {
    struct looker_settings settings;
    struct decoder *decoder;
    struct tamper *tamper;     /* NULL until the first picture, as the next; */
    struct detector *detector; /* for ever, with only_tamper */
    struct page_zones *pages;
    looker_sink sink;
    void *context;              /* borrowed, for the sink */
    struct plane cover, masked; /* empty without masks */
    int width_px, height_px;
    int64_t last_us;
    int64_t detected_us; /* of the last frame that the detector saw */
    bool is_stirred;     /* what it said of it */
    int persons;
    uint8_t activity;
    int64_t person_us;    /* of the last frame that showed somebody */
    struct stream timing; /* its parameters are not ours to use later */
    int64_t key_us;       /* of the last keyframe given to the decoder, ... */
    int64_t seen_us; /* ... of the last picture that came out, by packets */
    bool has_begun;
    bool is_renewed; /* pictures that come now are another coder's */
    bool wants_all;
    bool is_sparse; /* keyframes are too far apart, or show nothing */
    bool heals;     /* there are none: it renews itself bit by bit */
    enum decode_what what;
    struct check_pace pace; /* where it is only checked */
    struct thrift thrift;   /* where another stream is beside it */
    struct news news;
    bool follows;        /* a call of theirs, or who checks has asked, ... */
    bool is_asked;       /* ... which says nothing of news */
    int64_t followed_us; /* when that was */
    bool saw;            /* something, since it */
    int prints;
    const struct page_print *print[PAGE_PRINTS_MOST]; /* borrowed */
};

static enum sting_status masks_begin(struct looker *l)
{
    const struct masks *masks = &l->settings.masks;
    int off_px = cover_off_px(l->width_px, l->height_px, masks);
    plane_release(&l->cover);
    plane_release(&l->masked);
    if (masks->count == 0) {
        return STING_OK;
    }
    enum sting_status status =
        cover_of(masks, l->width_px, l->height_px, off_px, &l->cover);
    return status ? status : plane_init(&l->masked, l->width_px, l->height_px);
}

static float black_of(const struct video_frame *frame)
{
    return frame->full_range ? COVER_BLACK_FULL : COVER_BLACK_TELEVISION;
}

/* The picture as it may be seen. The frame itself is the decoder's, which
 * makes the next ones from it. */
static struct plane mask(struct looker *l, const struct video_frame *frame)
{
    if (!l->masked.data) {
        return frame->y;
    }
    for (int y = 0; y < l->height_px; y++) {
        memcpy(plane_row(&l->masked, y), plane_row(&frame->y, y),
               (size_t)l->width_px);
    }
    cover_black(&l->masked, &l->cover, 1, (uint8_t)black_of(frame));
    return l->masked;
}

/* What looks for people and pages. */
static enum sting_status detector_begin(struct looker *l)
{
    const struct looker_settings *s = &l->settings;
    enum sting_status status = STING_OK;
    if (!l->detector) {
        status = detector_new(l->width_px, l->height_px, s->zone, s->zones,
                              &l->detector);
    }
    if (!status && s->presence_a_day > 0) {
        detector_budget(l->detector, s->presence_a_day);
    }
    if (!status) {
        status = page_zones_new(l->width_px, l->height_px, s->zone, s->zones,
                                &l->pages);
    }
    for (int i = 0; !status && i < l->prints; i++) {
        status = page_zones_print(l->pages, l->print[i]);
    }
    return status;
}

/* For pictures of its size; a detector that knows them may be there. */
static enum sting_status sight_new(struct looker *l)
{
    enum sting_status status =
        l->settings.only_tamper ? STING_OK : detector_begin(l);
    return status ? status
                  : tamper_new(l->width_px, l->height_px, l->settings.zone,
                               l->settings.zones, &l->tamper);
}

/* Nobody sees more of what is open. */
static enum sting_status sight_end(struct looker *l)
{
    struct detect_look look = {0};
    if (l->detector) {
        detector_finish(l->detector, l->last_us, &look);
    }
    tamper_finish(l->tamper, l->last_us, &look);
    return look.events ? l->sink(l->context, l->last_us, &look) : STING_OK;
}

static bool is_resized(const struct looker *l, const struct video_frame *frame)
{
    return l->width_px != frame->y.width_px ||
           l->height_px != frame->y.height_px;
}

/* Another coder's first picture, or another size. What is known of the scene
 * stays where it is seen again; pages, and the grain that tells of tampering,
 * are learned anew. */
static enum sting_status sight_renew(struct looker *l,
                                     const struct video_frame *frame)
{
    bool resized = is_resized(l, frame);
    int64_t past_us = frame->pts_us - l->last_us;
    l->width_px = frame->y.width_px;
    l->height_px = frame->y.height_px;
    enum sting_status status = resized ? masks_begin(l) : STING_OK;
    if (status) {
        return status;
    }
    const struct plane picture = mask(l, frame);
    bool stays = l->detector && past_us > 0 && past_us < RENEWS_US &&
                 detector_renew(l->detector, &picture);
    struct detector *known = stays ? l->detector : NULL;
    l->detector = stays ? NULL : l->detector;
    status = sight_end(l);
    detector_free(&l->detector);
    l->detector = known;
    page_zones_free(&l->pages);
    tamper_free(&l->tamper);
    if (!stays) {
        l->last_us = l->detected_us = INT64_MIN / 2;
    }
    return status ? status : sight_new(l);
}

static enum sting_status sight_begin(struct looker *l,
                                     const struct video_frame *frame)
{
    bool is_renewed = l->is_renewed;
    l->is_renewed = false;
    if (l->tamper) {
        return is_renewed || is_resized(l, frame) ? sight_renew(l, frame)
                                                  : STING_OK;
    }
    l->width_px = frame->y.width_px;
    l->height_px = frame->y.height_px;
    enum sting_status status = masks_begin(l);
    return status ? status : sight_new(l);
}

/* Does it look at keyframes alone while all is quiet, so that sizes could have
 * told of somebody in between? */
static bool waits_for_keys(const struct looker *l)
{
    return !l->settings.look_at_all && !l->is_sparse && !l->heals &&
           l->news.is_whole;
}

/* Gives false when the detector needs not see this one. */
static bool detector_see(struct looker *l, const struct video_frame *frame,
                         const struct plane *picture, struct detect_look *look)
{
    if (!frame->key && !l->settings.look_at_all &&
        frame->pts_us - l->detected_us < LEAST_BETWEEN_US) {
        *look = (struct detect_look){.wants_all = l->is_stirred,
                                     .persons = l->persons,
                                     .activity = l->activity};
        return false;
    }
    detector_black(l->detector, black_of(frame));
    detector_look(l->detector, picture, frame->pts_us, frame->key, look);
    l->detected_us = frame->pts_us;
    l->is_stirred = look->wants_all;
    if (look->persons > 0) {
        bool is_new = frame->pts_us - l->person_us > GONE_US;
        if (is_new && waits_for_keys(l)) {
            news_meet(&l->news, frame->pts_us);
        }
        l->person_us = frame->pts_us;
    }
    l->persons = look->persons;
    l->activity = look->activity;
    return true;
}

/* Was something done to it? Each stream is beside another one's view. */
static void tamper_see(struct looker *l, const struct video_frame *frame,
                       const struct plane *picture, struct detect_look *look)
{
    struct beside *beside = l->settings.beside;
    if (beside && l->settings.only_tamper) {
        tamper_beside(l->tamper, atomic_load(&beside->own_us));
    }
    tamper_look(l->tamper, picture, frame->pts_us, frame->key, look);
    if (beside && l->settings.only_tamper && look->wants_all) {
        atomic_store(&beside->is_asked, true);
    } else if (beside && tamper_own_us(l->tamper) != INT64_MIN) {
        atomic_store(&beside->own_us, tamper_own_us(l->tamper));
    }
}

static enum sting_status look_at(void *context, const struct video_frame *frame)
{
    struct looker *l = context;
    if (frame->pts_us <= l->last_us && !l->is_renewed) {
        return STING_OK; /* a keyframe seen already, decoded again to go on */
    }
    enum sting_status status = sight_begin(l, frame);
    if (status) {
        return status;
    }
    struct detect_look look = {0};
    const struct plane picture = mask(l, frame);
    bool is_seen =
        !l->settings.only_tamper && detector_see(l, frame, &picture, &look);
    tamper_see(l, frame, &picture, &look);
    if (!l->settings.only_tamper) {
        page_zones_look(l->pages, &picture, frame->pts_us, &look);
    }
    l->last_us = frame->pts_us;
    l->seen_us = frame->pts_us;
    l->pace.checks += l->pace.checks < 1000;
    l->wants_all = look.wants_all || l->settings.look_at_all;
    l->saw |= look.wants_all || look.events > 0;
    look.news = (int)news_worth(&l->news);
    bool is_told = is_seen || look.pages || look.events || look.cause;
    return is_told ? l->sink(l->context, frame->pts_us, &look) : STING_OK;
}

enum sting_status looker_new(const struct stream *stream,
                             const struct looker_settings *settings,
                             looker_sink sink, void *context,
                             struct looker **out, struct fault *fault)
{
    struct looker *looker STING_AUTO(looker_free) = calloc(1, sizeof *looker);
    if (!looker) {
        return STING_E_NOMEM;
    }
    looker->settings = *settings;
    looker->sink = sink;
    looker->context = context;
    looker->last_us = INT64_MIN / 2;
    looker->detected_us = looker->person_us = INT64_MIN / 2;
    looker->timing = *stream;
    looker->timing.parameters = NULL;
    looker->wants_all = !settings->only_tamper; /* of all it learns first */
    looker->what = looker->wants_all ? DECODE_ALL : DECODE_KEYFRAMES;
    enum sting_status status =
        decoder_new(stream, look_at, looker, &looker->decoder, fault);
    if (status) {
        return status;
    }
    if (!looker->wants_all) {
        decoder_set(looker->decoder, looker->what);
        decoder_seldom(looker->decoder);
    }
    *out = looker;
    looker = NULL;
    return STING_OK;
}

enum sting_status looker_renew(struct looker *looker,
                               const struct stream *stream, struct fault *fault)
{
    struct looker *l = looker;
    struct decoder *decoder = NULL;
    enum sting_status status = decoder_new(stream, look_at, l, &decoder, fault);
    if (status) {
        return status;
    }
    decoder_free(&l->decoder);
    l->decoder = decoder;
    l->timing = *stream;
    l->timing.parameters = NULL;
    l->settings.masks.width_px = stream->width_px;
    l->settings.masks.height_px = stream->height_px;
    news_release(&l->news);
    l->news = (struct news){0};
    l->has_begun = l->is_sparse = l->heals = l->follows = false;
    l->is_renewed = l->wants_all = true;
    l->what = DECODE_ALL;
    return STING_OK;
}

void looker_free(struct looker **looker)
{
    if (*looker) {
        decoder_free(&(*looker)->decoder);
        news_release(&(*looker)->news);
        detector_free(&(*looker)->detector);
        page_zones_free(&(*looker)->pages);
        tamper_free(&(*looker)->tamper);
        plane_release(&(*looker)->cover);
        plane_release(&(*looker)->masked);
    }
    free(*looker);
    *looker = NULL;
}

/* Streams whose keyframes do not suffice to see by. */
static void keys_judge(struct looker *l, const struct packet *packet,
                       int64_t at_us)
{
    if (!l->has_begun) {
        l->key_us = l->seen_us = at_us;
        l->has_begun = true;
    }
    bool is_blind = at_us - l->seen_us > MOST_BLIND_US;
    l->heals |= is_blind && l->what == DECODE_ALL;
    l->is_sparse |= is_blind || at_us - l->key_us > MOST_BLIND_US;
    l->key_us = packet->key ? at_us : l->key_us;
    l->seen_us = is_blind ? at_us : l->seen_us; /* a while for each way */
}

static enum decode_what wanted(const struct looker *l)
{
    if (l->settings.only_tamper) {
        return l->wants_all ? DECODE_ALL : DECODE_KEYFRAMES;
    }
    return l->heals                                     ? DECODE_HEALING
           : l->wants_all || l->is_sparse || l->follows ? DECODE_ALL
                                                        : DECODE_KEYFRAMES;
}

/* A packet is larger than usual while only keyframes are decoded, or who checks
 * asks: all frames since the last one are looked at now. */
static enum sting_status news_follow(struct looker *l)
{
    l->saw = false;
    l->what = DECODE_ALL;
    decoder_set(l->decoder, l->what);
    enum sting_status status = STING_OK;
    for (int i = 0; !status && i < l->news.count; i++) {
        status = decoder_add(l->decoder, &l->news.held[i]);
    }
    return status;
}

/* A keyframe is looked at anyway. */
static bool asked_take(struct looker *l, const struct packet *packet)
{
    struct beside *beside = l->settings.beside;
    return beside && !packet->key &&
           atomic_exchange(&beside->is_asked, false) && l->news.is_whole;
}

static enum sting_status news_hear(struct looker *l,
                                   const struct packet *packet, int64_t at_us,
                                   bool *follows)
{
    bool calls = false;
    if (l->follows && at_us - l->followed_us >= NEWS_US) {
        l->follows = false;
        if (!l->is_asked) {
            news_judge(&l->news, l->saw);
        }
    }
    enum sting_status status = news_add(&l->news, packet, at_us, &calls);
    bool is_asked = asked_take(l, packet);
    *follows = (calls || is_asked) && l->what == DECODE_KEYFRAMES;
    if (*follows || (is_asked && l->follows)) {
        l->is_asked = is_asked && (*follows || l->is_asked);
        l->follows = true;
        l->followed_us = at_us;
    }
    return status || !*follows ? status : news_follow(l);
}

/* Of keyframes, while only these are looked at. */
static int64_t least_apart_us(const struct looker *l)
{
    struct beside *beside = l->settings.beside;
    if (l->settings.only_tamper || !beside) {
        return l->settings.only_tamper ? check_pace_us(&l->pace)
                                       : LEAST_APART_US;
    }
    const struct thrift_of own = {thrift_look_ns(&l->thrift), l->pace.apart_us};
    const struct thrift_of recorded = {atomic_load(&beside->check_ns),
                                       atomic_load(&beside->apart_us)};
    int64_t least_us = thrift_apart_us(own, recorded);
    return least_us > LEAST_APART_US ? least_us : LEAST_APART_US;
}

/* Looks at the packet, if it is decoded; of two streams, what that takes is
 * measured. */
static enum sting_status packet_look(struct looker *l,
                                     const struct packet *packet)
{
    struct beside *beside = l->settings.beside;
    struct cost cost = {0};
    if (!beside || !packet->key || l->what != DECODE_KEYFRAMES) {
        return decoder_add(l->decoder, packet);
    }
    cost_begin(&cost);
    enum sting_status status = decoder_add(l->decoder, packet);
    cost_end(&cost);
    thrift_take(&l->thrift, cost.used_ns);
    if (l->settings.only_tamper) {
        atomic_store(&beside->check_ns, thrift_look_ns(&l->thrift));
        atomic_store(&beside->apart_us, l->pace.apart_us);
    }
    return status;
}

enum sting_status looker_print(struct looker *looker,
                               const struct page_print *print)
{
    if (looker->prints == PAGE_PRINTS_MOST) {
        return STING_OK;
    }
    looker->print[looker->prints++] = print;
    return looker->pages ? page_zones_print(looker->pages, print) : STING_OK;
}

enum sting_status looker_add(struct looker *looker, const struct packet *packet)
{
    struct looker *l = looker;
    int64_t at_us = stream_us(&l->timing, packet->pts);
    keys_judge(l, packet, at_us);
    check_pace_add(&l->pace, packet, at_us);
    /* Every picture may be one, as in motion JPEG. */
    bool is_soon = l->what == DECODE_KEYFRAMES && packet->key &&
                   at_us - l->last_us < least_apart_us(l) &&
                   at_us >= l->last_us && wanted(l) == DECODE_KEYFRAMES;
    bool done = false;
    enum sting_status status =
        l->settings.only_tamper ? STING_OK : news_hear(l, packet, at_us, &done);
    if (status || done || is_soon) {
        return status;
    }
    status = packet_look(l, packet);
    if (status || wanted(l) == l->what) {
        return status;
    }
    l->what = wanted(l);
    decoder_set(l->decoder, l->what);
    /* To go on from here with every frame, the keyframe goes in again. */
    return l->what == DECODE_HEALING || (l->what == DECODE_ALL && packet->key)
               ? decoder_add(l->decoder, packet)
               : STING_OK;
}

bool looker_wants_all(const struct looker *looker)
{
    return looker->what != DECODE_KEYFRAMES;
}

enum sting_status looker_finish(struct looker *looker)
{
    enum sting_status status = decoder_finish(looker->decoder);
    if (status || !looker->tamper) {
        return status;
    }
    return sight_end(looker);
}
