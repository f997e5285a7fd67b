/* A name looked up for the core. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "alert/net_state.h"

#define PATIENCE_MS 15000

struct name {
    struct errand errand; /* first */
    int64_t id;
    char *host, *port; /* owned */
    struct addrinfo *found;
    int failed;
};

static void name_free(struct name **name)
{
    if (*name) {
        free((*name)->host);
        free((*name)->port);
        if ((*name)->found) {
            freeaddrinfo((*name)->found);
        }
    }
    free(*name);
    *name = NULL;
}

static bool refuse(const struct net *net, int64_t id, const char *why)
{
    const struct wire_head answer = {.kind = WIRE_FAILED,
                                     .number = {STING_E_ABSENT, id}};
    struct bytes words = {(const uint8_t *)why, strlen(why) + 1};
    return wire_send(net->channel, answer, words) == STING_OK;
}

static void name_work(struct errand *errand)
{
    struct name *name = (struct name *)errand;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    name->failed = getaddrinfo(name->host, name->port, &wanted, &name->found);
}

static bool name_late(struct net *net, struct errand *errand)
{
    return refuse(net, ((struct name *)errand)->id, "no answer in time");
}

static bool name_end(struct net *net, struct errand *errand)
{
    struct name *name STING_AUTO(name_free) = (struct name *)errand;
    const struct wire_head answer = {.kind = WIRE_DONE, .number = {name->id}};
    if (errand->is_late) {
        return true;
    }
    if (name->failed) {
        return refuse(net, name->id, gai_strerror(name->failed));
    }
    return wire_send(net->channel, answer,
                     (struct bytes){(const uint8_t *)name->found->ai_addr,
                                    name->found->ai_addrlen}) == STING_OK;
}

bool net_name_start(struct net *net, const struct wire_head *head,
                    struct bytes payload)
{
    const char *host = net_text_take(&payload);
    const char *port = host ? net_text_take(&payload) : NULL;
    struct name *name STING_AUTO(name_free) = calloc(1, sizeof *name);
    if (!port || !name || !(name->host = strdup(host)) ||
        !(name->port = strdup(port))) {
        return refuse(net, head->number[0], gai_strerror(EAI_NONAME));
    }
    name->id = head->number[0];
    name->errand = (struct errand){.work = name_work,
                                   .end = name_end,
                                   .late = name_late,
                                   .until_ms = net_now_ms() + PATIENCE_MS};
    net_errand_send(net, &name->errand);
    name = NULL; /* name_end() frees it */
    return true;
}
