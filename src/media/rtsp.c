#include "media/rtsp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/login.h"
#include "media/rtsp_link.h"

#define MOST_DROPPED 10000 /* packets while an answer is awaited */
/* Where the camera does not say. RFC 2326 has 60, and some end it after 14; to
 * say a word each 5 s costs nothing. */
#define UNTOLD_SESSION_S 10
#define LEAST_SESSION_S 2

struct rtsp {
    struct rtsp_link link;
    uint32_t cseq;
    struct login login;
    char base[RTSP_MOST_URL];  /* what is played */
    char video[RTSP_MOST_URL]; /* and the part of it that is set up */
    char session[256];
    long channel;           /* RTP; the next is RTCP */
    int64_t alive_us;       /* how often a word is due */
    int64_t asked_us;       /* when the last was said */
    bool has_parameter;     /* it knows GET_PARAMETER */
    bool said_again;        /* the last word, to another challenge */
    struct rtp_clock clock; /* its own */
};

/* ---- words ---- */

static enum sting_status ask(struct rtsp *r, const char *method,
                             const char *url, const char *more)
{
    const struct source_settings *s = r->link.settings;
    struct buffer out STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = buffer_printf(
        &out, "%s %s RTSP/1.0\r\nCSeq: %u\r\n%s", method, url, ++r->cseq, more);
    if (!status && r->session[0]) {
        status = buffer_printf(&out, "Session: %s\r\n", r->session);
    }
    if (!status && s->user) {
        status =
            login_answer(&r->login, s->user, s->password ? s->password : "",
                         method, url, &out);
    }
    status =
        status ? status : buffer_text_append(&out, "User-Agent: sting\r\n\r\n");
    r->asked_us = rtsp_link_now_us(&r->link);
    return status ? status : rtsp_link_send(&r->link, buffer_bytes(&out));
}

static enum sting_status word_say(struct rtsp *r)
{
    return ask(r, r->has_parameter ? "GET_PARAMETER" : "OPTIONS", r->base, "");
}

/* A word is due long before the camera thinks that nobody is there; the time of
 * the last read will do. */
static enum sting_status keep_alive(struct rtsp *r)
{
    if (!r->link.is_playing || r->link.read_us - r->asked_us < r->alive_us) {
        return STING_OK;
    }
    r->said_again = false;
    return word_say(r);
}

/* The camera asks something of its own. */
static enum sting_status reply(struct rtsp *r, uint32_t cseq)
{
    char out[64];
    int size =
        snprintf(out, sizeof out, "RTSP/1.0 200 OK\r\nCSeq: %u\r\n\r\n", cseq);
    return rtsp_link_send(&r->link,
                          (struct bytes){(const uint8_t *)out, (size_t)size});
}

/* The answer to what was asked last, whatever number it bears: some cameras
 * count for themselves. Borrowed until more is read. Pictures that come before
 * it are let go. */
static enum sting_status answer_await(struct rtsp *r, struct rtsp_message *out)
{
    for (int dropped = 0; dropped < MOST_DROPPED; dropped++) {
        struct rtsp_piece piece;
        enum sting_status status = rtsp_link_next(&r->link, &piece);
        bool is_message = !status && piece.channel < 0;
        if (is_message && piece.message.code == 0) {
            status = reply(r, piece.message.cseq);
        } else if (is_message) {
            *out = piece.message;
            return STING_OK;
        }
        if (status) {
            return status;
        }
    }
    return STING_E_FORMAT;
}

/* Whether this asks for user and password in a way that we have not answered
 * yet; then r->login is that. */
static bool challenged(struct rtsp *r, const struct rtsp_message *answer)
{
    struct bytes head = answer->head, value;
    struct login before = r->login;
    bool is_new = false;
    if (answer->code != 401 || !r->link.settings->user) {
        return false;
    }
    r->login = (struct login){.kind = LOGIN_NONE};
    while (rtsp_header_next(&head, "WWW-Authenticate", &value)) {
        is_new |= login_challenge(&r->login, value);
    }
    /* Asked the same again, we were wrong; a new nonce is another question. */
    is_new = is_new && (before.kind != r->login.kind ||
                        strcmp(before.nonce, r->login.nonce) != 0);
    r->login = is_new ? r->login : before;
    return is_new;
}

/* What comes while it plays: a question of the camera's own, or the answer to
 * our word. Where that is another challenge, because a nonce is good for a
 * while only, the word is said again at once, but once: it may ask that each
 * time. */
