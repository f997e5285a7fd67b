#include "drill/campaign.h"

#include <pthread.h>
#include <stdlib.h>

#include "drill/intrusion.h"

static const double quiet_s = 13; /* the detector learns for ten of them */

/* Intrusions run in a thread of their own; what both need is behind a lock. */
struct ground {
    const struct campaign_settings *settings;
    pthread_mutex_t lock;
    struct campaign sum;
    double *delay_s;          /* owned; of those caught */
    enum sting_status status; /* of the intrusions */
    struct fault fault;
};

static void told(struct ground *ground)
{
    if (ground->settings->tell) {
        ground->settings->tell(ground->settings->context, ground->sum.intruders,
                               ground->sum.photographs);
    }
}

static void intrusion_count(struct ground *ground,
                            const struct intrusion *intrusion)
{
    pthread_mutex_lock(&ground->lock);
    if (intrusion->caught) {
        ground->delay_s[ground->sum.caught++] = intrusion->delay_s;
        ground->sum.in_time += intrusion->spare_s >= ground->settings->team_s;
    }
    ground->sum.intruders++;
    ground->sum.false_alarms += (uint32_t)intrusion->false_alarms;
    told(ground);
    pthread_mutex_unlock(&ground->lock);
}

/* Other people, another light, another grain; the same garage. */
static struct scene_settings staging(uint64_t seed, uint32_t trial)
{
    struct chance chance = chance_of(seed, 1000 + (uint64_t)trial);
    return (struct scene_settings){.seed = chance_bits(&chance),
                                   .quiet_s = quiet_s,
                                   .alone = true,
                                   .light = chance_between(&chance, 0.5, 1.3),
                                   .grain = chance_between(&chance, 3, 7)};
}

static enum sting_status intrusions_run(struct ground *ground)
{
    struct scene *scene STING_AUTO(scene_free) = NULL;
    uint64_t seed = ground->settings->seed;
    struct scene_settings first = staging(seed, 0);
    enum sting_status status = scene_new(&first, &scene, &ground->fault);
    for (uint32_t i = 0; !status && i < ground->settings->intruders; i++) {
        struct intrusion intrusion;
        struct scene_settings settings = staging(seed, i);
        status = scene_restage(scene, &settings);
        status =
            status ? status : intrusion_run(scene, &intrusion, &ground->fault);
        if (!status) {
            intrusion_count(ground, &intrusion);
        }
    }
    return status;
}

static void *intrusions_thread(void *context)
{
    struct ground *ground = context;
    ground->status = intrusions_run(ground);
    return NULL;
}

static enum sting_status leaks_run(struct ground *ground, struct fault *fault)
{
    struct leak_desk desk STING_AUTO(leak_desk_close) = {0};
    const struct campaign_settings *settings = ground->settings;
    enum sting_status status =
        leak_desk_open(&desk, settings->operation, settings->keys, fault);
    for (uint32_t i = 0; !status && i < settings->photographs; i++) {
        struct chance chance = chance_of(settings->seed, 2000000 + (uint64_t)i);
        struct leak leak;
        status = leak_run(&desk, settings->setting, &chance, &leak, fault);
        if (!status) {
            pthread_mutex_lock(&ground->lock);
            ground->sum.photographs++;
            ground->sum.traced += leak.outcome == LEAK_TRACED;
            ground->sum.wrong += leak.outcome == LEAK_WRONG;
            told(ground);
            pthread_mutex_unlock(&ground->lock);
        }
    }
    return status;
}

static int delay_order(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *value, uint32_t count)
{
    if (!count) {
        return 0;
    }
    qsort(value, count, sizeof *value, delay_order);
    return (value[(count - 1) / 2] + value[count / 2]) / 2;
}

/* Leaks here, intrusions beside: two cores are the least there is. */
static enum sting_status both_run(struct ground *ground, struct fault *fault)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, intrusions_thread, ground)) {
        return fault_set(fault, STING_E_NOMEM, "", "no thread");
    }
    enum sting_status status =
        ground->settings->photographs ? leaks_run(ground, fault) : STING_OK;
    pthread_join(thread, NULL);
    if (!status && ground->status) {
        status = fault_set(fault, ground->status, ground->fault.todo, "%s",
                           ground->fault.why);
    }
    return status;
}

enum sting_status campaign_run(const struct campaign_settings *settings,
                               struct campaign *out, struct fault *fault)
{
    struct ground ground = {.settings = settings,
                            .lock = PTHREAD_MUTEX_INITIALIZER};
    ground.delay_s = calloc((size_t)settings->intruders + 1, sizeof(double));
    if (!ground.delay_s) {
        return fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
    }
    enum sting_status status = both_run(&ground, fault);
    if (!status) {
        ground.sum.median_s = median(ground.delay_s, ground.sum.caught);
        *out = ground.sum;
    }
    free(ground.delay_s);
    return status;
}
