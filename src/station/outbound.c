#include "station/outbound.h"

#include <stdio.h>

#include "ledger/store.h"

#define ALERTS_MS 500  /* that alerts on their way get */
#define ANCHORS_MS 500 /* and outsiders, to see the newest checkpoint */

enum sting_status outbound_open(struct outbound *out, struct desk *desk,
                                struct moment now, struct fault *fault)
{
    out->settled = (struct alerts_settled){.delivered = 0};
    enum sting_status status =
        alerts_new(desk->operation, desk->core, &desk->alerts, fault);
    return status ? status
                  : anchors_new(desk->operation, desk->core, now, &out->anchors,
                                fault);
}

void outbound_close(struct outbound *out, struct desk *desk)
{
    alerts_free(&desk->alerts);
    anchors_free(&out->anchors);
}

void outbound_anchors_anew(struct outbound *out, struct desk *desk,
                           struct moment now)
{
    struct fault fault = {"", ""};
    anchors_free(&out->anchors);
    if (anchors_new(desk->operation, desk->core, now, &out->anchors, &fault)) {
        desk_break(desk, &fault);
    }
}

/* ---- alerts ---- */

/* Tell when alerts stop going out, and when they go out again. */
static void duty_tell(struct outbound *out, const struct desk *desk,
                      struct moment now)
{
    char until[CLOCK_TEXT_SIZE];
    const struct duty *duty = alerts_duty(desk->alerts);
    bool rests = !duty_is_armed(duty, now);
    const struct tale tale = {.event = "duty",
                              .state = rests ? "disarmed" : "armed"};
    if (rests == out->rests) {
        return;
    }
    out->rests = rests;
    if (rests) {
        tell(desk->teller, &tale,
             "NO ALERTS GO OUT until %.19sZ (%s); everything is recorded",
             clock_text(duty->rests_until_us, until), duty->by);
    } else if (now.utc_us < duty->rests_until_us) {
        tell(desk->teller, &tale,
             "ALERTS GO OUT AGAIN, though the clock shows less than %.19sZ: it "
             "was set back; whoever still works there says sting disarm again",
             clock_text(duty->rests_until_us, until));
    } else {
        tell(desk->teller, &tale, "alerts go out again");
    }
}

/* Which channels fail, which work again, what was given up. */
static void change_tell(const struct desk *desk,
                        const struct alerts_change *change)
{
    static const char *const state[] = {[ALERTS_FAIL] = "failed",
                                        [ALERTS_WORK] = "again",
                                        [ALERTS_GIVEN_UP] = "given-up"};
    const struct tale tale = {.event = "alert", .state = state[change->kind]};
    if (change->kind == ALERTS_FAIL) {
        tell(desk->teller, &tale,
             "alerts by %s DO NOT ARRIVE: %s; trying again and again",
             change->channel, change->why);
    } else if (change->kind == ALERTS_WORK) {
        tell(desk->teller, &tale, "alerts by %s arrive again", change->channel);
    } else {
        tell(desk->teller, &tale,
             "NEVER DELIVERED, given up: %zu alert%s by %s: %s", change->count,
             change->count == 1 ? "" : "s", change->channel, change->why);
    }
}

static void changes_tell(struct outbound *out, const struct desk *desk)
{
    struct alerts_change change;
    const struct tale tale = {.event = "alert", .state = "nobody"};
    while (alerts_change_next(desk->alerts, &change)) {
        change_tell(desk, &change);
    }
    bool nobody = alerts_nobody(desk->alerts);
    if (nobody && !out->nobody) {
        tell(desk->teller, &tale,
             "NOBODY CAN BE TOLD: no alert arrives by any channel; watch here, "
             "and see to the network and to alerts: in operation.yaml");
    }
    out->nobody = nobody;
}

/* None waits any more: say what became of them, not better than it is. */
static void settled_tell(struct outbound *out, const struct desk *desk)
{
    const struct alerts_settled all = alerts_settled(desk->alerts);
    const struct tale delivered = {.event = "alert", .state = "delivered"};
    const struct tale settled = {.event = "alert", .state = "settled"};
    size_t given_up = all.given_up - out->settled.given_up;
    size_t spared = all.spared - out->settled.spared;
    if (given_up == 0 && spared == 0) {
        tell(desk->teller, &delivered, "all alerts were delivered");
    } else if (given_up == 0) {
        tell(desk->teller, &settled,
             "all alerts were delivered but %zu, of what others have seen to",
             spared);
    } else {
        tell(desk->teller, &settled,
             "no alert waits any more: %zu delivered, %zu NEVER DELIVERED, %zu "
             "of what others have seen to",
             all.delivered - out->settled.delivered, given_up, spared);
    }
}

