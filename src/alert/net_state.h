/*
 * net_state: what the parts of the net worker share. One process, one thread.
 *
 * net_worker owns the loop and HTTP, net_mail and net_syslog what else libcurl
 * carries, net_mqtt the links to brokers, net_errand what has to wait for a
 * name: nothing else here may wait for anything.
 */
#ifndef STING_ALERT_NET_STATE_H
#define STING_ALERT_NET_STATE_H

#include <curl/curl.h>
#include <stdatomic.h>

#include "wire/wire.h"

#define NET_MOST_LINKS 16

struct mqtt_link;
struct errand;

struct net {
    int channel;
    CURLM *multi;
    struct errand *errand; /* borrowed of those who sent them: a list */
    struct mqtt_link *link[NET_MOST_LINKS]; /* owned; NULL: free */
};

/* One message on its way through libcurl. */
struct post {
    int64_t id;
    CURL *handle;
    struct curl_slist *header; /* of HTTP; recipients of mail */
    struct buffer body;
    size_t sent; /* of the body, where libcurl asks for it */
    size_t answer_bytes;
    bool is_fetch;        /* the answer is wanted too */
    bool is_stream;       /* only connected by libcurl; the body goes then */
    struct buffer answer; /* of a fetch */
    char why[CURL_ERROR_SIZE];
};
void post_free(struct post **post);

/* The text at the front of *from, up to its NUL; NULL when there is none. */
const char *net_text_take(struct bytes *from);

/* Answer with WIRE_NET_RESULT; status 2xx: delivered. False: the core is
 * gone. */
bool net_result(const struct net *net, int64_t id, long status, long ms,
                const char *why);

/* What every kind of message is held to: no signal, no proxy, times. */
bool post_limit(struct post *post, const char *address, const char *protocols,
                long timeout_ms);
/* Trust these authorities and no others; "" leaves the system's. */
bool post_trust(const struct post *post, const char *authorities);
/* Begin, and take *post over; else answer that it cannot be. */
bool post_begin(const struct net *net, struct post **post, bool is_prepared);

/* One request each; false when the worker should end. */
bool net_mail_start(struct net *net, const struct wire_head *head,
                    struct bytes payload);
bool net_syslog_start(struct net *net, const struct wire_head *head,
                      struct bytes payload);
bool net_probe_start(struct net *net, const struct wire_head *head,
                     struct bytes payload);
bool net_mqtt_start(struct net *net, const struct wire_head *head,
                    struct bytes payload);

/* What a connected stream is for: send it. "" or why it could not be. */
const char *net_stream_send(struct post *post);

/* Something that may take long, done in a thread of its own. `work` touches
 * nothing but its errand; `end` is called in the loop once it is done and may
 * free it, `late` (may be NULL) once before when until_ms is past: false when
 * the core is gone. At most NET_MOST_THREADS at once, others wait. */
#define NET_MOST_THREADS 16
struct errand {
    void (*work)(struct errand *errand);
    bool (*end)(struct net *net, struct errand *errand);
    bool (*late)(struct net *net, struct errand *errand);
    int64_t until_ms; /* boot time */
    bool is_late;
    /* net_errand's own */
    struct net *net;
    struct errand *next;
    bool has_begun;
    atomic_bool is_done;
};
void net_errand_send(struct net *net, struct errand *errand);
bool net_errands_serve(struct net *net);
int64_t net_now_ms(void); /* boot time */

/* Look up a name; the answer is a message. */
bool net_name_start(struct net *net, const struct wire_head *head,
                    struct bytes payload);

/* Descriptors of links, for curl_multi_poll(); then what became of them. */
size_t net_mqtt_wait(const struct net *net, struct curl_waitfd *wait);
bool net_mqtt_serve(struct net *net);
void net_mqtt_free(struct net *net);

#endif
