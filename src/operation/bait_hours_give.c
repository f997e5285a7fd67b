/* Hours out: each bait's, as time goes on through all changes. */
#include "operation/bait_hours_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* One bait, as time goes on. */
struct sweep {
    const struct bait_watch *watch;
    struct bait_hours *hours;
    enum seeing *seeing; /* of each spot */
    int *missing;        /* of each camera */
    int missing_all;
};

static bool is_of(const struct spot *spot, const struct bait_hours *hours)
{
    return !strcmp(spot->zone->bait, hours->bait) &&
           spot->zone->copy == hours->copy;
}

static enum seeing best(const struct sweep *sweep)
{
    enum seeing best = SEEING_NO_STATION;
    for (size_t i = 0; i < sweep->watch->spots; i++) {
        const struct spot *spot = &sweep->watch->spot[i];
        bool is_missing = sweep->missing_all || sweep->missing[spot->camera];
        enum seeing seeing = sweep->seeing[i];
        if (is_missing && seeing > SEEING_UNRECORDED) {
            seeing = SEEING_UNRECORDED;
        }
        if (is_of(spot, sweep->hours) && seeing > best) {
            best = seeing;
        }
    }
    return best;
}

static enum sting_status stretch_add(struct bait_hours *hours,
                                     struct bait_stretch stretch)
{
    struct bait_stretch *last =
        hours->stretches ? &hours->stretch[hours->stretches - 1] : NULL;
    hours->us[stretch.seeing] += stretch.to_us - stretch.from_us;
    if (stretch.seeing == SEEING_GOOD) {
        return STING_OK;
    }
    if (last && last->seeing == stretch.seeing &&
        last->to_us == stretch.from_us) {
        last->to_us = stretch.to_us;
        return STING_OK;
    }
    struct bait_stretch *one =
        array_add(&hours->stretch, &hours->stretches, sizeof *hours->stretch);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = stretch;
    return STING_OK;
}

static void change_apply(struct sweep *sweep, const struct change *change)
{
    if (change->missing == 0) {
        sweep->seeing[change->which] = change->seeing;
    } else if (change->which == ALL_CAMERAS) {
        sweep->missing_all += change->missing;
    } else {
        sweep->missing[change->which] += change->missing;
    }
}

static int64_t held(int64_t at_us, const struct bait_hours *hours)
{
    return at_us < hours->from_us ? hours->from_us
           : at_us > hours->to_us ? hours->to_us
                                  : at_us;
}

static enum sting_status sweep_run(struct sweep *sweep)
{
    const struct bait_watch *watch = sweep->watch;
    struct bait_hours *hours = sweep->hours;
    int64_t at_us = hours->from_us;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i <= watch->changes; i++) {
        int64_t next_us = i < watch->changes
                              ? held(watch->change[i].at_us, hours)
                              : hours->to_us;
        if (next_us > at_us) {
            status = stretch_add(
                hours, (struct bait_stretch){at_us, next_us, best(sweep)});
            at_us = next_us;
        }
        if (i < watch->changes) {
            change_apply(sweep, &watch->change[i]);
        }
    }
    return status;
}

static int in_order(const void *left, const void *right)
{
    const struct change *a = left;
    const struct change *b = right;
    bool is_later =
        a->at_us != b->at_us ? a->at_us > b->at_us : a->order > b->order;
    return is_later ? 1 : -1;
}

static enum sting_status bait_sweep(const struct bait_watch *watch,
                                    struct bait_hours *hours)
{
    struct sweep sweep = {.watch = watch, .hours = hours};
    sweep.seeing = calloc(watch->spots, sizeof *sweep.seeing);
    sweep.missing = calloc(watch->config->cameras, sizeof *sweep.missing);
    enum sting_status status =
        sweep.seeing && sweep.missing ? sweep_run(&sweep) : STING_E_NOMEM;
    free(sweep.seeing);
    free(sweep.missing);
    return status;
}

/* The bait of that spot, new or known. */
static struct bait_hours *bait_of(struct bait_hours_list *list,
                                  const struct spot *spot)
{
    for (size_t b = 0; b < list->baits; b++) {
        if (is_of(spot, &list->bait[b])) {
            return &list->bait[b];
        }
    }
    struct bait_hours *hours = &list->bait[list->baits++];
    (void)snprintf(hours->bait, sizeof hours->bait, "%s", spot->zone->bait);
    hours->copy = spot->zone->copy;
    return hours;
}

enum sting_status bait_watch_give(const struct bait_watch *watch,
                                  struct bait_hours_list *out)
{
    struct bait_hours_list list = {0};
    enum sting_status status = STING_OK;
    list.bait = calloc(watch->spots + 1, sizeof *list.bait);
    if (!list.bait) {
        return STING_E_NOMEM;
    }
    if (watch->changes) {
        qsort(watch->change, watch->changes, sizeof *watch->change, in_order);
    }
    for (size_t i = 0; i < watch->spots; i++) {
        const struct spot *spot = &watch->spot[i];
        struct bait_hours *hours = bait_of(&list, spot);
        bool is_first = !hours->from_us || spot->first_us < hours->from_us;
        if (spot->first_us && is_first) {
            hours->from_us = spot->first_us;
        }
    }
    for (size_t b = 0; !status && b < list.baits; b++) {
        list.bait[b].to_us =
            list.bait[b].from_us ? watch->last_us : list.bait[b].from_us;
        status = bait_sweep(watch, &list.bait[b]);
    }
    if (status) {
        bait_hours_list_release(&list);
        return status;
    }
    *out = list;
    return STING_OK;
}

void bait_hours_list_release(struct bait_hours_list *list)
{
    for (size_t b = 0; b < list->baits; b++) {
        free(list->bait[b].stretch);
    }
    free(list->bait);
    *list = (struct bait_hours_list){0};
}
