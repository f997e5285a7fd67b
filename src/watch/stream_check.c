#include "watch/stream_check.h"

static enum sting_status look_take(void *context, int64_t at_us,
                                   const struct detect_look *look)
{
    struct stream_check *check = context;
    check->last_us = at_us;
    for (int i = 0; i < look->events; i++) {
        check->is_open = look->event[i].begins;
    }
    return sender_check(check->sender, look);
}

enum sting_status stream_check_begin(struct stream_check *check,
                                     struct sender *sender,
                                     const struct stream *stream,
                                     const struct looker_settings *settings,
                                     struct beside *beside, struct fault *fault)
{
    struct looker_settings only = *settings;
    struct looker *looker = NULL;
    *check = (struct stream_check){.sender = sender};
    only.look_at_all = false;
    only.only_tamper = true;
    only.beside = beside;
    enum sting_status status =
        looker_new(stream, &only, look_take, check, &looker, fault);
    return status ? status : look_thread_new(&looker, &check->thread);
}

void stream_check_add(struct stream_check *check, const struct packet *packet)
{
    if (check->thread) {
        (void)look_thread_add(check->thread, packet);
    }
}

void stream_check_end(struct stream_check *check)
{
    look_thread_stop(&check->thread, false);
    if (check->is_open) {
        const struct detect_look end = {
            .events = 1,
            .event = {{DETECT_TAMPER, false, check->last_us, -1, 1}}};
        check->is_open = false;
        /* If not, the core is gone, and hears of nothing any more. */
        (void)!sender_check(check->sender, &end);
    }
}