static enum sting_status message_hear(struct rtsp *r,
                                      const struct rtsp_message *message)
{
    if (message->code == 0) {
        return reply(r, message->cseq);
    }
    if (!challenged(r, message) || r->said_again) {
        return STING_OK;
    }
    r->said_again = true;
    return word_say(r);
}

static enum sting_status refused(const struct rtsp_message *answer,
                                 struct fault *fault)
{
    if (answer->code == 401 || answer->code == 403) {
        return fault_set(fault, STING_E_FORGED,
                         "check user and password_file of this camera",
                         "the camera refuses us");
    }
    if (answer->code == 461) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "switch on RTP over RTSP (TCP) in the camera",
                         "the camera offers no RTP over TCP, only UDP");
    }
    if (answer->code >= 300 && answer->code < 400) {
        return fault_set(fault, STING_E_UNSUPPORTED, "give that url",
                         "the camera sends us to another address");
    }
    return fault_set(fault, STING_E_IO, "check the url",
                     "the camera cannot be reached: it answers with %d",
                     answer->code);
}

static enum sting_status broken(enum sting_status status, struct fault *fault)
{
    static const char no_rtsp[] = "the camera cannot be reached: what answers "
                                  "does not speak RTSP";
    const char *why = status == STING_E_BUSY     ? "it did not answer in time"
                      : status == STING_E_ABSENT ? "the camera hung up"
                      : status == STING_E_IO ? "the camera cannot be reached"
                                             : no_rtsp;
    status = status == STING_E_ABSENT ? STING_E_IO : status;
    return fault_set(fault, status, "check the url", "%s", why);
}

/* Ask, and again with user and password where these are wanted. */
static enum sting_status question(struct rtsp *r, const char *method,
                                  const char *url, const char *more,
                                  struct rtsp_message *out, struct fault *fault)
{
    for (int tries = 0; tries < 3; tries++) {
        enum sting_status status = ask(r, method, url, more);
        status = status ? status : answer_await(r, out);
        if (status) {
            return broken(status, fault);
        }
        if (out->code >= 200 && out->code < 300) {
            return STING_OK;
        }
        if (!challenged(r, out)) {
            break;
        }
    }
    return refused(out, fault);
}

/* ---- the dialogue ---- */

/* A value up to the first of the bytes that end it. */
static void text_keep(struct bytes value, const char *ends, char *out,
                      size_t room)
{
    size_t size = value.size < room ? value.size : room - 1;
    memcpy(out, value.data, size);
    out[size] = '\0';
    out[strcspn(out, ends)] = '\0';
}

static enum sting_status options(struct rtsp *r, struct fault *fault)
{
    struct rtsp_message answer;
    struct bytes value;
    enum sting_status status = ask(r, "OPTIONS", r->link.settings->url, "");
    status = status ? status : answer_await(r, &answer);
    if (status) {
        return broken(status, fault);
    }
    while (rtsp_header_next(&answer.head, "Public", &value)) {
        r->has_parameter |=
            memmem(value.data, value.size, "GET_PARAMETER", 13) != NULL;
    }
    return STING_OK; /* whatever it said: not all know the question */
}

static enum sting_status describe(struct rtsp *r, struct buffer *sdp,
                                  struct fault *fault)
{
    struct rtsp_message answer = {0};
    struct bytes value = {NULL, 0}, head;
    char base[RTSP_MOST_URL], control[RTSP_MOST_URL], whole[RTSP_MOST_URL];
    enum sting_status status =
        question(r, "DESCRIBE", r->link.settings->url,
                 "Accept: application/sdp\r\n", &answer, fault);
    if (status) {
        return status;
    }
    snprintf(base, sizeof base, "%s", r->link.settings->url);
    head = answer.head;
    if (rtsp_header_next(&head, "Content-Base", &value) && value.size > 0) {
        text_keep(value, " \t\r\n", base, sizeof base);
    }
    status = rtsp_sdp_video(answer.body, sdp, control, whole);
    if (status == STING_E_ABSENT) {
        return fault_set(fault, status, "", "there is no video in it");
    }
    if (!status) {
        status = rtsp_url_join(base, control, r->video);
    }
    if (!status) { /* what is not a whole url says no more than the base */
        bool is_whole = strstr(whole, "://") != NULL;
        status = rtsp_url_join(base, is_whole ? whole : "", r->base);
    }
    return status ? broken(STING_E_FORMAT, fault) : STING_OK;
}

