/* How the machinery is, for people: workers, outsiders, the queue. */
#include "alert/alerts.h"
#include "ledger/store.h"
#include "station/console.h"

static void time_add(struct json *row, const char *key, int64_t us)
{
    if (us) {
        json_add_time(row, key, us);
    } else {
        json_add_null(row, key);
    }
}

static void workers_add(struct json *out, const struct health *health,
                        const struct user *user)
{
    struct json *list = json_new_array();
    for (size_t i = 0; health && i < health->workers; i++) {
        const struct health_worker *worker = &health->worker[i];
        if (worker->camera[0] && !user_sees(user, worker->camera)) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_text(row, "name", worker->name);
        json_add_text(row, "camera", worker->camera[0] ? worker->camera : NULL);
        json_add_integer(row, "deaths", worker->deaths);
        json_add_time(row, "last", worker->last_us);
        json_add_text(row, "why", worker->why);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "workers", &list);
}

static void anchors_add(struct json *out, const struct health *health)
{
    static const struct health unknown;
    const struct health *is = health ? health : &unknown;
    struct json *row = json_new_object();
    time_add(row, "vouched", is->vouched_us);
    if (is->vouched_us) {
        json_add_integer(row, "lines", (int64_t)is->vouched_lines);
    } else {
        json_add_null(row, "lines");
    }
    time_add(row, "failing_since", is->refused_us);
    json_add_text(row, "failing", is->refused_us ? is->refused_by : NULL);
    json_add_text(row, "why", is->refused_us ? is->refused_why : NULL);
    json_add_child(out, "anchors", &row);
}

void console_health_add(struct json *out, const struct console *console,
                        const struct user *user)
{
    const struct health *health =
        console->chronicle ? chronicle_health(console->chronicle) : NULL;
    workers_add(out, health, user);
    anchors_add(out, health);
}