/* Tell when people were reached or not. */
static void waiting_tell(struct outbound *out, const struct desk *desk)
{
    size_t waiting = alerts_waiting(desk->alerts);
    const struct tale on_their_way = {.event = "alert", .state = "waiting"};
    changes_tell(out, desk);
    if (waiting > out->alerts_waiting) {
        tell(desk->teller, &on_their_way, "alerts on their way: %zu", waiting);
    } else if (waiting == 0 && out->alerts_waiting > 0) {
        settled_tell(out, desk);
    }
    if (waiting == 0) {
        out->settled = alerts_settled(desk->alerts);
    }
    out->alerts_waiting = waiting;
}

/* The station ends: what has reached nobody yet. */
static void undelivered_tell(const struct desk *desk)
{
    const struct config *config = operation_config(desk->operation);
    const struct tale tale = {.event = "alert", .state = "undelivered"};
    size_t waiting = alerts_waiting(desk->alerts);
    char names[320] = "";
    size_t used = 0;
    for (size_t i = 0; i < config->alerts && used < sizeof names; i++) {
        const struct alerts_channel is = alerts_channel(desk->alerts, i);
        used += is.waiting == 0
                    ? 0
                    : (size_t)snprintf(names + used, sizeof names - used,
                                       "%s%s", used ? ", " : " by ", is.name);
    }
    if (waiting > 0) {
        tell(desk->teller, &tale,
             "NOT DELIVERED YET: %zu alert%s%s; sent when sting run is started "
             "again",
             waiting, waiting == 1 ? "" : "s", names);
    }
}

void outbound_alerts(struct outbound *out, struct desk *desk, struct moment now)
{
    struct fault fault = {"", ""};
    if (!desk->alerts || desk->is_broken) {
        return;
    }
    if (alerts_tick(desk->alerts, now, &fault)) {
        desk_break(desk, &fault);
        return;
    }
    duty_tell(out, desk, now);
    waiting_tell(out, desk);
}

void outbound_say(struct desk *desk, struct moment now, const char *words)
{
    struct fault fault = {"", ""};
    const struct tale tale = {.event = "alert", .state = "failed"};
    if (desk->alerts && !desk->is_broken &&
        alerts_say(desk->alerts, words, now, &fault)) {
        tell(desk->teller, &tale, "THE ALERT COULD NOT BE QUEUED: %s",
             fault.why);
    }
}

static void alerts_end(struct outbound *out, struct desk *desk)
{
    struct fault fault = {"", ""};
    if (desk->alerts && !desk->is_broken &&
        alerts_finish(desk->alerts, clock_now, ALERTS_MS, &fault)) {
        desk_break(desk, &fault);
    }
    if (desk->alerts) {
        waiting_tell(out, desk);
        undelivered_tell(desk);
    }
    alerts_free(&desk->alerts);
}

/* ---- anchors ---- */

void outbound_anchors(struct outbound *out, struct desk *desk,
                      struct moment now)
{
    struct fault fault = {"", ""};
    if (!out->anchors || desk->is_broken) {
        return;
    }
    if (anchors_tick(out->anchors, now, &fault)) {
        desk_break(desk, &fault);
        return;
    }
    const char *news = NULL;
    while ((news = anchors_news(out->anchors))) {
        const struct tale tale = {.event = "anchor"};
        tell(desk->teller, &tale, "%s", news);
    }
}

/* All that was recorded is signed; whoever vouches for it may do so yet. */
static void anchors_end(struct outbound *out, struct desk *desk)
{
    struct fault fault = {"", ""};
    if (out->anchors && !desk->is_broken &&
        operation_config(desk->operation)->anchors > 0 &&
        (ledger_checkpoint(core_ledger(desk->core), clock_now(), &fault) ||
         anchors_finish(out->anchors, clock_now, ANCHORS_MS, &fault))) {
        desk_break(desk, &fault);
    }
    anchors_free(&out->anchors);
}

/* ---- both ---- */

void outbound_wait(const struct outbound *out, const struct desk *desk,
                   struct pollfd *ready)
{
    int outside[ANCHORS_FDS];
    anchors_fds(out->anchors, outside);
    /* poll() takes no notice of a negative descriptor. */
    ready[0] = (struct pollfd){-1, POLLIN, 0};
    if (desk->alerts) {
        ready[0].fd = alerts_fd(desk->alerts);
        ready[0].events = alerts_events(desk->alerts);
    }
    for (size_t i = 0; i < ANCHORS_FDS; i++) {
        ready[1 + i] = (struct pollfd){outside[i], POLLIN, 0};
    }
}

void outbound_serve(struct outbound *out, struct desk *desk,
                    const struct pollfd *ready)
{
    bool is_answered = false;
    if (ready[0].revents) {
        outbound_alerts(out, desk, clock_now());
    }
    for (size_t i = 0; i < ANCHORS_FDS; i++) {
        is_answered |= ready[1 + i].revents != 0;
    }
    if (is_answered) {
        outbound_anchors(out, desk, clock_now());
    }
}

void outbound_end(struct outbound *out, struct desk *desk)
{
    alerts_end(out, desk);
    anchors_end(out, desk);
}
