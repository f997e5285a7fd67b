#include "operation/chronicle_event.h"

#include <stdio.h>
#include <string.h>

#include "crypt/digest.h"

/* What of a line of that kind is kept, by its keys. */
static const struct chronicle_kind {
    const char *what;
    const char *word, *incident, *from, *to, *text;
} kinds[] = {
    {"incident", "kind", "n", "start", "end", "who"},
    {"page", "state", "incident", "since", NULL, NULL},
    {"alert", "state", "incident", NULL, NULL, "channel"},
    {"ack", "false", "incident", NULL, NULL, "via"},
    {"go", "state", "incident", NULL, NULL, "who"},
    {"note", "type", "incident", NULL, NULL, NULL},
    {"gap", "cause", NULL, "from", "to", "why"},
    {"rest", NULL, NULL, "from", "to", NULL},
    {"erase", "what", NULL, NULL, NULL, "date"},
    {"trace", NULL, NULL, NULL, NULL, NULL},
    {"unlock", "state", NULL, NULL, NULL, "command"},
    {"custody", "state", NULL, NULL, NULL, "item"},
    {"export", "state", NULL, NULL, NULL, "exhibit"},
    {"dossier", NULL, NULL, NULL, NULL, NULL},
    {"release", NULL, "incident", NULL, NULL, NULL},
    {"session", NULL, NULL, NULL, NULL, "version"},
    {"stop", NULL, NULL, NULL, NULL, "why"},
};

const struct chronicle_kind *chronicle_kind_of(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!strcmp(kind, kinds[i].what)) {
            return &kinds[i];
        }
    }
    return NULL;
}

const char *chronicle_kind_name(const struct chronicle_kind *kind)
{
    return kind->what;
}

static void text_take(const struct line *line, const char *key, char *out,
                      size_t size)
{
    if (key && line_has(line, key)) {
        line_text(line, key, out, size);
    }
}

static void time_take(const struct line *line, const char *key, int64_t *out)
{
    int64_t us = 0;
    if (key && !line_time(line, key, &us)) {
        *out = us;
    }
}

static void number_take(const struct line *line, const char *key, uint32_t *out)
{
    int64_t number = 0;
    if (key && !line_integer(line, key, &number) && number > 0 &&
        number <= UINT32_MAX) {
        *out = (uint32_t)number;
    }
}

/* A trace is told by the best that it found. */
static void trace_word(const struct line *line, char out[CHRONICLE_WORD_SIZE])
{
    static const char *const key[] = {"attributed", "lead", "none"};
    for (size_t i = 0; i < sizeof key / sizeof *key && !out[0]; i++) {
        uint32_t number = 0;
        number_take(line, key[i], &number);
        if (number) {
            (void)snprintf(out, CHRONICLE_WORD_SIZE, "%s", key[i]);
        }
    }
    if (!out[0]) {
        (void)snprintf(out, CHRONICLE_WORD_SIZE, "no-page");
    }
}

bool chronicle_kind_tells(const struct chronicle_kind *kind,
                          const struct line *line)
{
    struct digest found;
    return strcmp(kind->what, "trace") ||
           line_hex(line, "pt", found.byte, DIGEST_SIZE) ||
           !digest_equal(found, digest_of((struct bytes){NULL, 0}));
}

void chronicle_event_take(struct chronicle_event *event,
                          const struct chronicle_kind *kind,
                          const struct line *line)
{
    text_take(line, kind->word, event->word, sizeof event->word);
    text_take(line, kind->text, event->text, sizeof event->text);
    text_take(line, "tier", event->tier, sizeof event->tier);
    text_take(line, "camera", event->camera, sizeof event->camera);
    text_take(line, "zone", event->zone, sizeof event->zone);
    text_take(line, "bait", event->bait, sizeof event->bait);
    text_take(line, "by", event->by, sizeof event->by);
    time_take(line, kind->from, &event->from_us);
    time_take(line, kind->to, &event->to_us);
    event->is_cut = event->is_cut && !event->to_us;
    number_take(line, kind->incident, &event->incident);
    number_take(line, "copy", &event->copy);
    number_take(line, "count", &event->count);
    time_take(line, "team", &event->team_us);
    event->is_cut = event->is_cut || line_has(line, "unseen");
    if (!strcmp(kind->what, "trace")) {
        trace_word(line, event->word);
    }
}

static void first_take(int64_t *at_us, const struct chronicle_event *event)
{
    *at_us = *at_us ? *at_us : event->at_us;
}

/* What people say of an incident stands with it too. */
static void ack_take(struct chronicle_event *incident,
                     const struct chronicle_event *ack)
{
    (void)snprintf(incident->mark, sizeof incident->mark, "%s",
                   ack->word[0] ? ack->word : "seen");
    first_take(&incident->ack_us, ack);
}

static void alert_take(struct chronicle_event *incident,
                       const struct chronicle_event *alert)
{
    if (!strcmp(alert->word, "shown")) {
        first_take(&incident->shown_us, alert);
    } else if (!strcmp(alert->word, "delivered")) {
        first_take(&incident->delivered_us, alert);
    }
}

static void go_take(struct chronicle_event *incident,
                    const struct chronicle_event *go)
{
    if (!strcmp(go->word, "in") && !incident->team_us) {
        incident->team_us = go->at_us;
        memcpy(incident->text, go->text, sizeof incident->text);
    }
}

void chronicle_event_answer(struct chronicle_event *incident,
                            const struct chronicle_event *event)
{
    static const struct {
        const char *what;
        void (*take)(struct chronicle_event *incident,
                     const struct chronicle_event *event);
    } by[] = {{"ack", ack_take}, {"alert", alert_take}, {"go", go_take}};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        if (!strcmp(event->what, by[i].what)) {
            by[i].take(incident, event);
        }
    }
}

bool chronicle_is_in(const struct chronicle_event *event,
                     struct chronicle_span stretch)
{
    int64_t from_us = event->from_us ? event->from_us : event->at_us;
    int64_t to_us = event->to_us > from_us ? event->to_us : from_us;
    return from_us < stretch.to_us && to_us >= stretch.from_us;
}
