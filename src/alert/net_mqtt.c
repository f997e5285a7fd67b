/* Links to MQTT brokers: one a channel, held as long as the worker lives, so
 * that the broker itself says when a station is gone. The only file that knows
 * libmosquitto. Messages go with quality 1: at least once. */
#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "alert/net_state.h"
#include "crypt/digest.h"
#include "crypt/tls_client.h"

#define KEEPALIVE_S 30
#define MOST_JOBS 8
#define MOST_PARTS 8
#define HOST_SIZE 300
#define DELIVERED 200

/* One request: so many messages, of which so many are not yet confirmed. */
struct job {
    int64_t id;
    int64_t begun_ms;
    int64_t until_ms;
    struct buffer message; /* owned: topic NUL retained NUL payload NUL ... */
    int part[MOST_PARTS];  /* numbers that the broker confirms */
    int parts;
    int left;
    bool is_used;
};

struct mqtt_link {
    struct errand errand; /* connecting; first */
    bool is_away;         /* it is: nobody else may touch the client */
    int code;             /* what came of it */
    char host[HOST_SIZE];
    int port;
    struct net *net;        /* borrowed */
    struct digest settings; /* of login and authorities */
    struct mosquitto *client;
    void *tls;
    char address[HOST_SIZE];
    char will[160];   /* a topic: "online" while the link lives */
    int64_t greeting; /* negative id whose failure tells that it died; 0 */
    bool is_up;
    char broken[160]; /* why it is of no more use; "" */
    struct job job[MOST_JOBS];
};

static void link_break(struct mqtt_link *link, const char *why)
{
    if (!link->broken[0]) {
        (void)snprintf(link->broken, sizeof link->broken, "%s", why);
    }
}

static void job_end(struct mqtt_link *link, struct job *job, long status,
                    const char *why)
{
    (void)!net_result(link->net, job->id, status,
                      (long)(net_now_ms() - job->begun_ms), why);
    buffer_release(&job->message);
    *job = (struct job){0};
}

static void link_free(struct mqtt_link **link)
{
    if (*link) {
        for (int i = 0; i < MOST_JOBS; i++) {
            buffer_release(&(*link)->job[i].message);
        }
        if ((*link)->client) {
            mosquitto_destroy((*link)->client);
        }
        tls_client_free(&(*link)->tls);
    }
    free(*link);
    *link = NULL;
}

/* Hand all messages of a job to the library. */
static void job_publish(struct mqtt_link *link, struct job *job)
{
    struct bytes left = buffer_bytes(&job->message);
    while (left.size > 0 && job->parts < MOST_PARTS) {
        const char *topic = net_text_take(&left);
        const char *retained = topic ? net_text_take(&left) : NULL;
        const char *payload = retained ? net_text_take(&left) : NULL;
        if (!payload || mosquitto_publish(link->client, &job->part[job->parts],
                                          topic, (int)strlen(payload), payload,
                                          1, retained[0] == '1')) {
            job_end(link, job, 0, "the messages cannot be sent");
            return;
        }
        job->parts++;
    }
    job->left = job->parts;
}

static void on_connect(struct mosquitto *client, void *context, int code)
{
    struct mqtt_link *link = context;
    if (code) {
        link_break(link, mosquitto_connack_string(code));
        return;
    }
    link->is_up = true;
    (void)mosquitto_publish(client, NULL, link->will, 6, "online", 1, true);
    for (int i = 0; i < MOST_JOBS; i++) {
        if (link->job[i].is_used && link->job[i].parts == 0) {
            job_publish(link, &link->job[i]);
        }
    }
}

static void on_publish(struct mosquitto *client, void *context, int part)
{
    struct mqtt_link *link = context;
    (void)client;
    for (int i = 0; i < MOST_JOBS; i++) {
        struct job *job = &link->job[i];
        for (int k = 0; job->is_used && k < job->parts; k++) {
            if (job->part[k] == part && --job->left == 0) {
                job_end(link, job, DELIVERED, "");
            }
        }
    }
}

static void on_disconnect(struct mosquitto *client, void *context, int code)
{
    (void)client;
    (void)code;
    link_break(context, "the broker ended the connection");
}

/* scheme://HOST[:PORT] */
static bool host_split(const char *address, char host[HOST_SIZE], int *port,
                       bool *is_tls)
{
    *is_tls = !strncmp(address, "mqtts://", 8);
    const char *begin = strstr(address, "://");
    const char *end = begin ? strrchr(begin + 3, ':') : NULL;
    size_t length = !begin ? 0
                    : end  ? (size_t)(end - begin - 3)
                           : strlen(begin + 3);
    if (length == 0 || length >= HOST_SIZE) {
        return false;
    }
    memcpy(host, begin + 3, length);
    host[length] = '\0';
    *port = end ? (int)strtol(end + 1, NULL, 10) : *is_tls ? 8883 : 1883;
    return *port > 0 && *port < 65536;
}

