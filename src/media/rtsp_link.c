#include "media/rtsp_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ASK_MS 100               /* whether to give up */
#define GATHER_US INT64_C(77000) /* to wake costs more than to read */
#define EARLY_US (GATHER_US / 2) /* after the last read */
#define GATHER_MOST_BYTES 32768  /* who sends more is not held up */
#define FRAME_HEAD 4             /* $, channel, length in two bytes */

static bool gives_up(const struct rtsp_link *l)
{
    const struct source_settings *s = l->settings;
    return s->give_up && s->give_up(s->context);
}

static enum sting_status wait_for(const struct rtsp_link *l, short event)
{
    struct pollfd ready = {l->fd, event, 0};
    while (!gives_up(l)) {
        int count = poll(&ready, 1, ASK_MS);
        if (count > 0) {
            return STING_OK;
        }
        if (count < 0 && errno != EINTR) {
            return STING_E_IO;
        }
    }
    return STING_E_BUSY;
}

/* rtsp://NUMBER[:PORT]/ as an address. */
static bool address_read(const char *url, struct sockaddr_storage *out,
                         socklen_t *size)
{
    char host[64] = "", port[8] = "554";
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    int used = 0;
    bool is_v6 = sscanf(url, "rtsp://[%63[0-9a-fA-F:.]]%n", host, &used) == 1;
    if (!is_v6 && sscanf(url, "rtsp://%63[0-9.]%n", host, &used) != 1) {
        return false;
    }
    if (used == 0 ||
        (url[used] == ':' && sscanf(url + used, ":%5[0-9]", port) != 1)) {
        return false;
    }
    uint16_t number = htons((uint16_t)strtol(port, NULL, 10));
    v4.sin_port = v6.sin6_port = number;
    memset(out, 0, sizeof *out);
    *size = is_v6 ? sizeof v6 : sizeof v4;
    if (is_v6 ? inet_pton(AF_INET6, host, &v6.sin6_addr) != 1
              : inet_pton(AF_INET, host, &v4.sin_addr) != 1) {
        return false;
    }
    memcpy(out, is_v6 ? (void *)&v6 : (void *)&v4, *size);
    return true;
}

/* What became of connect(): 0, or errno. */
static enum sting_status outcome_await(struct rtsp_link *l, int *error)
{
    socklen_t room = sizeof *error;
    enum sting_status status = wait_for(l, POLLOUT);
    if (!status && getsockopt(l->fd, SOL_SOCKET, SO_ERROR, error, &room) != 0) {
        *error = errno;
    }
    return status;
}

