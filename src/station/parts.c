#include "station/parts.h"

#include "alert/alerts.h"
#include "anchor/anchors.h"
#include "jail/worker.h"
#include "station/console.h"
#include "station/convert.h"
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

/* ---- those of each camera ---- */

enum of_camera { OF_CAMERA, OF_RELAY, OF_CONVERSION };

static const struct {
    const char *of;
    enum worker_kind kind;
} each[PARTS_EACH] = {[OF_CAMERA] = {"camera", WORKER_CAMERA},
                      [OF_RELAY] = {"camera", WORKER_RELAY},
                      [OF_CONVERSION] = {"converting", WORKER_PLAYER}};

/* The camera that the part at `index` is of, as its place among them; -1: of
 * none. */
static int camera_of(const struct console *console, size_t index)
{
    size_t camera = (index - PARTS_SINGLE) / PARTS_EACH;
    return index >= PARTS_SINGLE && camera < console->cameras ? (int)camera
                                                              : -1;
}

static enum of_camera which_of(size_t index)
{
    return (enum of_camera)((index - PARTS_SINGLE) % PARTS_EACH);
}

static const struct worker *worker_of(const struct console *console,
                                      size_t index)
{
    int camera = camera_of(console, index);
    if (index < PARTS_SINGLE) {
        return single[index].worker(console);
    }
    if (camera < 0) {
        return NULL;
    }
    switch (which_of(index)) {
    case OF_CAMERA:
        return &console->camera[camera].worker;
    case OF_RELAY:
        return &console->camera[camera].relay;
    case OF_CONVERSION:
        return convert_worker(console, camera);
    }
    return NULL;
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
    int camera = camera_of(console, index);
    bool is_single = index < PARTS_SINGLE;
    if (!is_single && camera < 0) {
        return false;
    }
    bool runs = parts->part[index].pid > 0;
    *out = (struct part){.runs = runs,
                         .since_us = runs ? parts->part[index].since_us : 0,
                         .starts = parts->part[index].starts,
                         .of = is_single ? single[index].of
                                         : each[which_of(index)].of};
    out->camera = is_single ? NULL : console->camera[camera].config->name;
    out->name = worker_name(is_single ? single[index].kind
                                      : each[which_of(index)].kind);
    return true;
}
