/* How the machinery is, for people: workers, outsiders, the queue. */
#include <string.h>

#include "alert/alerts.h"
#include "anchor/anchors.h"
#include "ledger/store.h"
#include "station/console_health.h"

const struct health *console_ledger_health(const struct console *console)
{
    static const struct health unknown;
    return console->chronicle ? chronicle_health(console->chronicle) : &unknown;
}

struct health_camera console_losses(const struct console *console,
                                    const char *camera)
{
    static const struct health_camera nothing;
    const struct health_camera *is =
        health_camera(console_ledger_health(console), camera);
    return is ? *is : nothing;
}

static const struct health_worker *deaths_of(const struct health *health,
                                             const struct part *part)
{
    const char *of = part->camera ? "" : part->of;
    for (size_t i = 0; i < health->workers; i++) {
        const struct health_worker *worker = &health->worker[i];
        if (!strcmp(worker->name, part->name) && !strcmp(worker->of, of) &&
            !strcmp(worker->camera, part->camera ? part->camera : "")) {
            return worker;
        }
    }
    return NULL;
}

bool console_part(const struct console *console, size_t index, struct part *out,
                  const struct health_worker **deaths)
{
    if (!parts_at(&console->parts, console, index, out)) {
        return false;
    }
    *deaths = deaths_of(console_ledger_health(console), out);
    return out->starts || *deaths;
}

static void workers_add(struct json *out, const struct health *health,
                        const struct user *user)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < health->workers; i++) {
        const struct health_worker *worker = &health->worker[i];
        if (worker->camera[0] && !user_sees(user, worker->camera)) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_text(row, "name", worker->name);
        json_add_text(row, "camera", worker->camera[0] ? worker->camera : NULL);
        json_add_text(row, "of", worker->of[0] ? worker->of : NULL);
        json_add_integer(row, "deaths", worker->deaths);
        json_add_time(row, "last", worker->last_us);
        json_add_text(row, "why", worker->why);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "workers", &list);
}

static void anchors_add(struct json *out, const struct health *is)
{
    struct json *row = json_new_object();
    json_add_time(row, "vouched", is->vouched_us);
    if (is->vouched_us) {
        json_add_integer(row, "lines", (int64_t)is->vouched_lines);
    } else {
        json_add_null(row, "lines");
    }
    json_add_time(row, "failing_since", is->refused_us);
    json_add_text(row, "failing", is->refused_us ? is->refused_by : NULL);
    json_add_text(row, "why", is->refused_us ? is->refused_why : NULL);
    json_add_child(out, "anchors", &row);
}

void console_health_add(struct json *out, const struct console *console,
                        const struct user *user)
{
    const struct health *health = console_ledger_health(console);
    workers_add(out, health, user);
    anchors_add(out, health);
}

/* ---- all of it ---- */

static void cameras_tell(struct json *out, const struct console *console,
                         const struct asked *asked)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < console->cameras; i++) {
        const struct camera *camera = &console->camera[i];
        const char *name = camera->config->name;
        const struct health_camera lost = console_losses(console, name);
        if (!user_sees(asked->user, name)) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_text(row, "name", name);
        json_add_time(row, "last_frame", camera_last_us(camera, asked->now));
        json_add_integer(row, "losses", lost.losses);
        json_add_integer(row, "gaps", lost.gaps);
        json_add_number(row, "gap_s", (double)lost.gap_us / 1e6);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "cameras", &list);
}

static void parts_tell(struct json *out, const struct console *console,
                       const struct user *user)
{
    struct part part;
    const struct health_worker *deaths = NULL;
    struct json *list = json_new_array();
    for (size_t i = 0; i < PARTS_MOST; i++) {
        if (!console_part(console, i, &part, &deaths) ||
            (part.camera && !user_sees(user, part.camera))) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_text(row, "name", part.name);
        json_add_text(row, "of", part.of);
        json_add_text(row, "camera", part.camera);
        json_add_time(row, "since", part.since_us);
        json_add_integer(row, "starts", part.starts);
        json_add_integer(row, "deaths", deaths ? deaths->deaths : 0);
        json_add_time(row, "last", deaths ? deaths->last_us : 0);
        json_add_text(row, "why", deaths ? deaths->why : NULL);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "workers", &list);
}

static void channels_tell(struct json *out, const struct desk *desk)
{
    struct json *list = json_new_array();
    size_t count = desk->alerts ? operation_config(desk->operation)->alerts : 0;
    for (size_t i = 0; i < count; i++) {
        const struct alerts_channel is = alerts_channel(desk->alerts, i);
        struct json *row = json_new_object();
        json_add_text(row, "name", is.name);
        json_add_integer(row, "waiting", (int64_t)is.waiting);
        json_add_integer(row, "failing", (int64_t)is.failing);
        json_add_time(row, "sent", is.sent_us);
        json_add_time(row, "failed", is.failed_us);
        json_add_integer(row, "failures", is.failures);
        json_add_text(row, "why", is.failed_us ? is.why : NULL);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "channels", &list);
}

static void outsiders_tell(struct json *out, const struct anchors *anchors)
{
    struct json *list = json_new_array();
    size_t count = anchors ? anchors_count(anchors) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct anchors_outsider is = anchors_outsider(anchors, i);
        struct json *row = json_new_object();
        json_add_text(row, "name", is.name);
        json_add_bool(row, "waits", is.waits);
        json_add_time(row, "vouched", is.good_us);
        if (is.good_us) {
            json_add_integer(row, "lines", (int64_t)is.lines);
        } else {
            json_add_null(row, "lines");
        }
        json_add_time(row, "failed", is.refused_us);
        json_add_integer(row, "failures", is.refusals);
        json_add_text(row, "why", is.refused_us ? is.why : NULL);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "outsiders", &list);
}

static void signed_tell(struct json *out, const struct health *health)
{
    struct json *row = json_new_object();
    json_add_time(row, "at", health->signed_us);
    if (health->signed_us) {
        json_add_integer(row, "lines", (int64_t)health->signed_lines);
    } else {
        json_add_null(row, "lines");
    }
    json_add_child(out, "signed", &row);
}

int console_machinery(struct console *console, const struct asked *asked,
                      struct reply *reply)
{
    struct json *out = reply->json = json_new_object();
    json_add_time(out, "at", asked->now.utc_us);
    cameras_tell(out, console, asked);
    parts_tell(out, console, asked->user);
    if (strcmp(asked->user->cameras, "*") == 0) {
        channels_tell(out, console->desk);
        outsiders_tell(out, *console->desk->anchors);
    } else {
        json_add_null(out, "channels");
        json_add_null(out, "outsiders");
    }
    signed_tell(out, console_ledger_health(console));
    return 200;
}
