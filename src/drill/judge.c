#include "drill/judge.h"

#include <stdlib.h>

#include "operation/incident.h"

struct judge {
    struct incidents *incidents;
    judge_opened opened;
    void *context; /* borrowed, for opened */
    int64_t at_us;
};

enum sting_status judge_new(int64_t quiet_us, judge_opened opened,
                            void *context, struct judge **out)
{
    struct judge *judge STING_AUTO(judge_free) = calloc(1, sizeof *judge);
    if (!judge) {
        return STING_E_NOMEM;
    }
    judge->opened = opened;
    judge->context = context;
    enum sting_status status = incidents_new(quiet_us, 1, &judge->incidents);
    if (!status) {
        *out = judge;
        judge = NULL;
    }
    return status;
}

void judge_free(struct judge **judge)
{
    if (*judge) {
        incidents_free(&(*judge)->incidents);
    }
    free(*judge);
    *judge = NULL;
}

static struct moment moment_of(int64_t us)
{
    return (struct moment){us, us};
}

static void events_take(struct judge *judge)
{
    struct incident_event event;
    while (incidents_next(judge->incidents, &event)) {
        const struct incident *one = &event.incident;
        bool is_person =
            one->kind == INCIDENT_PERSON || one->kind == INCIDENT_PAGE;
        if (event.change == INCIDENT_OPENED && one->number > 0 && is_person) {
            judge->opened(judge->context, (double)one->start.utc_us / 1e6,
                          (double)one->first_look.utc_us / 1e6);
        }
    }
}

enum sting_status judge_look(void *context, int64_t at_us,
                             const struct detect_look *look)
{
    struct judge *judge = context;
    judge->at_us = at_us;
    incidents_tick(judge->incidents, moment_of(at_us));
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *event = &look->event[i];
        const struct observation seen = {.zone = event->zone,
                                         .kind =
                                             (enum incident_kind)event->kind,
                                         .begins = event->begins,
                                         .at = moment_of(event->at_us),
                                         .looked = moment_of(at_us),
                                         .score = event->score};
        enum sting_status status = incidents_observe(judge->incidents, &seen);
        if (status) {
            return status;
        }
    }
    events_take(judge);
    return STING_OK;
}

void judge_finish(struct judge *judge)
{
    incidents_finish(judge->incidents, moment_of(judge->at_us));
    events_take(judge);
}

bool judge_is_open(const struct judge *judge)
{
    return incidents_open(judge->incidents) != NULL;
}
