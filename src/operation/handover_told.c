/* What is known of a hand-over, in words and for programs. */
#include <stdio.h>

#include "base/clock.h"
#include "operation/handover.h"

const char *handover_words(const struct handover *handover,
                           char text[HANDOVER_TEXT_SIZE])
{
    char when[CLOCK_TEXT_SIZE];
    char traced[CLOCK_TEXT_SIZE];
    if (handover->state == HANDOVER_NONE) {
        return handover_text(HANDOVER_NONE);
    }
    clock_text(handover->at_utc_us, when);
    int used = snprintf(text, HANDOVER_TEXT_SIZE,
                        "%s, in the ledger since %.10s %.5s UTC",
                        handover_text(handover->state), when, when + 11);
    if (handover->traced_utc_us > 0) {
        clock_text(handover->traced_utc_us, traced);
        snprintf(text + used, HANDOVER_TEXT_SIZE - (size_t)used,
                 ", but only after a trace had named this copy, on %.10s %.5s "
                 "UTC",
                 traced, traced + 11);
    }
    return text;
}

const char *handover_swap_words(const struct handover_swap *swap,
                                const char *holder,
                                char text[HANDOVER_SWAP_SIZE])
{
    char when[CLOCK_TEXT_SIZE];
    clock_text(swap->at_utc_us, when);
    if (swap->given_for == 0) {
        snprintf(text, HANDOVER_SWAP_SIZE,
                 "a photograph given as of a hand-over to somebody who has no "
                 "copy of the document shows copy %u (in the ledger since "
                 "%.10s %.5s UTC)",
                 swap->shows, when, when + 11);
        return text;
    }
    snprintf(text, HANDOVER_SWAP_SIZE,
             "a photograph given as of the hand-over of copy %u%s%s%s shows "
             "%scopy %u (in the ledger since %.10s %.5s UTC)",
             swap->given_for, holder ? " (" : "", holder ? holder : "",
             holder ? ")" : "", swap->is_beside ? "it beside " : "",
             swap->shows, when, when + 11);
    return text;
}

void handover_swaps_add(struct json *json, const struct handover_list *list,
                        uint32_t copy)
{
    struct json *shown = json_new_array();
    for (size_t i = 0; i < list->swaps; i++) {
        const struct handover_swap *swap = &list->swap[i];
        if (swap->shows != copy) {
            continue;
        }
        struct json *one = json_new_object();
        if (swap->given_for > 0) {
            json_add_integer(one, "for_copy", swap->given_for);
        } else {
            json_add_null(one, "for_copy");
        }
        json_add_bool(one, "beside", swap->is_beside);
        json_add_time(one, "at", swap->at_utc_us);
        json_add_child(shown, NULL, &one);
    }
    json_add_child(json, "handovers_shown", &shown);
}

void handover_add(struct json *json, const struct handover_list *list,
                  uint32_t copy)
{
    const struct handover known = handover_find(list, copy);
    json_add_text(json, "handover", handover_text(known.state));
    if (known.state == HANDOVER_NONE) {
        json_add_null(json, "handover_at");
    } else {
        json_add_time(json, "handover_at", known.at_utc_us);
    }
    json_add_time(json, "handover_after_trace", known.traced_utc_us);
    json_add_integer(json, "handovers_refused", known.refused);
    handover_swaps_add(json, list, copy);
}

void handover_add_null(struct json *json)
{
    static const char *const key[] = {"handover", "handover_at",
                                      "handover_after_trace",
                                      "handovers_refused", "handovers_shown"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        json_add_null(json, key[i]);
    }
}
