/* Syslog (RFC 5424) by UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425). By
 * UDP nobody answers: sent is all that can be said. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "alert/net_state.h"

#define HOST_SIZE 300
#define SENT 200

/* "HOST:PORT" or "HOST" into its parts; an IPv6 address stands in []. */
static bool host_split(const char *text, char host[HOST_SIZE],
                       const char **port)
{
    bool is_bracketed = text[0] == '[';
    const char *begin = text + is_bracketed;
    const char *end = strpbrk(begin, is_bracketed ? "]" : ":");
    size_t length = end ? (size_t)(end - begin) : strlen(begin);
    if (length == 0 || length >= HOST_SIZE) {
        return false;
    }
    memcpy(host, begin, length);
    host[length] = '\0';
    end = end && is_bracketed ? end + 1 : end;
    *port = end && *end == ':' ? end + 1 : "514";
    return true;
}

/* One message by UDP: the name may take its time. */
struct datagram {
    struct errand errand; /* first */
    int64_t id;
    char *to; /* owned */
    struct buffer message;
    const char *why; /* "" it was sent */
};

static void datagram_free(struct datagram **datagram)
{
    if (*datagram) {
        free((*datagram)->to);
        buffer_release(&(*datagram)->message);
    }
    free(*datagram);
    *datagram = NULL;
}

static const char *datagram_send(const char *to, struct bytes message)
{
    char host[HOST_SIZE];
    const char *port = NULL;
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = {.ai_socktype = SOCK_DGRAM};
    if (!host_split(to, host, &port)) {
        return "the address is no good";
    }
    int failed = getaddrinfo(host, port, &wanted, &found);
    if (failed) {
        return gai_strerror(failed);
    }
    int fd STING_AUTO(fd_close) =
        socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_sent = fd >= 0 &&
                   connect(fd, found->ai_addr, found->ai_addrlen) == 0 &&
                   send(fd, message.data, message.size, MSG_NOSIGNAL) ==
                       (ssize_t)message.size;
    freeaddrinfo(found);
    return is_sent ? "" : "the datagram could not be sent";
}

static void datagram_work(struct errand *errand)
{
    struct datagram *datagram = (struct datagram *)errand;
    datagram->why =
        datagram_send(datagram->to, buffer_bytes(&datagram->message));
}

static bool datagram_late(struct net *net, struct errand *errand)
{
    const struct datagram *datagram = (const struct datagram *)errand;
    return net_result(net, datagram->id, 0, 0,
                      "the host's name is not found in time");
}

static bool datagram_end(struct net *net, struct errand *errand)
{
    struct datagram *datagram STING_AUTO(datagram_free) =
        (struct datagram *)errand;
    return errand->is_late ||
           net_result(net, datagram->id, datagram->why[0] ? 0 : SENT, 0,
                      datagram->why);
}

static bool datagram_start(struct net *net, const struct wire_head *head,
                           const char *to, struct bytes message)
{
    struct datagram *datagram STING_AUTO(datagram_free) =
        calloc(1, sizeof *datagram);
    if (!datagram || !(datagram->to = strdup(to)) ||
        buffer_append(&datagram->message, message)) {
        return net_result(net, head->number[0], 0, 0, "out of memory");
    }
    datagram->id = head->number[0];
    datagram->errand =
        (struct errand){.work = datagram_work,
                        .end = datagram_end,
                        .late = datagram_late,
                        .until_ms = net_now_ms() + head->number[1]};
    net_errand_send(net, &datagram->errand);
    datagram = NULL; /* datagram_end() frees it */
    return true;
}

/* Only a few hundred bytes on a new connection: they fit its buffer. */
const char *net_stream_send(struct post *post)
{
    size_t sent = 0;
    CURLcode code =
        curl_easy_send(post->handle, post->body.data, post->body.size, &sent);
    return code                      ? curl_easy_strerror(code)
           : sent == post->body.size ? ""
                                     : "it was not taken whole";
}

/* Connected by libcurl, over TLS or not; then the message with its length. */
static bool stream_start(const struct net *net, const struct wire_head *head,
                         const char *to, const char *authorities,
                         struct bytes message)
{
    char address[HOST_SIZE + 20];
    bool is_tls = !strncmp(to, "tls://", 6);
    struct post *post STING_AUTO(post_free) = calloc(1, sizeof *post);
    int used = snprintf(address, sizeof address, "http%s://%s",
                        is_tls ? "s" : "", to + 6);
    if (!post || used >= (int)sizeof address ||
        buffer_printf(&post->body, "%zu ", message.size) ||
        buffer_append(&post->body, message)) {
        return net_result(net, head->number[0], 0, 0, "it is too long");
    }
    post->id = head->number[0];
    post->is_stream = true;
    post->handle = curl_easy_init();
    bool is_prepared =
        post_limit(post, address, "http,https", (long)head->number[1]) &&
        post_trust(post, authorities) &&
        !curl_easy_setopt(post->handle, CURLOPT_CONNECT_ONLY, 1L) &&
        !curl_easy_setopt(post->handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
    return post_begin(net, &post, is_prepared);
}

bool net_syslog_start(struct net *net, const struct wire_head *head,
                      struct bytes payload)
{
    const char *to = net_text_take(&payload);
    const char *authorities = to ? net_text_take(&payload) : NULL;
    if (!authorities || strlen(to) < 7) {
        return net_result(net, head->number[0], 0, 0, "malformed request");
    }
    if (strncmp(to, "udp://", 6) != 0) {
        return stream_start(net, head, to, authorities, payload);
    }
    return datagram_start(net, head, to + 6, payload);
}
