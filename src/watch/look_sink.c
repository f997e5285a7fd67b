#include "watch/look_sink.h"

void look_sink_init(struct look_sink *out, struct sender *sender, bool is_on)
{
    *out = (struct look_sink){.sender = sender};
    atomic_init(&out->is_on, is_on);
    atomic_init(&out->is_quiet, false);
}

static void page_hold(struct look_sink *sink, const struct page_event *page)
{
    const int most = (int)(sizeof sink->page / sizeof *sink->page);
    int i = 0;
    if (page->kind != PAGE_STATE_IS && page->kind != PAGE_READ) {
        return; /* it was, and is over */
    }
    while (i < sink->pages && (sink->page[i].zone != page->zone ||
                               sink->page[i].kind != page->kind)) {
        i++;
    }
    if (i < most) {
        sink->page[i] = *page;
        sink->pages += i == sink->pages;
    }
}

/* What was held is told with the first look that goes on. */
static enum sting_status held_tell(struct look_sink *sink, int64_t at_us,
                                   const struct detect_look *look)
{
    struct detect_look more = *look;
    const int most = (int)(sizeof more.page / sizeof *more.page);
    int held = 0;
    while (held < sink->pages && held + look->pages < most) {
        more.page[held] = sink->page[held];
        held++;
    }
    for (int i = 0; i < look->pages; i++) {
        more.page[held + i] = look->page[i];
    }
    more.pages = held + look->pages;
    sink->pages = 0;
    return sender_look(sink->sender, at_us, &more);
}

/* What has begun and not ended. */
static void event_hold(struct look_sink *sink, const struct detect_event *event)
{
    int i = 0;
    while (i < sink->opens && (sink->open[i].kind != event->kind ||
                               sink->open[i].zone != event->zone)) {
        i++;
    }
    if (event->begins && i < DETECT_MOST_EVENTS) {
        sink->open[i] = *event;
        sink->opens += i == sink->opens;
    } else if (!event->begins && i < sink->opens) {
        sink->open[i] = sink->open[--sink->opens];
    }
}

enum sting_status look_sink_close(struct look_sink *sink)
{
    struct detect_look end = {.is_cut = true};
    for (int i = 0; i < sink->opens; i++) {
        struct detect_event *event = &end.event[end.events];
        *event = sink->open[i];
        event->begins = false;
        event->at_us = sink->last_us;
        end.events +=
            event->kind != DETECT_LEARNING; /* who comes next learns */
    }
    return atomic_exchange(&sink->is_on, false)
               ? sender_look(sink->sender, sink->last_us, &end)
               : STING_OK;
}

enum sting_status look_sink_take(void *context, int64_t at_us,
                                 const struct detect_look *look)
{
    struct look_sink *sink = context;
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *event = &look->event[i];
        if (event->kind == DETECT_LEARNING) {
            sink->has_learned = !event->begins;
        }
        event_hold(sink, event);
    }
    sink->last_us = at_us;
    atomic_store(&sink->is_quiet,
                 sink->has_learned && !look->wants_all && look->persons == 0);
    if (atomic_load(&sink->is_on)) {
        return sink->pages ? held_tell(sink, at_us, look)
                           : sender_look(sink->sender, at_us, look);
    }
    for (int i = 0; i < look->pages; i++) {
        page_hold(sink, &look->page[i]);
    }
    return STING_OK;
}
