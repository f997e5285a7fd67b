/* Channels as operation.yaml has them: another text may have others, or the
 * same in another order. */
#include <stdio.h>
#include <string.h>

#include "alert/alerts_state.h"

/* Where a channel sends, whatever place it has in the list. */
static struct digest identity_of(const struct config_alert *channel)
{
    struct buffer all STING_AUTO(buffer_release) = {0};
    const char *const part[] = {config_alert_address(channel), channel->to,
                                channel->topic, channel->template};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        struct bytes text = {(const uint8_t *)part[i], strlen(part[i]) + 1};
        if (buffer_append(&all, text)) {
            return (struct digest){{0}};
        }
    }
    return digest_of(buffer_bytes(&all));
}

void alerts_channels_know(struct alerts *alerts)
{
    const struct config *config = operation_config(alerts->operation);
    alerts->channels = config->alerts;
    for (size_t i = 0; i < config->alerts; i++) {
        alerts->identity[i] = identity_of(&config->alert[i]);
    }
}

/* Which of the channels of before each of today's is; of two alike each has
 * its own. CONFIG_MOST_ALERTS: none. */
static void channels_match(struct alerts *alerts, const struct digest before[],
                           size_t count, size_t was[CONFIG_MOST_ALERTS])
{
    bool is_taken[CONFIG_MOST_ALERTS] = {false};
    for (size_t i = 0; i < alerts->channels; i++) {
        was[i] = CONFIG_MOST_ALERTS;
        for (size_t k = 0; k < count && was[i] == CONFIG_MOST_ALERTS; k++) {
            if (!is_taken[k] &&
                !memcmp(&before[k], &alerts->identity[i], sizeof *before)) {
                is_taken[k] = true;
                was[i] = k;
            }
        }
    }
}

/* A bit for each channel, as they are numbered now. */
static uint32_t bits_move(uint32_t bits, const size_t was[], size_t channels)
{
    uint32_t now = 0;
    for (size_t i = 0; i < channels; i++) {
        bool is_set = was[i] < CONFIG_MOST_ALERTS && (bits >> was[i] & 1);
        now |= (uint32_t)is_set << i;
    }
    return now;
}

/* The settings are others: who was told of what goes with its channel. */
static void channels_move(struct alerts *alerts)
{
    struct digest before[CONFIG_MOST_ALERTS];
    struct storm storm[CONFIG_MOST_ALERTS];
    struct heard heard[CONFIG_MOST_ALERTS];
    size_t was[CONFIG_MOST_ALERTS];
    size_t count = alerts->channels;
    memcpy(before, alerts->identity, sizeof before);
    memcpy(storm, alerts->storm, sizeof storm);
    memset(alerts->storm, 0, sizeof alerts->storm);
    memcpy(heard, alerts->heard, sizeof heard);
    memset(alerts->heard, 0, sizeof alerts->heard);
    alerts_channels_know(alerts);
    channels_match(alerts, before, count, was);
    for (size_t l = 0; l < ALERTS_MOST_LIVE; l++) {
        struct live *live = &alerts->live[l];
        live->told = bits_move(live->told, was, alerts->channels);
        live->held = bits_move(live->held, was, alerts->channels);
        live->incident.zone = -1; /* that number may be of another now */
    }
    for (size_t i = 0; i < alerts->channels; i++) {
        if (was[i] < CONFIG_MOST_ALERTS) {
            alerts->storm[i] = storm[was[i]];
            alerts->heard[i] = heard[was[i]];
        }
    }
}

void alerts_reconfigured(struct alerts *alerts, struct moment now)
{
    if (!alerts) {
        return;
    }
    channels_move(alerts);
    for (size_t i = 0; i < alerts->count; i++) {
        alerts->pending[i].due_us = 0; /* what failed may go now */
    }
    memset(alerts->greet_us, 0, sizeof alerts->greet_us);
    alerts_greet(alerts, now.boot_us);
}

const struct worker *alerts_worker(const struct alerts *alerts)
{
    return &alerts->net.worker;
}
