/* sting drill OP --watched: what the ledger says of how well it was watched. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cmd_drill.h"
#include "cli/drill_rate.h"
#include "operation/operation.h"
#include "operation/watched.h"

#define MOST_STRETCHES 20 /* in words; JSON has all */

static double hours(int64_t us)
{
    return (double)us / 3.6e9;
}

/* ---- hours ---- */

static double part(const struct bait_hours *bait, enum seeing seeing)
{
    return bait->lain_us > 0 ? (double)bait->us[seeing] / (double)bait->lain_us
                             : 0;
}

static void stretch_words(const struct bait_stretch *stretch)
{
    char from[CLOCK_TEXT_SIZE];
    char to[CLOCK_TEXT_SIZE];
    printf("  %.19sZ to %.19sZ  %8.0f s  %s\n",
           clock_text(stretch->from_us, from), clock_text(stretch->to_us, to),
           (double)(stretch->to_us - stretch->from_us) / 1e6,
           seeing_words(stretch->seeing));
}

static void bait_name_words(const struct bait_hours *bait)
{
    printf("bait %s", bait->bait);
    if (bait->copy) {
        printf(", copy %" PRIu32, bait->copy);
    }
}

static void lain_words(const struct bait_lain *lain)
{
    char from[CLOCK_TEXT_SIZE];
    char to[CLOCK_TEXT_SIZE];
    printf("  laid out in zone %s of camera %s, %.19sZ to %.19sZ%s\n",
           lain->zone, lain->camera, clock_text(lain->from_us, from),
           clock_text(lain->to_us, to),
           lain->is_there ? ", and is there still" : "");
}

static void bait_words(const struct bait_hours *bait)
{
    bait_name_words(bait);
    if (bait->lain_us == 0) {
        puts(": no line of the ledger tells of it yet");
        return;
    }
    printf(": %.1f %% of %.1f hours under a camera that saw a person, %.1f %% "
           "under one that saw only who stands out\n",
           100 * part(bait, SEEING_GOOD), hours(bait->lain_us),
           100 * part(bait, SEEING_FAINT));
    for (size_t i = 0; i < bait->lains && i < MOST_STRETCHES; i++) {
        lain_words(&bait->lain[i]);
    }
    for (size_t i = 0; i < bait->stretches && i < MOST_STRETCHES; i++) {
        stretch_words(&bait->stretch[i]);
    }
    if (bait->stretches > MOST_STRETCHES) {
        printf("  and %zu more: --json has all\n",
               bait->stretches - MOST_STRETCHES);
    }
}

static void stretches_json(struct json *row, const struct bait_hours *bait)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < bait->stretches; i++) {
        struct json *one = json_new_object();
        json_add_time(one, "from", bait->stretch[i].from_us);
        json_add_time(one, "to", bait->stretch[i].to_us);
        json_add_text(one, "why", seeing_name(bait->stretch[i].seeing));
        json_add_child(list, NULL, &one);
    }
    json_add_child(row, "left_out", &list);
}

static void lains_json(struct json *row, const struct bait_hours *bait)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < bait->lains; i++) {
        const struct bait_lain *lain = &bait->lain[i];
        struct json *one = json_new_object();
        json_add_text(one, "camera", lain->camera);
        json_add_text(one, "zone", lain->zone);
        json_add_time(one, "from", lain->from_us);
        if (lain->is_there) {
            json_add_null(one, "to");
        } else {
            json_add_time(one, "to", lain->to_us);
        }
        json_add_child(list, NULL, &one);
    }
    json_add_child(row, "laid", &list);
}

