#include "anchor/anchors.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor/anchors_state.h"

#define S INT64_C(1000000)
#define DEFAULT_EVERY_US (600 * S)
#define SILENCE_US (20 * S) /* a worker that says nothing is replaced */

void anchors_free(struct anchors **anchors)
{
    if (*anchors) {
        client_stop(&(*anchors)->net);
        client_stop(&(*anchors)->check);
        for (size_t i = 0; i < (*anchors)->outsiders; i++) {
            buffer_release(&(*anchors)->outsider[i].note);
            buffer_release(&(*anchors)->outsider[i].answer);
        }
        secret_wipe(&(*anchors)->key);
    }
    free(*anchors);
    *anchors = NULL;
}

static void outsider_init(struct outsider *out,
                          const struct config_anchor *config, size_t number,
                          struct moment now)
{
    const struct {
        const struct outsider_kind *kind;
        const char *address;
    } row[] = {{&outsider_tsa, config->tsa},
               {&outsider_witness, config->witness},
               {&outsider_beacon, config->beacon}};
    *out = (struct outsider){.config = config,
                             .kind = &outsider_tsa,
                             .address = config->tsa,
                             .due_us = now.boot_us};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (row[i].address[0]) {
            out->kind = row[i].kind;
            out->address = row[i].address;
        }
    }
    snprintf(out->name, sizeof out->name, "%s-%zu", out->kind->name,
             number + 1);
}

enum sting_status anchors_new(const struct operation *operation,
                              struct core *core, struct moment now,
                              struct anchors **out, struct fault *fault)
{
    const struct config *config = operation_config(operation);
    struct anchors *anchors STING_AUTO(anchors_free) =
        calloc(1, sizeof *anchors);
    if (!anchors) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    anchors->operation = operation;
    anchors->core = core;
    anchors->net = CLIENT_OF(WORKER_NET);
    anchors->check = CLIENT_OF(WORKER_CHECK);
    enum sting_status status = queue_key(operation, &anchors->key, fault);
    for (size_t i = 0; i < config->anchors && !status; i++) {
        struct outsider *outsider = &anchors->outsider[anchors->outsiders++];
        outsider_init(outsider, &config->anchor[i], i, now);
        status = anchor_queue_get(anchors, outsider, fault);
    }
    if (!status) {
        status = anchor_queue_sweep(anchors, now, fault);
    }
    if (!status) {
        *out = anchors;
        anchors = NULL;
    }
    return status;
}

void anchors_fds(const struct anchors *anchors, int fd[ANCHORS_FDS])
{
    fd[0] = anchors ? anchors->net.worker.channel : -1;
    fd[1] = anchors ? anchors->check.worker.channel : -1;
}

const char *anchors_news(struct anchors *anchors)
{
    static char said[sizeof anchors->news[0]];
    if (anchors->told == 0) {
        return NULL;
    }
    memcpy(said, anchors->news[0], sizeof said);
    anchors->told--;
    memmove(anchors->news[0], anchors->news[1],
            anchors->told * sizeof anchors->news[0]);
    return said;
}

void anchors_say(struct anchors *anchors, const char *format, ...)
{
    char words[sizeof anchors->news[0]];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    if (anchors->told < ANCHORS_MOST_NEWS) {
        memcpy(anchors->news[anchors->told++], words, sizeof words);
    }
}

size_t anchors_waiting(const struct anchors *anchors)
{
    size_t count = 0;
    for (size_t i = 0; i < anchors->outsiders; i++) {
        count += anchors->outsider[i].step != OUTSIDER_RESTS;
    }
    return count;
}

size_t anchors_count(const struct anchors *anchors)
{
    return anchors->outsiders;
}

struct anchors_outsider anchors_outsider(const struct anchors *anchors,
                                         size_t index)
{
    const struct outsider *one = &anchors->outsider[index];
    struct anchors_outsider is = {.waits = one->step != OUTSIDER_RESTS,
                                  .good_us = one->good_us,
                                  .lines = one->anchored_size,
                                  .refused_us = one->refused_us,
                                  .refusals = one->refusals};
    memcpy(is.name, one->name, sizeof is.name);
    memcpy(is.why, one->why, sizeof is.why);
    return is;
}

const struct worker *anchors_asker(const struct anchors *anchors)
{
    return &anchors->net.worker;
}

const struct worker *anchors_judge(const struct anchors *anchors)
{
    return &anchors->check.worker;
}

struct bytes outsider_said(const struct outsider *outsider)
{
    return outsider->head.text;
}

enum sting_status anchors_pem_read(const struct anchors *anchors,
                                   const char *path, struct buffer *out,
                                   struct fault *fault)
{
    return path[0] ? operation_file_read(anchors->operation, path,
                                         ANCHOR_MOST_PEM, out, fault)
                   : STING_OK;
}