static enum sting_status setup(struct rtsp *r, struct fault *fault)
{
    struct rtsp_message answer;
    struct bytes value = {NULL, 0}, head;
    enum sting_status status = question(
        r, "SETUP", r->video,
        "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n", &answer, fault);
    if (status) {
        return status;
    }
    head = answer.head;
    long timeout_s = UNTOLD_SESSION_S;
    if (rtsp_header_next(&head, "Session", &value)) {
        timeout_s = rtsp_parameter(value, "timeout", UNTOLD_SESSION_S);
        text_keep(value, "; \t\r\n", r->session, sizeof r->session);
    }
    timeout_s = timeout_s < LEAST_SESSION_S ? LEAST_SESSION_S : timeout_s;
    r->alive_us = timeout_s * INT64_C(1000000) / 2;
    head = answer.head;
    value = (struct bytes){NULL, 0};
    if (rtsp_header_next(&head, "Transport", &value) &&
        !memmem(value.data, value.size, "TCP", 3)) {
        return refused(&(struct rtsp_message){.code = 461}, fault);
    }
    r->channel = rtsp_parameter(value, "interleaved", 0);
    return STING_OK;
}

static enum sting_status play(struct rtsp *r, struct fault *fault)
{
    struct rtsp_message answer;
    enum sting_status status =
        question(r, "PLAY", r->base, "Range: npt=0.000-\r\n", &answer, fault);
    r->link.is_playing = status == STING_OK;
    return status;
}

static enum sting_status link_open(struct rtsp *r,
                                   const struct source_settings *settings,
                                   struct fault *fault)
{
    enum sting_status status = rtsp_link_open(settings, &r->link);
    if (status == STING_E_ARG) {
        return fault_set(fault, STING_E_FORMAT, "check the url",
                         "its url is not rtsp://NUMBER:PORT/PATH");
    }
    return status == STING_E_IO ? fault_errno(fault, status, "check the url",
                                              "the camera cannot be reached")
           : status             ? broken(status, fault)
                                : STING_OK;
}

enum sting_status rtsp_open(const struct source_settings *settings,
                            struct buffer *sdp, struct rtsp **out,
                            struct fault *fault)
{
    struct rtsp *r STING_AUTO(rtsp_free) = calloc(1, sizeof *r);
    if (!r) {
        return STING_E_NOMEM;
    }
    r->link.fd = -1;
    enum sting_status status = link_open(r, settings, fault);
    status = status ? status : options(r, fault);
    status = status ? status : describe(r, sdp, fault);
    status = status ? status : setup(r, fault);
    status = status ? status : play(r, fault);
    if (status) {
        return status;
    }
    *out = r;
    r = NULL;
    return STING_OK;
}

void rtsp_free(struct rtsp **rtsp)
{
    struct rtsp *r = *rtsp;
    if (r && r->session[0]) {
        (void)!ask(r, "TEARDOWN", r->base, ""); /* it may be gone */
    }
    if (r) {
        fd_close(&r->link.fd);
        explicit_bzero(&r->login, sizeof r->login);
    }
    free(r);
    *rtsp = NULL;
}

static void clock_hear(struct rtsp *r, const struct rtsp_piece *piece)
{
    if (piece->channel == r->channel) {
        rtp_clock_packet(&r->clock, piece->packet);
    } else {
        rtp_clock_report(&r->clock, piece->packet);
    }
}

enum sting_status rtsp_packet(struct rtsp *rtsp, uint8_t *to, size_t room,
                              size_t *size)
{
    struct rtsp *r = rtsp;
    for (;;) {
        struct rtsp_piece piece;
        enum sting_status status = keep_alive(r);
        status = status ? status : rtsp_link_next(&r->link, &piece);
        if (!status && piece.channel < 0) {
            status = message_hear(r, &piece.message);
        }
        if (status) {
            return status;
        }
        bool is_ours =
            piece.channel == r->channel || piece.channel == r->channel + 1;
        if (is_ours && piece.packet.size > 0 && piece.packet.size <= room) {
            clock_hear(r, &piece);
            memcpy(to, piece.packet.data, piece.packet.size);
            *size = piece.packet.size;
            return STING_OK;
        }
    }
}

const struct rtp_clock *rtsp_clock(const struct rtsp *rtsp)
{
    return &rtsp->clock;
}

enum sting_status rtsp_report(struct rtsp *rtsp, struct bytes packet)
{
    return rtsp_link_packet_send(&rtsp->link, rtsp->channel + 1, packet);
}