enum sting_status rtsp_link_open(const struct source_settings *settings,
                                 struct rtsp_link *out)
{
    struct sockaddr_storage address;
    socklen_t size;
    out->settings = settings;
    out->in = (struct bytes){out->room, 0};
    if (!address_read(settings->url, &address, &size)) {
        return STING_E_ARG;
    }
    out->fd = socket(address.ss_family,
                     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (out->fd < 0) {
        return STING_E_IO;
    }
    int error = 0;
    enum sting_status status = STING_OK;
    if (connect(out->fd, (const struct sockaddr *)&address, size) != 0) {
        error = errno;
        status = error == EINPROGRESS ? outcome_await(out, &error) : STING_OK;
    }
    errno = error;
    return status ? status : error ? STING_E_IO : STING_OK;
}

enum sting_status rtsp_link_send(struct rtsp_link *link, struct bytes out)
{
    while (out.size > 0) {
        ssize_t sent = send(link->fd, out.data, out.size, MSG_NOSIGNAL);
        if (sent > 0) {
            out = (struct bytes){out.data + sent, out.size - (size_t)sent};
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return STING_E_IO;
        }
        enum sting_status status = wait_for(link, POLLOUT);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

enum sting_status rtsp_link_packet_send(struct rtsp_link *link, long channel,
                                        struct bytes packet)
{
    uint8_t frame[FRAME_HEAD + 2048] = {'$', (uint8_t)channel,
                                        (uint8_t)(packet.size >> 8),
                                        (uint8_t)packet.size};
    if (packet.size > sizeof frame - FRAME_HEAD) {
        return STING_E_ARG;
    }
    memcpy(frame + FRAME_HEAD, packet.data, packet.size);
    return rtsp_link_send(link,
                          (struct bytes){frame, FRAME_HEAD + packet.size});
}

int64_t rtsp_link_now_us(const struct rtsp_link *link)
{
    const struct source_settings *s = link->settings;
    return s->now_us ? s->now_us(s->context) : 0;
}

/* While it plays, bytes come all the time: what comes soon after the last read
 * is let gather. A relay between, which does the same, hands on much at once,
 * and that is read at once. */
static enum sting_status more_await(struct rtsp_link *l)
{
    enum sting_status status = wait_for(l, POLLIN);
    int64_t since_us = rtsp_link_now_us(l) - l->read_us;
    bool is_little = l->last > 0 && l->last < GATHER_MOST_BYTES;
    if (!status && l->is_playing && is_little && l->read_us > 0 &&
        since_us < EARLY_US) {
        (void)poll(NULL, 0, (int)((GATHER_US - since_us) / 1000));
        status = gives_up(l) ? STING_E_BUSY : STING_OK;
    }
    return status;
}

/* Have more bytes in l->in. */
static enum sting_status fill(struct rtsp_link *l)
{
    if (l->in.size > 0) { /* before the first read there is no place of it */
        memmove(l->room, l->in.data, l->in.size);
    }
    l->in.data = l->room;
    size_t room = sizeof l->room - l->in.size;
    for (;;) {
        enum sting_status status = l->is_drained ? more_await(l) : STING_OK;
        if (status) {
            return status;
        }
        ssize_t got = recv(l->fd, l->room + l->in.size, room, 0);
        l->is_drained = got < (ssize_t)room;
        l->last = got;
        l->read_us = rtsp_link_now_us(l);
        if (got > 0) {
            l->in.size += (size_t)got;
            return STING_OK;
        }
        if (got == 0) {
            return STING_E_ABSENT;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return STING_E_IO;
        }
    }
}

static void take(struct rtsp_link *l, size_t bytes)
{
    l->in = (struct bytes){l->in.data + bytes, l->in.size - bytes};
}

static enum sting_status have(struct rtsp_link *l, size_t bytes)
{
    enum sting_status status = STING_OK;
    while (!status && l->in.size < bytes) {
        status = fill(l);
    }
    return status;
}

/* Skip what begins nothing: some cameras send a byte too many. */
static enum sting_status stray_skip(struct rtsp_link *l)
{
    enum sting_status status = have(l, 1);
    while (!status && l->in.data[0] != '$' &&
           (l->in.data[0] < 'A' || l->in.data[0] > 'Z')) {
        take(l, 1);
        status = have(l, 1);
    }
    return status;
}

static enum sting_status packet_have(struct rtsp_link *l,
                                     struct rtsp_piece *out)
{
    enum sting_status status = have(l, FRAME_HEAD);
    if (status) {
        return status;
    }
    size_t size = (size_t)l->in.data[2] << 8 | l->in.data[3];
    status = have(l, FRAME_HEAD + size);
    if (!status) {
        out->channel = l->in.data[1];
        out->packet = (struct bytes){l->in.data + FRAME_HEAD, size};
        take(l, FRAME_HEAD + size);
    }
    return status;
}

static enum sting_status message_have(struct rtsp_link *l,
                                      struct rtsp_piece *out)
{
    size_t used = 0;
    enum sting_status status;
    out->channel = -1;
    while ((status = rtsp_message_read(l->in, &out->message, &used)) ==
           STING_E_ABSENT) {
        status = fill(l);
        if (status) {
            return status;
        }
    }
    take(l, used);
    return status;
}

enum sting_status rtsp_link_next(struct rtsp_link *link, struct rtsp_piece *out)
{
    enum sting_status status = stray_skip(link);
    if (status) {
        return status;
    }
    return link->in.data[0] == '$' ? packet_have(link, out)
                                   : message_have(link, out);
}
