#include "operation/watched.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/reader.h"

struct watching {
    const struct config *config;
    struct incident_list incidents;
    struct bait_watch *hours; /* owned */
    struct watched_rate walks, in_time;
};

enum sting_status watching_new(const struct config *config,
                               struct watching **out)
{
    struct watching *watching = calloc(1, sizeof *watching);
    if (!watching) {
        return STING_E_NOMEM;
    }
    watching->config = config;
    enum sting_status status = bait_watch_new(config, &watching->hours);
    if (status) {
        watching_free(&watching);
        return status;
    }
    *out = watching;
    return STING_OK;
}

void watching_free(struct watching **watching)
{
    if (*watching) {
        incident_list_release(&(*watching)->incidents);
        bait_watch_free(&(*watching)->hours);
    }
    free(*watching);
    *watching = NULL;
}

static void rate_take(struct watched_rate *rate, const struct line *line)
{
    int64_t hits = 0;
    int64_t trials = 0;
    if (!line_integer(line, "hits", &hits) &&
        !line_integer(line, "trials", &trials) && hits >= 0 && hits <= trials &&
        trials <= 1000000) {
        rate->hits += (uint32_t)hits;
        rate->trials += (uint32_t)trials;
    }
}

static void drill_take(struct watching *watching, const struct line *line)
{
    struct bytes type = line_raw(line, "type");
    if (bytes_equal(type, bytes_of_text("walk"))) {
        rate_take(&watching->walks, line);
    } else if (bytes_equal(type, bytes_of_text("walk-in-time"))) {
        rate_take(&watching->in_time, line);
    }
}

enum sting_status watching_take(struct watching *watching,
                                const struct line *line)
{
    if (!strcmp(line->kind->name, "drill")) {
        drill_take(watching, line);
    }
    enum sting_status status = incident_list_take(&watching->incidents, line);
    return status ? status : bait_watch_take(watching->hours, line);
}

/* ---- pairs of sensors ---- */

struct sensor {
    const struct config_camera *camera;
    uint64_t bit; /* of its camera in the list */
    bool is_page; /* its page watch */
};

static bool sees(const struct sensor *sensor, const struct incident_entry *one)
{
    return ((sensor->is_page ? one->touched_by : one->seen_by) & sensor->bit) !=
           0;
}

static bool is_visit(const struct incident_entry *one, uint64_t both)
{
    bool is_act = !strcmp(one->kind, "person") || !strcmp(one->kind, "page");
    bool is_known =
        !strcmp(one->mark, "false-alarm") || !strcmp(one->mark, "known-person");
    bool is_team = one->team_us && one->team_us <= one->start_us;
    return is_act && one->has_cameras && !is_known && !one->is_walk &&
           !is_team && (one->watching & both) == both;
}

static void visit_take(struct watched_pair *pair, const struct sensor *first,
                       const struct sensor *second,
                       const struct incident_entry *one)
{
    bool a = sees(first, one);
    bool b = sees(second, one);
    pair->by_first += a;
    pair->by_second += b;
    pair->by_both += a && b;
    if (a || b) {
        pair->visits++;
        pair->dim += (one->dim & (first->bit | second->bit)) != 0;
        pair->unmarked += one->mark[0] == '\0';
    }
}

static void sensor_name(const struct sensor *sensor,
                        char out[WATCHED_SENSOR_SIZE])
{
    (void)snprintf(out, WATCHED_SENSOR_SIZE, "%s%s",
                   sensor->is_page ? "page watch of " : "",
                   sensor->camera->name);
}

/* In its place among the pairs, or nowhere. */
static void pair_insert(struct watched *out, const struct watched_pair *pair)
{
    size_t at = out->pairs;
    while (at > 0 && out->pair[at - 1].by_both < pair->by_both) {
        at--;
    }
    if (at == WATCHED_MOST_PAIRS) {
        return;
    }
    out->pairs += out->pairs < WATCHED_MOST_PAIRS;
    memmove(&out->pair[at + 1], &out->pair[at],
            (out->pairs - at - 1) * sizeof *pair);
    out->pair[at] = *pair;
}