enum { ADDRESS, USER, PASSWORD, AUTHORITIES, WILL, TEXTS };

/* In a thread: the name of a broker may take its time. */
static void connect_work(struct errand *errand)
{
    struct mqtt_link *link = (struct mqtt_link *)errand;
    link->code = mosquitto_connect_async(link->client, link->host, link->port,
                                         KEEPALIVE_S);
}

static bool connect_end(struct net *net, struct errand *errand)
{
    struct mqtt_link *link = (struct mqtt_link *)errand;
    (void)net;
    link->is_away = false;
    if (link->code != MOSQ_ERR_SUCCESS && link->code != MOSQ_ERR_CONN_PENDING) {
        link_break(link, link->code == MOSQ_ERR_EAI
                             ? "the host's name is not known"
                             : "no connection to the broker");
    }
    return true;
}

/* Tell the library all that it is to know, and have it connect. */
static const char *link_connect(struct mqtt_link *link,
                                const char *const text[TEXTS])
{
    bool is_tls = false;
    if (!link->client ||
        !host_split(text[ADDRESS], link->host, &link->port, &is_tls)) {
        return "the address is no good";
    }
    if (is_tls &&
        (tls_client_new(text[AUTHORITIES], link->host, &link->tls) ||
         mosquitto_int_option(link->client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS,
                              0) ||
         mosquitto_void_option(link->client, MOSQ_OPT_SSL_CTX, link->tls))) {
        return "no authority can be trusted";
    }
    mosquitto_connect_callback_set(link->client, on_connect);
    mosquitto_publish_callback_set(link->client, on_publish);
    mosquitto_disconnect_callback_set(link->client, on_disconnect);
    (void)mosquitto_int_option(link->client, MOSQ_OPT_TCP_NODELAY, 1);
    if ((text[USER][0] &&
         mosquitto_username_pw_set(link->client, text[USER], text[PASSWORD])) ||
        mosquitto_will_set(link->client, text[WILL], 7, "offline", 1, true)) {
        return "the settings are refused";
    }
    link->errand = (struct errand){.work = connect_work, .end = connect_end};
    link->is_away = true;
    net_errand_send(link->net, &link->errand);
    return "";
}

/* What a link was made with: another login wants another link. */
static struct digest settings_of(const char *const text[TEXTS])
{
    struct buffer all STING_AUTO(buffer_wipe) = {0};
    for (int i = USER; i <= AUTHORITIES; i++) {
        struct bytes part = {(const uint8_t *)text[i], strlen(text[i]) + 1};
        if (buffer_append(&all, part)) {
            return (struct digest){{0}};
        }
    }
    return digest_of(buffer_bytes(&all));
}

static struct mqtt_link *link_find(const struct net *net,
                                   const char *const text[TEXTS])
{
    for (int i = 0; i < NET_MOST_LINKS; i++) {
        struct mqtt_link *link = net->link[i];
        if (link && !link->broken[0] && !strcmp(link->address, text[ADDRESS]) &&
            !strcmp(link->will, text[WILL])) {
            return link;
        }
    }
    return NULL;
}

/* It is of another login: leave, so that the broker tells no end of us. */
static void link_leave(struct mqtt_link *link)
{
    link->greeting = 0;
    if (!link->is_away) {
        (void)mosquitto_disconnect(link->client);
    }
    link_break(link, "the settings have changed");
}

/* A new link in a free place; NULL when there is none. */
static struct mqtt_link *link_new(struct net *net,
                                  const char *const text[TEXTS])
{
    int at = 0;
    while (at < NET_MOST_LINKS && net->link[at]) {
        at++;
    }
    struct mqtt_link *link =
        at < NET_MOST_LINKS ? calloc(1, sizeof *link) : NULL;
    if (!link) {
        return NULL;
    }
    (void)mosquitto_lib_init(); /* again: does nothing */
    link->net = net;
    (void)snprintf(link->address, sizeof link->address, "%s", text[ADDRESS]);
    (void)snprintf(link->will, sizeof link->will, "%s", text[WILL]);
    link->settings = settings_of(text);
    link->client = mosquitto_new(NULL, true, link);
    net->link[at] = link;
    const char *why = link_connect(link, text);
    if (why[0]) {
        link_break(link, why);
    }
    return link;
}

