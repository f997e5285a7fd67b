/* Hours out: each bait's, as time goes on through all changes. */
#include "operation/bait_hours_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* One bait, as time goes on. */
struct sweep {
    const struct bait_watch *watch;
    const struct change *change; /* in order */
    size_t changes;
    struct bait_hours *hours;
    int *seeing;  /* of each site */
    int *lies;    /* in each spot; else 0 */
    size_t *lain; /* the spot's last in hours->lain */
    int *missing; /* of each camera */
    int missing_all;
};

static bool is_of(const struct spot *spot, const struct bait_hours *hours)
{
    return !strcmp(spot->bait, hours->bait) && spot->copy == hours->copy;
}

/* How the best camera sees it; SEEING_STATES: it lies nowhere. */
static enum seeing best(const struct sweep *sweep)
{
    int best = -1;
    for (size_t i = 0; i < sweep->watch->spots; i++) {
        const struct spot *spot = &sweep->watch->spot[i];
        size_t eye = sweep->watch->site[spot->site].eye;
        int seeing = sweep->seeing[spot->site];
        if ((sweep->missing_all || sweep->missing[eye]) &&
            seeing > SEEING_UNRECORDED) {
            seeing = SEEING_UNRECORDED;
        }
        if (sweep->lies[i] && is_of(spot, sweep->hours) && seeing > best) {
            best = seeing;
        }
    }
    return best < 0 ? SEEING_STATES : (enum seeing)best;
}

