#include "watch/looking.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

#define MOST_TAKEN 64 /* of the second stream beside one packet */
#define MOST_HUNG 3

bool looking_is_over(const struct looking *looking)
{
    return looking->hangs >= MOST_HUNG;
}

/* ---- who looks ---- */

/* One that nobody uses, in place of the last. */
static enum sting_status sink_begin(struct look_sink **sink,
                                    struct sender *sender, bool is_on)
{
    *sink = *sink ? *sink : calloc(1, sizeof **sink);
    if (*sink) {
        look_sink_init(*sink, sender, is_on);
    }
    return *sink ? STING_OK : STING_E_NOMEM;
}

static enum sting_status thread_begin(struct looking *l,
                                      const struct stream *stream,
                                      struct look_sink *sink,
                                      struct look_thread **out,
                                      struct fault *fault)
{
    struct looker *looker = NULL;
    struct looker_settings settings = *l->settings;
    settings.masks.width_px = l->stream->width_px;
    settings.masks.height_px = l->stream->height_px;
    settings.beside = sink == l->second ? &l->beside : NULL;
    enum sting_status status =
        looker_new(stream, &settings, look_sink_take, sink, &looker, fault);
    if (!status) {
        status = look_thread_new(&looker, out);
    }
    for (int i = 0; !status && i < l->shelf->prints; i++) {
        look_thread_print(*out, l->shelf->print[i]);
    }
    return status;
}

/* What it told of ends, or nobody would ever end it; not where the worker ends
 * too: the core then sees to all of it. */
static void sink_end(struct look_sink **sink, bool finish)
{
    if (*sink && !finish) {
        (void)!look_sink_close(*sink); /* if not, the core is gone */
    }
    free(*sink);
    *sink = NULL;
}

static void kept_end(struct looking *l)
{
    looker_free(&l->kept);
    sink_end(&l->first, false);
}

/* Who looked at the recorded stream until its headers changed goes on. */
static bool kept_begin(struct looking *l)
{
    struct fault fault = {"", ""};
    if (!l->kept) {
        return false;
    }
    enum sting_status status = looker_renew(l->kept, l->stream, &fault);
    if (!status) {
        status = look_thread_new(&l->kept, &l->active);
    }
    if (status) {
        kept_end(l);
    }
    return !status;
}

/* Look at the recorded stream, from what is held of it on. */
static enum sting_status first_begin(struct looking *l, struct fault *fault)
{
    l->is_second = l->is_behind = false;
    if (kept_begin(l)) {
        return STING_OK;
    }
    enum sting_status status = sink_begin(&l->first, l->sender, true);
    if (!status) {
        status = thread_begin(l, l->stream, l->first, &l->active, fault);
    }
    for (int i = 0; !status && i < l->ring.count; i++) {
        (void)look_thread_add(l->active, gop_ring_at(&l->ring, i));
    }
    return status;
}

/* Who looks ends, once it has looked at what it has. */
static void active_leave(struct looking *l)
{
    stream_check_end(&l->check);
    look_thread_end(l->active);
    l->leaving = l->active;
    l->leaves_second = l->is_second;
    l->active = NULL;
    l->is_second = false;
}

static enum sting_status remark(const struct looking *l, const char *text)
{
    return sender_state(l->sender, CAMERA_STATE_REMARK, text);
}

/* Give a packet to who looks; where looking falls behind, that and how much of
 * it nobody saw is told. */
static enum sting_status packet_show(struct looking *l,
                                     const struct packet *packet)
{
    char text[120];
    struct look_behind behind = look_thread_add(l->active, packet);
    if (behind.is_now == l->is_behind) {
        return STING_OK;
    }
    l->is_behind = behind.is_now;
    if (behind.is_now) {
        l->unseen = behind.unseen - 1;
        return remark(l, "LOOKING FALLS BEHIND: this machine is too busy; all "
                         "is recorded, and not all of it is looked at");
    }
    snprintf(text, sizeof text,
             "all of it is looked at again; %" PRIu64 " pictures were not",
             behind.unseen - l->unseen);
    return remark(l, text);
}

/* Whether what lies in a part of the recorded picture lies in the same part of
 * this one. */
static bool has_own_shape(const struct looking *l, const struct stream *stream)
{
    const struct masks own = {.width_px = l->stream->width_px,
                              .height_px = l->stream->height_px};
    return cover_off_px(stream->width_px, stream->height_px, &own) !=
           COVER_UNKNOWN;
}

static enum sting_status shape_tell(const struct looking *l)
{
    char text[160];
    if (l->settings->zones == 0 || has_own_shape(l, &l->timing)) {
        return STING_OK;
    }
    snprintf(text, sizeof text,
             "its second stream, %d x %d, is of another shape than %d x %d: "
             "zones: may lie elsewhere in it (set the same shape)",
             l->timing.width_px, l->timing.height_px, l->stream->width_px,
             l->stream->height_px);
    return remark(l, text);
}