static bool job_add(struct mqtt_link *link, const struct wire_head *head,
                    struct bytes message)
{
    int at = 0;
    while (at < MOST_JOBS && link->job[at].is_used) {
        at++;
    }
    if (at == MOST_JOBS) {
        return false;
    }
    struct job *job = &link->job[at];
    *job = (struct job){.id = head->number[0],
                        .begun_ms = net_now_ms(),
                        .until_ms = net_now_ms() + head->number[1],
                        .is_used = true};
    if (buffer_append(&job->message, message)) {
        *job = (struct job){0};
        return false;
    }
    link->greeting = job->id < 0 ? job->id : link->greeting;
    if (link->is_up) {
        job_publish(link, job);
    }
    return true;
}

bool net_mqtt_start(struct net *net, const struct wire_head *head,
                    struct bytes payload)
{
    const char *text[TEXTS] = {NULL};
    for (int i = 0; i < TEXTS && (i == 0 || text[i - 1]); i++) {
        text[i] = net_text_take(&payload);
    }
    if (!text[WILL]) {
        return net_result(net, head->number[0], 0, 0, "malformed request");
    }
    struct mqtt_link *link = link_find(net, text);
    const struct digest settings = settings_of(text);
    if (link && memcmp(&link->settings, &settings, sizeof settings) != 0) {
        link_leave(link);
        link = NULL;
    }
    if (!link) {
        link = link_new(net, text);
    }
    return (link && job_add(link, head, payload)) ||
           net_result(net, head->number[0], 0, 0, "too much at once");
}

static bool is_connecting(int fd)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    return getpeername(fd, (struct sockaddr *)&peer, &size) != 0;
}

size_t net_mqtt_wait(const struct net *net, struct curl_waitfd *wait)
{
    size_t count = 0;
    for (int i = 0; i < NET_MOST_LINKS; i++) {
        const struct mqtt_link *link = net->link[i];
        int fd = link && !link->is_away && link->client
                     ? mosquitto_socket(link->client)
                     : -1;
        if (fd >= 0) {
            bool writes =
                is_connecting(fd) || mosquitto_want_write(link->client);
            wait[count++] = (struct curl_waitfd){
                .fd = fd,
                .events = writes ? CURL_WAIT_POLLIN | CURL_WAIT_POLLOUT
                                 : CURL_WAIT_POLLIN};
        }
    }
    return count;
}

/* Answer for all that a broken link was to do, and forget it. */
static void link_end(struct net *net, int at)
{
    struct mqtt_link *link = net->link[at];
    bool has_greeted = false;
    for (int i = 0; i < MOST_JOBS; i++) {
        if (link->job[i].is_used) {
            has_greeted |= link->job[i].id == link->greeting;
            job_end(link, &link->job[i], 0, link->broken);
        }
    }
    if (link->greeting && !has_greeted) {
        (void)!net_result(net, link->greeting, 0, 0, link->broken);
    }
    link_free(&net->link[at]);
}

/* What the socket is ready for. */
static int link_go_on(const struct mqtt_link *link)
{
    struct pollfd ready = {mosquitto_socket(link->client), POLLIN | POLLOUT, 0};
    int code = MOSQ_ERR_SUCCESS;
    if (poll(&ready, 1, 0) < 0) {
        return MOSQ_ERR_ERRNO;
    }
    if (ready.revents & POLLOUT) {
        code = mosquitto_loop_write(link->client, 1);
    }
    if (!code && (ready.revents & (POLLIN | POLLERR | POLLHUP))) {
        code = mosquitto_loop_read(link->client, 1);
    }
    return code ? code : mosquitto_loop_misc(link->client);
}

static void link_serve(struct mqtt_link *link)
{
    if (link_go_on(link)) {
        link_break(link, link->is_up ? "the connection to the broker broke"
                                     : "no connection to the broker");
    }
    for (int i = 0; i < MOST_JOBS; i++) {
        if (link->job[i].is_used && link->job[i].until_ms < net_now_ms()) {
            link_break(link, "the broker does not answer");
        }
    }
}

/* Its thread goes on; who waits is answered in time. */
static void link_wait(struct mqtt_link *link)
{
    for (int i = 0; i < MOST_JOBS; i++) {
        struct job *job = &link->job[i];
        if (job->is_used && (link->broken[0] || job->until_ms < net_now_ms())) {
            job_end(link, job, 0,
                    link->broken[0] ? link->broken
                                    : "the host's name is not found in time");
        }
    }
}

bool net_mqtt_serve(struct net *net)
{
    for (int i = 0; i < NET_MOST_LINKS; i++) {
        struct mqtt_link *link = net->link[i];
        if (link && link->is_away) {
            link_wait(link);
            continue;
        }
        if (link && !link->broken[0]) {
            link_serve(link);
        }
        if (link && link->broken[0]) {
            link_end(net, i);
        }
    }
    return true;
}

void net_mqtt_free(struct net *net)
{
    for (int i = 0; i < NET_MOST_LINKS; i++) {
        if (net->link[i] && !net->link[i]->is_away) {
            link_free(&net->link[i]);
        }
    }
}
