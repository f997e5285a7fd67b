/* What became of alerts: how each channel is, and what people are told of it.
 */
#include <stdio.h>
#include <string.h>

#include "alert/alerts_state.h"

/* ---- channels ---- */

void alerts_heard(struct alerts *alerts, size_t channel, struct moment now,
                  const char *why)
{
    struct heard *heard = &alerts->heard[channel];
    heard->fails = why != NULL;
    if (!why) {
        heard->sent_us = now.utc_us;
        return;
    }
    heard->failed_us = now.utc_us;
    heard->failures++;
    (void)snprintf(heard->why, sizeof heard->why, "%s", why);
}

struct alerts_channel alerts_channel(const struct alerts *alerts, size_t index)
{
    const struct heard *heard = &alerts->heard[index];
    struct alerts_channel is = {.sent_us = heard->sent_us,
                                .failed_us = heard->failed_us,
                                .failures = heard->failures,
                                .fails = heard->fails};
    memcpy(is.why, heard->why, sizeof is.why);
    channel_name(operation_config(alerts->operation), index, is.name);
    for (size_t i = 0; i < alerts->count; i++) {
        const struct pending *pending = &alerts->pending[i];
        bool is_its = pending->slot == alerts_slot(is.name);
        is.waiting += is_its;
        is.failing += is_its && pending->failure_told;
    }
    return is;
}

/* ---- alerts that are settled ---- */

void alerts_gave_up(struct alerts *alerts, const char *channel, const char *why)
{
    size_t at = 0;
    alerts->settled.given_up++;
    while (at < alerts->losses &&
           (strcmp(alerts->lost[at].channel, channel) != 0 ||
            strcmp(alerts->lost[at].why, why) != 0)) {
        at++;
    }
    if (at == CONFIG_MOST_ALERTS) { /* the last of them speaks for the rest */
        alerts->lost[at - 1].count++;
        return;
    }
    struct lost *lost = &alerts->lost[at];
    if (at == alerts->losses) {
        alerts->losses++;
        *lost = (struct lost){.count = 0};
        (void)snprintf(lost->channel, sizeof lost->channel, "%s", channel);
        (void)snprintf(lost->why, sizeof lost->why, "%s", why);
    }
    lost->count++;
}

void alerts_count(struct alerts *alerts, const struct told *told)
{
    if (!strcmp(told->state, "delivered")) {
        alerts->settled.delivered++;
    } else if (!strcmp(told->state, "spared")) {
        alerts->settled.spared++;
    } else {
        alerts_gave_up(alerts, told->item->channel, told->why);
    }
}

struct alerts_settled alerts_settled(const struct alerts *alerts)
{
    return alerts->settled;
}

/* ---- what is to be told ---- */

/* A channel fails, or works again, and that is not told yet. */
static bool change_next(struct alerts *alerts, struct alerts_change *out)
{
    const struct config *config = operation_config(alerts->operation);
    for (size_t i = 0; i < config->alerts; i++) {
        struct heard *heard = &alerts->heard[i];
        if (heard->fails == heard->fails_told) {
            continue;
        }
        heard->fails_told = heard->fails;
        out->kind = heard->fails ? ALERTS_FAIL : ALERTS_WORK;
        memcpy(out->why, heard->why, sizeof out->why);
        channel_name(config, i, out->channel);
        return true;
    }
    return false;
}

bool alerts_change_next(struct alerts *alerts, struct alerts_change *out)
{
    *out = (struct alerts_change){.kind = ALERTS_GIVEN_UP};
    if (change_next(alerts, out)) {
        return true;
    }
    if (alerts->losses == 0) {
        return false;
    }
    const struct lost *lost = &alerts->lost[--alerts->losses];
    out->count = lost->count;
    memcpy(out->channel, lost->channel, sizeof out->channel);
    memcpy(out->why, lost->why, sizeof out->why);
    return true;
}

bool alerts_nobody(const struct alerts *alerts)
{
    const struct config *config = operation_config(alerts->operation);
    size_t failing = 0;
    for (size_t i = 0; i < config->alerts; i++) {
        failing += alerts->heard[i].fails;
    }
    return failing > 0 && failing == config->alerts;
}