enum sting_status anchors_line(struct anchors *anchors,
                               const struct outsider *outsider,
                               struct moment now, const char *state,
                               const char *why, struct fault *fault)
{
    char size[24];
    char root[DIGEST_TEXT_SIZE];
    snprintf(size, sizeof size, "%llu",
             (unsigned long long)outsider->head.size);
    const struct line_field field[] = {
        {"type", outsider->kind->name},
        {"size", size},
        {"root", digest_text(outsider->head.root, root)},
        {"state", state},
        {"by", outsider->name},
        {"why", why && why[0] ? why : NULL},
    };
    return ledger_append(core_ledger(anchors->core), now, "anchor", field,
                         sizeof field / sizeof *field, NULL, fault);
}

void outsiders_due(struct anchors *anchors, enum outsider_step step)
{
    for (size_t i = 0; i < anchors->outsiders; i++) {
        if (anchors->outsider[i].step == step) {
            anchors->outsider[i].step = OUTSIDER_WAITS;
        }
    }
}

enum sting_status anchors_death(struct anchors *anchors,
                                const struct client *client, struct moment now,
                                const char *why, struct fault *fault)
{
    bool asks = client == &anchors->net;
    const struct line_field field[] = {{"name", worker_name(client->kind)},
                                       {"state", "died"},
                                       {"why", why},
                                       {"of", asks ? "outsiders" : "answers"}};
    outsiders_due(anchors, asks ? OUTSIDER_IS_ASKED : OUTSIDER_IS_JUDGED);
    return ledger_append(core_ledger(anchors->core), now, "worker", field,
                         sizeof field / sizeof *field, NULL, fault);
}

/* A worker that is silent for too long is replaced. */
static enum sting_status silence_check(struct anchors *anchors,
                                       struct moment now, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < anchors->outsiders && !status; i++) {
        const struct outsider *one = &anchors->outsider[i];
        bool is_late = now.boot_us - one->sent_us > SILENCE_US;
        struct client *silent = one->step == OUTSIDER_IS_ASKED ? &anchors->net
                                : one->step == OUTSIDER_IS_JUDGED
                                    ? &anchors->check
                                    : NULL;
        if (silent && is_late) {
            client_lost(silent, now);
            status = anchors_death(anchors, silent, now,
                                   "was silent and was replaced", fault);
        }
    }
    return status;
}

int64_t outsider_every_us(const struct outsider *outsider)
{
    int64_t every_us = outsider->config->every_us;
    return every_us ? every_us : DEFAULT_EVERY_US;
}

static enum sting_status outsider_tick(struct anchors *anchors,
                                       struct outsider *outsider,
                                       struct moment now, struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (outsider->due_us > now.boot_us) {
        return STING_OK;
    }
    if (outsider->step == OUTSIDER_RESTS) {
        outsider->due_us = now.boot_us + outsider_every_us(outsider);
        status = outsider_queue(anchors, outsider, now, fault);
    }
    if (!status && outsider->step == OUTSIDER_WAITS &&
        client_runs(&anchors->net, now)) {
        status = outsider_ask(anchors, outsider, now, fault);
    }
    return status;
}

enum sting_status anchors_tick(struct anchors *anchors, struct moment now,
                               struct fault *fault)
{
    enum sting_status status = answers_take(anchors, now, fault);
    status = status ? status : silence_check(anchors, now, fault);
    for (size_t i = 0; i < anchors->outsiders && !status; i++) {
        status = outsider_tick(anchors, &anchors->outsider[i], now, fault);
    }
    return status;
}

enum sting_status anchors_finish(struct anchors *anchors,
                                 struct moment (*now)(void), int timeout_ms,
                                 struct fault *fault)
{
    const int64_t until = now().boot_us + (int64_t)timeout_ms * 1000;
    for (size_t i = 0; i < anchors->outsiders; i++) {
        if (anchors->outsider[i].kind->judge) { /* a beacon sees nothing */
            anchors->outsider[i].due_us = 0;
        }
    }
    enum sting_status status = anchors_tick(anchors, now(), fault);
    while (!status && anchors_waiting(anchors) > 0 && now().boot_us < until) {
        int fd[ANCHORS_FDS];
        anchors_fds(anchors, fd);
        struct pollfd wait[ANCHORS_FDS] = {{.fd = fd[0], .events = POLLIN},
                                           {.fd = fd[1], .events = POLLIN}};
        (void)poll(wait, ANCHORS_FDS, 50);
        status = anchors_tick(anchors, now(), fault);
    }
    return status;
}