static enum sting_status check_begin(struct looking *l)
{
    struct fault fault = {"", ""};
    return stream_check_begin(&l->check, l->sender, l->stream, l->settings,
                              &l->beside, &fault)
               ? remark(l, "NOT CHECKED: what is recorded of it may be held or "
                           "replaced unseen")
               : STING_OK;
}

static enum sting_status second_begin(struct looking *l)
{
    char text[120];
    l->active = l->trial;
    l->trial = NULL;
    l->is_second = true;
    l->is_loss_told = l->is_behind = false;
    atomic_store(&l->second->is_on, true);
    snprintf(text, sizeof text,
             "looking at its second stream, %d x %d; the recorded one is only "
             "checked",
             l->timing.width_px, l->timing.height_px);
    enum sting_status status = remark(l, text);
    status = status ? status : shape_tell(l);
    return status ? status : check_begin(l);
}

/* Change over where that is due. */
static enum sting_status change(struct looking *l, struct fault *fault)
{
    bool is_ready = l->trial && atomic_load(&l->second->is_quiet);
    if (l->leaving && look_thread_is_over(l->leaving)) {
        look_thread_stop(&l->leaving, true);
    }
    if (!l->active && !l->leaving) {
        return is_ready ? second_begin(l) : first_begin(l, fault);
    }
    if (l->active && !l->is_second && is_ready && !l->leaving &&
        atomic_load(&l->first->is_quiet)) {
        active_leave(l);
    }
    return STING_OK;
}

/* ---- the second stream ---- */

static enum sting_status loss_tell(struct looking *l, const char *why)
{
    char text[200]; /* as the ledger takes them */
    if (l->is_loss_told) {
        return STING_OK;
    }
    l->is_loss_told = true;
    snprintf(text, sizeof text,
             "NO SECOND STREAM: %.115s; looking at the recorded one instead, "
             "trying again and again",
             why);
    return remark(l, text);
}

/* Nothing more comes of the second stream as it was. */
static void second_end(struct looking *l)
{
    look_thread_stop(&l->trial, false);
    if (l->active && l->is_second) {
        active_leave(l);
    }
}

/* Whether it is known where masks lie in pictures of the second stream. */
static enum sting_status masks_judge(struct looking *l,
                                     const struct stream *stream, bool *fit)
{
    char why[120];
    *fit = l->settings->masks.count == 0 || has_own_shape(l, stream);
    snprintf(why, sizeof why,
             "its %d x %d is of another shape than %d x %d and masks: do not "
             "fit it (set the same shape)",
             stream->width_px, stream->height_px, l->stream->width_px,
             l->stream->height_px);
    return *fit ? STING_OK : loss_tell(l, why);
}

/* A looker that learns, from its first keyframe on. */
static enum sting_status trial_begin(struct looking *l)
{
    struct stream stream = {0};
    struct fault ignored = {"", ""};
    bool fit = false;
    enum sting_status status = sink_begin(&l->second, l->sender, false);
    if (status) {
        return status;
    }
    beside_begin(&l->beside);
    l->join = (struct join){.has_begun = false};
    if (substream_stream(l->substream, &stream) == STING_OK) {
        l->timing = stream;
        l->timing.parameters = NULL;
        status = masks_judge(l, &stream, &fit);
    }
    if (fit && thread_begin(l, &stream, l->second, &l->trial, &ignored)) {
        l->trial = NULL; /* the recorded stream is looked at */
    }
    stream_release(&stream);
    return status;
}

static enum sting_status second_add(struct looking *l, struct packet *packet,
                                    struct moment came)
{
    enum sting_status status = STING_OK;
    bool is_used = l->trial || (l->active && l->is_second);
    bool may_begin = !l->leaving || !l->leaves_second; /* they share a sink */
    if (!is_used && packet->key && may_begin) {
        status = trial_begin(l);
    }
    struct look_thread *thread = l->trial       ? l->trial
                                 : l->is_second ? l->active
                                                : NULL;
    if (!thread) {
        return status;
    }
    int64_t at_us = stream_us(&l->timing, packet->pts);
    at_us = join_place(&l->join, at_us, came, packet->key,
                       recorder_less_boot_us(l->recorder));
    packet->pts = stream_ticks(&l->timing, at_us);
    if (!status && thread == l->active) {
        return packet_show(l, packet);
    }
    (void)look_thread_add(thread, packet);
    return status;
}

static enum sting_status second_take(struct looking *l)
{
    enum sting_status status = STING_OK;
    for (int i = 0; i < MOST_TAKEN && !status; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        struct moment came;
        enum substream_news news = substream_take(l->substream, &packet, &came);
        if (news == SUBSTREAM_NOTHING) {
            break;
        }
        if (news == SUBSTREAM_PACKET) {
            status = second_add(l, &packet, came);
            continue;
        }
        second_end(l);
        if (news == SUBSTREAM_LOST) {
            char why[200];
            substream_why(l->substream, why);
            status = loss_tell(l, why);
        }
    }
    return status;
}

