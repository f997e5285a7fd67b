/* What was not told when it happened: held back, folded, still growing. */
#include "alert/alerts_state.h"

#define GREW_REST_US (INT64_C(30) * 1000000) /* between two of its updates */

/* What grew is told once in a while, all of it together. */
static enum sting_status grown_tell(struct alerts *alerts, struct raise *raise,
                                    struct live *live, struct fault *fault)
{
    if (!live->grew_waits ||
        raise->now.boot_us - live->grew_us < GREW_REST_US) {
        return STING_OK;
    }
    live->grew_waits = false;
    live->grew_us = raise->now.boot_us;
    raise->message.change = MESSAGE_GREW;
    return alerts_update(alerts, raise, live, fault);
}

/* The team is on duty again, quiet hours are over, it is elsewhere by now; and
 * nobody sees to it already. */
static enum sting_status held_tell(struct alerts *alerts, struct raise *raise,
                                   struct live *live, struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    enum sting_status status = STING_OK;
    raise->message.change = MESSAGE_OPENED;
    if (duty_has_ack(&alerts->duty, live->number)) {
        live->held = 0;
    }
    for (size_t i = 0; i < config->alerts && !status; i++) {
        if (live->held >> i & 1) {
            status = alerts_news(alerts, raise, live, i, fault);
        }
    }
    return status;
}

enum sting_status alerts_retell(struct alerts *alerts, struct moment now,
                                struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < ALERTS_MOST_LIVE && !status; i++) {
        struct live *live = &alerts->live[i];
        struct raise raise = {
            .now = now,
            .is_again = true,
            .message = {.config = operation_config(alerts->operation),
                        .incident = live->incident}};
        if (live->is_open) {
            status = grown_tell(alerts, &raise, live, fault);
            status = status ? status : held_tell(alerts, &raise, live, fault);
        }
    }
    return status;
}

enum sting_status alerts_unfold(struct alerts *alerts, struct moment now,
                                struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < config->alerts && !status; i++) {
        if (storm_is_due(&alerts->storm[i], now.boot_us)) {
            struct raise raise = {
                .now = now,
                .message = {.config = config,
                            .change = MESSAGE_FOLDED,
                            .incident = alerts->storm[i].last},
                .channel = i};
            status = alerts_tell(alerts, &raise, fault);
        }
    }
    return status;
}