static void bait_json(const struct bait_hours *bait)
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    json_add_text(row, "type", "watched");
    json_add_text(row, "bait", bait->bait);
    if (bait->copy) {
        json_add_integer(row, "copy", bait->copy);
    } else {
        json_add_null(row, "copy");
    }
    if (bait->from_us) {
        json_add_time(row, "from", bait->from_us);
        json_add_time(row, "to", bait->to_us);
    } else {
        json_add_null(row, "from");
        json_add_null(row, "to");
    }
    json_add_number(row, "hours", hours(bait->lain_us));
    json_add_number(row, "good", part(bait, SEEING_GOOD));
    json_add_number(row, "faint", part(bait, SEEING_FAINT));
    stretches_json(row, bait);
    lains_json(row, bait);
    drill_row_print(row);
}

/* ---- visits ---- */

static uint32_t seen(const struct watched_pair *pair)
{
    return pair->by_first + pair->by_second - pair->by_both;
}

static void pair_words(const struct watched_pair *pair)
{
    char text[WATCHED_DOUBT_SIZE];
    const char *doubt = NULL;
    printf("visits, %s and %s: %" PRIu32 " and %" PRIu32 " seen, %" PRIu32
           " by both",
           pair->first, pair->second, pair->by_first, pair->by_second,
           pair->by_both);
    if (!pair->has_estimate) {
        puts("; nothing can be said of those that neither saw");
        return;
    }
    printf("; unseen by either: about %.1f (95 %% interval %.0f to %.0f)\n",
           pair->all.total - seen(pair), pair->all.low - seen(pair),
           pair->all.high - seen(pair));
    for (size_t i = 0; (doubt = watched_doubt(pair, i, text)); i++) {
        printf("  - %s\n", doubt);
    }
}

static void pair_json(const struct watched_pair *pair)
{
    struct json *row STING_AUTO(json_free) = json_new_object();
    struct json *doubts = json_new_array();
    char text[WATCHED_DOUBT_SIZE];
    const char *doubt = NULL;
    bool is_known = pair->has_estimate;
    json_add_text(row, "type", "unseen");
    json_add_text(row, "first", pair->first);
    json_add_text(row, "second", pair->second);
    json_add_integer(row, "by_first", pair->by_first);
    json_add_integer(row, "by_second", pair->by_second);
    json_add_integer(row, "by_both", pair->by_both);
    json_add_number(row, "unseen",
                    is_known ? pair->all.total - seen(pair) : NAN);
    json_add_number(row, "low", is_known ? pair->all.low - seen(pair) : NAN);
    json_add_number(row, "high", is_known ? pair->all.high - seen(pair) : NAN);
    for (size_t i = 0; (doubt = watched_doubt(pair, i, text)); i++) {
        json_add_text(doubts, NULL, doubt);
    }
    json_add_child(row, "doubts", &doubts);
    drill_row_print(row);
}

static void watched_words(const struct watched *watched)
{
    for (size_t i = 0; i < watched->hours.baits; i++) {
        bait_words(&watched->hours.bait[i]);
    }
    if (watched->hours.baits == 0) {
        puts("no zone of operation.yaml names a bait");
    }
    for (size_t i = 0; i < watched->pairs; i++) {
        pair_words(&watched->pair[i]);
    }
    if (watched->pairs == 0) {
        puts("visits that nobody saw: no two cameras of one room have told of "
             "one");
    }
}

static void watched_json(const struct watched *watched)
{
    for (size_t i = 0; i < watched->hours.baits; i++) {
        bait_json(&watched->hours.bait[i]);
    }
    for (size_t i = 0; i < watched->pairs; i++) {
        pair_json(&watched->pair[i]);
    }
}

int drill_watched(const struct drill_options *options)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct watched watched STING_AUTO(watched_release) = {.pairs = 0};
    struct fault fault = {"", ""};
    enum sting_status status =
        operation_open(options->operation, &operation, &fault);
    if (!status) {
        status = watched_read(operation_dir(operation),
                              operation_config(operation), &watched, &fault);
    }
    if (status) {
        return command_failed(status, options->operation, &fault);
    }
    drill_walks_tell(&watched.walks, &watched.in_time, options->json);
    if (options->json) {
        watched_json(&watched);
    } else {
        watched_words(&watched);
    }
    return EXIT_DONE;
}