/* ---- who hangs ---- */

static bool hangs(struct look_thread *thread, int64_t now_us)
{
    return thread && look_thread_hangs(thread, now_us);
}

/* Leave it to itself, with the sink, which it may still use. */
static enum sting_status hung_leave(struct looking *l,
                                    struct look_thread **thread,
                                    struct look_sink **sink)
{
    look_thread_abandon(thread, &l->hung);
    l->hangs++;
    enum sting_status status = look_sink_close(*sink);
    *sink = NULL;
    return status;
}

static enum sting_status active_hangs(struct looking *l)
{
    bool is_active = l->active != NULL;
    bool is_second = is_active ? l->is_second : l->leaves_second;
    if (is_active && is_second) {
        stream_check_end(&l->check);
    }
    l->is_second = l->is_second && !is_active;
    enum sting_status status =
        hung_leave(l, is_active ? &l->active : &l->leaving,
                   is_second ? &l->second : &l->first);
    if (status) {
        return status;
    }
    return !looking_is_over(l)
               ? remark(l, "NOBODY LOOKS: who looked at it has hung for 15 s; "
                           "all is recorded, and another looks from the next "
                           "keyframe on, once it has learned the scene")
               : remark(l, "NOBODY LOOKS: who looked at it has hung for 15 s, "
                           "as others before; its worker ends, and another "
                           "reads and looks: the record has a gap here");
}

static enum sting_status check_hangs(struct looking *l)
{
    look_thread_abandon(&l->check.thread, &l->hung);
    l->hangs++;
    stream_check_end(&l->check);
    enum sting_status status = remark(
        l, "NOT CHECKED: who checked what is recorded of it has hung for "
           "15 s; another goes on");
    return status ? status : check_begin(l);
}

static enum sting_status hung_replace(struct looking *l)
{
    int64_t now_us = clock_now().boot_us;
    enum sting_status status = STING_OK;
    if (hangs(l->trial, now_us)) {
        status = hung_leave(l, &l->trial, &l->second);
        status = status ? status : loss_tell(l, "who looked at it has hung");
    }
    if (!status && (hangs(l->active, now_us) ||
                    (!l->active && hangs(l->leaving, now_us)))) {
        status = active_hangs(l);
    }
    if (!status && hangs(l->check.thread, now_us)) {
        status = check_hangs(l);
    }
    return !status && looking_is_over(l) ? STING_E_IO : status;
}

/* ---- what the pipeline sees ---- */

enum sting_status looking_begin(struct looking *looking,
                                const struct stream *stream,
                                const struct recorder *recorder,
                                struct fault *fault)
{
    looking->stream = stream;
    looking->recorder = recorder;
    return first_begin(looking, fault);
}

void looking_end(struct looking *looking, bool finish)
{
    stream_check_end(&looking->check);
    look_thread_stop(&looking->trial, false);
    bool goes_on = looking->active && !looking->is_second && !looking->leaving;
    if (goes_on && !finish) {
        looking->kept = look_thread_take(&looking->active);
    }
    look_thread_stop(&looking->leaving, finish);
    look_thread_stop(&looking->active, finish);
    if (finish) {
        looker_free(&looking->kept);
    }
    if (!looking->kept) {
        sink_end(&looking->first, finish);
    }
    sink_end(&looking->second, finish);
    gop_ring_clear(&looking->ring);
    looking->is_second = false;
}

enum sting_status looking_add(struct looking *looking,
                              const struct packet *packet)
{
    struct looking *l = looking;
    struct fault fault = {"", ""};
    enum sting_status status = hung_replace(l);
    if (!status && !l->substream && !l->active && packet->key) {
        status = first_begin(l, &fault);
    }
    if (!status && l->substream) {
        gop_ring_add(&l->ring, packet, stream_us(l->stream, packet->pts));
        status = second_take(l);
    }
    bool is_held = !l->active && !l->leaving; /* by the ring, if it begins */
    if (!status && l->substream) {
        status = change(l, &fault);
        is_held = is_held && l->active && !l->is_second;
    }
    if (!status && l->active && !l->is_second && !is_held) {
        status = packet_show(l, packet);
    }
    stream_check_add(&l->check, packet);
    if (l->is_second && atomic_load(&l->beside.is_asked)) {
        look_thread_rouse(l->active);
    }
    return status == STING_E_IO ? status : STING_OK;
}

void looking_print(struct looking *looking, const struct page_print *print)
{
    struct look_thread *const thread[] = {looking->active, looking->leaving,
                                          looking->trial};
    if (looking->kept) {
        (void)!looker_print(looking->kept, print); /* no memory: not known */
    }
    for (size_t i = 0; i < sizeof thread / sizeof *thread; i++) {
        if (thread[i]) {
            look_thread_print(thread[i], print);
        }
    }
}