static enum sting_status stretch_add(struct bait_hours *hours,
                                     struct bait_stretch stretch)
{
    struct bait_stretch *last =
        hours->stretches ? &hours->stretch[hours->stretches - 1] : NULL;
    hours->us[stretch.seeing] += stretch.to_us - stretch.from_us;
    hours->lain_us += stretch.to_us - stretch.from_us;
    hours->from_us = hours->from_us ? hours->from_us : stretch.from_us;
    hours->to_us = stretch.to_us;
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

/* The copy is laid into a spot, or taken away. */
static enum sting_status lies_apply(struct sweep *sweep, size_t which,
                                    int value, int64_t at_us)
{
    const struct bait_watch *watch = sweep->watch;
    const struct site *site = &watch->site[watch->spot[which].site];
    struct bait_hours *hours = sweep->hours;
    sweep->lies[which] += value;
    if (!is_of(&watch->spot[which], hours)) {
        return STING_OK;
    }
    if (value < 0) {
        hours->lain[sweep->lain[which]].to_us = at_us;
        hours->lain[sweep->lain[which]].is_there = false;
        return STING_OK;
    }
    struct bait_lain *lain =
        array_add(&hours->lain, &hours->lains, sizeof *hours->lain);
    if (!lain) {
        return STING_E_NOMEM;
    }
    sweep->lain[which] = hours->lains - 1;
    *lain = (struct bait_lain){
        .from_us = at_us, .to_us = watch->last_us, .is_there = true};
    memcpy(lain->camera, watch->eye[site->eye].camera, sizeof lain->camera);
    memcpy(lain->zone, site->zone, sizeof lain->zone);
    return STING_OK;
}

static enum sting_status change_apply(struct sweep *sweep,
                                      const struct change *change)
{
    if (change->what == CHANGE_LIES) {
        return lies_apply(sweep, change->which, change->value, change->at_us);
    }
    if (change->what == CHANGE_SEES) {
        sweep->seeing[change->which] = change->value;
    } else if (change->which == ALL_CAMERAS) {
        sweep->missing_all += change->value;
    } else {
        sweep->missing[change->which] += change->value;
    }
    return STING_OK;
}

static enum sting_status sweep_run(struct sweep *sweep)
{
    int64_t last_us = sweep->watch->last_us;
    int64_t at_us = sweep->changes ? sweep->change[0].at_us : last_us;
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i <= sweep->changes; i++) {
        const struct change *change =
            i < sweep->changes ? &sweep->change[i] : NULL;
        int64_t next_us =
            change && change->at_us < last_us ? change->at_us : last_us;
        enum seeing seeing = best(sweep);
        if (next_us > at_us && seeing != SEEING_STATES) {
            status = stretch_add(sweep->hours,
                                 (struct bait_stretch){at_us, next_us, seeing});
        }
        at_us = next_us > at_us ? next_us : at_us;
        if (change && !status) {
            status = change_apply(sweep, change);
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

static enum sting_status bait_sweep(struct sweep *sweep)
{
    const struct bait_watch *watch = sweep->watch;
    sweep->seeing = calloc(watch->sites + 1, sizeof *sweep->seeing);
    sweep->lies = calloc(watch->spots + 1, sizeof *sweep->lies);
    sweep->lain = calloc(watch->spots + 1, sizeof *sweep->lain);
    sweep->missing = calloc(watch->eyes + 1, sizeof *sweep->missing);
    bool has_all =
        sweep->seeing && sweep->lies && sweep->lain && sweep->missing;
    enum sting_status status = has_all ? sweep_run(sweep) : STING_E_NOMEM;
    free(sweep->seeing);
    free(sweep->lies);
    free(sweep->lain);
    free(sweep->missing);
    return status;
}

/* The bait, new or known. */
static enum sting_status bait_add(struct bait_hours_list *list,
                                  const char *bait, uint32_t copy)
{
    for (size_t b = 0; b < list->baits; b++) {
        if (!strcmp(list->bait[b].bait, bait) && list->bait[b].copy == copy) {
            return STING_OK;
        }
    }
    struct bait_hours *hours =
        array_add(&list->bait, &list->baits, sizeof *list->bait);
    if (!hours) {
        return STING_E_NOMEM;
    }
    (void)snprintf(hours->bait, sizeof hours->bait, "%s", bait);
    hours->copy = copy;
    return STING_OK;
}

/* Those of operation.yaml, then all that ever lay anywhere. */
static enum sting_status baits_list(const struct sweep *sweep,
                                    struct bait_hours_list *list)
{
    const struct config *config = sweep->watch->config;
    enum sting_status status = STING_OK;
    for (size_t c = 0; c < config->cameras; c++) {
        for (size_t z = 0; !status && z < config->camera[c].zones; z++) {
            const struct config_zone *zone = &config->camera[c].zone[z];
            if (zone->bait[0]) {
                status = bait_add(list, zone->bait, zone->copy);
            }
        }
    }
    for (size_t i = 0; !status && i < sweep->changes; i++) {
        if (sweep->change[i].what == CHANGE_LIES) {
            const struct spot *spot =
                &sweep->watch->spot[sweep->change[i].which];
            status = bait_add(list, spot->bait, spot->copy);
        }
    }
    return status;
}

/* All changes in order, with what is guessed of zones of which no line said
 * what lies there. The caller frees *out. */
static enum sting_status changes_sort(const struct bait_watch *watch,
                                      struct change **out, size_t *count)
{
    struct change *all = calloc(watch->changes + watch->sites + 1, sizeof *all);
    if (!all) {
        return STING_E_NOMEM;
    }
    *count = watch->changes;
    if (watch->changes) {
        memcpy(all, watch->change, watch->changes * sizeof *all);
    }
    for (size_t i = 0; i < watch->sites; i++) {
        const struct site *site = &watch->site[i];
        if (!site->is_told && site->spot != NOTHING) {
            all[*count] = (struct change){.at_us = site->since_us,
                                          .order = *count,
                                          .what = CHANGE_LIES,
                                          .which = site->spot,
                                          .value = 1};
            (*count)++;
        }
    }
    qsort(all, *count, sizeof *all, in_order);
    *out = all;
    return STING_OK;
}

enum sting_status bait_watch_give(const struct bait_watch *watch,
                                  struct bait_hours_list *out)
{
    struct bait_hours_list list = {0};
    struct change *change = NULL;
    struct sweep sweep = {.watch = watch};
    enum sting_status status = changes_sort(watch, &change, &sweep.changes);
    sweep.change = change;
    status = status ? status : baits_list(&sweep, &list);
    for (size_t b = 0; !status && b < list.baits; b++) {
        sweep.hours = &list.bait[b];
        sweep.missing_all = 0;
        status = bait_sweep(&sweep);
    }
    free(change);
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
        free(list->bait[b].lain);
    }
    free(list->bait);
    *list = (struct bait_hours_list){0};
}