static void pair_take(const struct watching *watching,
                      const struct sensor *first, const struct sensor *second,
                      struct watched *out)
{
    struct watched_pair pair = {.visits = 0};
    uint64_t both = first->bit | second->bit;
    for (size_t i = 0; i < watching->incidents.count; i++) {
        const struct incident_entry *one = &watching->incidents.entry[i];
        if (is_visit(one, both)) {
            visit_take(&pair, first, second, one);
        }
    }
    bool is_idle = first->is_page && pair.by_first == 0; /* most touch none */
    if (pair.visits == 0 || is_idle) {
        return;
    }
    sensor_name(first, pair.first);
    sensor_name(second, pair.second);
    pair.has_estimate = recapture_estimate(pair.by_first, pair.by_second,
                                           pair.by_both, &pair.all);
    pair_insert(out, &pair);
}

static bool has_bait(const struct config_camera *camera)
{
    for (size_t z = 0; z < camera->zones; z++) {
        if (camera->zone[z].bait[0]) {
            return true;
        }
    }
    return false;
}

/* Persons by both; pages by the one, persons by the other. */
static void cameras_pair(const struct watching *watching,
                         const struct sensor *a, const struct sensor *b,
                         struct watched *out)
{
    struct sensor page_of_a = *a;
    struct sensor page_of_b = *b;
    page_of_a.is_page = page_of_b.is_page = true;
    pair_take(watching, a, b, out);
    if (has_bait(a->camera)) {
        pair_take(watching, &page_of_a, b, out);
    }
    if (has_bait(b->camera)) {
        pair_take(watching, &page_of_b, a, out);
    }
}

static struct sensor sensor_of(const struct watching *watching, size_t index)
{
    const struct config_camera *camera = &watching->config->camera[index];
    return (struct sensor){
        camera, incident_list_bit(&watching->incidents, camera->name), false};
}

static void pairs_give(const struct watching *watching, struct watched *out)
{
    const struct config *config = watching->config;
    for (size_t i = 0; i < config->cameras; i++) {
        struct sensor a = sensor_of(watching, i);
        for (size_t k = i + 1; k < config->cameras; k++) {
            struct sensor b = sensor_of(watching, k);
            if (a.bit && b.bit && !strcmp(a.camera->place, b.camera->place)) {
                cameras_pair(watching, &a, &b, out);
            }
        }
    }
}

enum sting_status watching_give(const struct watching *watching,
                                struct watched *out)
{
    *out = (struct watched){.walks = watching->walks,
                            .in_time = watching->in_time};
    enum sting_status status = bait_watch_give(watching->hours, &out->hours);
    if (!status) {
        pairs_give(watching, out);
    }
    return status;
}

void watched_release(struct watched *watched)
{
    bait_hours_list_release(&watched->hours);
    watched->pairs = 0;
}

static enum sting_status line_take(void *context, const struct line *line)
{
    return watching_take(context, line);
}

enum sting_status watched_read(int operation, const struct config *config,
                               struct watched *out, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct watching *watching STING_AUTO(watching_free) = NULL;
    enum sting_status status =
        ledger_reader_open_signed(operation, &reader, fault);
    status = status ? status : watching_new(config, &watching);
    status = status
                 ? status
                 : ledger_reader_follow(reader, SIZE_MAX, line_take, watching);
    status = status ? status : watching_give(watching, out);
    return status && !fault->why[0]
               ? fault_set(fault, status, "", "the ledger cannot be read")
               : status;
}

/* ---- what it rests on ---- */

const char *watched_doubt(const struct watched_pair *pair, size_t index,
                          char text[WATCHED_DOUBT_SIZE])
{
    static const char *const always[] = {
        "it holds only while the two fail apart from each other: who is hidden "
        "from one and so from the other makes more unseen than this",
        "and while every visit is as easy to see as the next: the short, the "
        "far and the dark ones make more unseen than this"};
    const struct {
        bool is_so;
        uint32_t count;
        const char *words;
    } row[] = {
        {pair->by_both < RECAPTURE_PLENTY, pair->by_both,
         "were seen by both: so few that the estimate leans low"},
        {pair->dim > 0, pair->dim,
         "came while a camera saw only who stood out: both go blind in the "
         "same dark"},
        {pair->unmarked > 0, pair->unmarked,
         "were marked by nobody: false alarms among them count as visits"}};
    size_t given = sizeof always / sizeof *always;
    if (index < given) {
        return always[index];
    }
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].is_so && given++ == index) {
            (void)snprintf(text, WATCHED_DOUBT_SIZE,
                           "%" PRIu32 " of %" PRIu32 " %s", row[i].count,
                           pair->visits, row[i].words);
            return text;
        }
    }
    return NULL;
}
