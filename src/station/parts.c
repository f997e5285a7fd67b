#include "station/parts.h"

#include "alert/alerts.h"
#include "anchor/anchors.h"
#include "jail/worker.h"
#include "station/console.h"
#include "station/glimpse.h"
#include "station/play.h"
#include "station/snapshot.h"

/* ---- those that there is one of ---- */

static const struct worker *of_pages(const struct console *console)
{
    return &console->worker;
}

static const struct worker *of_alerts(const struct console *console)
{
    const struct alerts *alerts = console->desk->alerts;
    return alerts ? alerts_worker(alerts) : NULL;
}

static const struct worker *of_outsiders(const struct console *console)
{
    const struct anchors *anchors = *console->desk->anchors;
    return anchors ? anchors_asker(anchors) : NULL;
}

static const struct worker *of_answers(const struct console *console)
{
    const struct anchors *anchors = *console->desk->anchors;
    return anchors ? anchors_judge(anchors) : NULL;
}

static const struct worker *of_stills(const struct console *console)
{
    return console->snapshot ? &console->snapshot->worker : NULL;
}

static const struct worker *of_playing(const struct console *console)
{
    return console->playing ? &console->playing->worker : NULL;
}

static const struct worker *of_names(const struct console *console)
{
    return &console->desk->names->worker;
}

static const struct worker *of_glimpse(const struct console *console)
{
    return &console->desk->glimpse->player;
}

static const struct {
    const char *of;
    enum worker_kind kind;
    const struct worker *(*worker)(const struct console *console);
} single[PARTS_SINGLE] = {{"pages", WORKER_WEB, of_pages},
                          {"alerts", WORKER_NET, of_alerts},
                          {"outsiders", WORKER_NET, of_outsiders},
                          {"answers", WORKER_CHECK, of_answers},
                          {"stills", WORKER_PLAYER, of_stills},
                          {"playing", WORKER_PLAYER, of_playing},
                          {"names", WORKER_NET, of_names},
                          {"glimpse", WORKER_PLAYER, of_glimpse}};

/* The camera that the part at `index` is of; NULL: of none. */
static const struct camera *camera_of(const struct console *console,
                                      size_t index)
{
    size_t camera = (index - PARTS_SINGLE) / 2;
    return index >= PARTS_SINGLE && camera < console->cameras
               ? &console->camera[camera]
               : NULL;
}

static bool is_relay(size_t index)
{
    return (index - PARTS_SINGLE) % 2;
}

static const struct worker *worker_of(const struct console *console,
                                      size_t index)
{
    if (index < PARTS_SINGLE) {
        return single[index].worker(console);
    }
    const struct camera *camera = camera_of(console, index);
    if (!camera) {
        return NULL;
    }
    return is_relay(index) ? &camera->relay : &camera->worker;
}

void parts_look(struct parts *parts, const struct console *console,
                struct moment now)
{
    for (size_t i = 0; i < PARTS_MOST; i++) {
        const struct worker *worker = worker_of(console, i);
        pid_t pid = worker && worker->pid > 0 ? worker->pid : 0;
        if (pid && pid != parts->part[i].pid) {
            parts->part[i].since_us = now.utc_us;
            parts->part[i].starts++;
        }
        parts->part[i].pid = pid;
    }
}

bool parts_at(const struct parts *parts, const struct console *console,
              size_t index, struct part *out)
{
    const struct camera *camera = camera_of(console, index);
    if (!parts->part[index].starts || (index >= PARTS_SINGLE && !camera)) {
        return false;
    }
    bool runs = parts->part[index].pid > 0;
    *out = (struct part){.runs = runs,
                         .since_us = runs ? parts->part[index].since_us : 0,
                         .starts = parts->part[index].starts,
                         .of = camera ? "camera" : single[index].of};
    out->camera = camera ? camera->config->name : NULL;
    out->name = worker_name(!camera           ? single[index].kind
                            : is_relay(index) ? WORKER_RELAY
                                              : WORKER_CAMERA);
    return true;
}
