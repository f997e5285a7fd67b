#include "drill/rtsp_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "media/nal.h"

void rtsp_session_release(struct rtsp_session *session)
{
    buffer_release(&session->in);
    buffer_release(&session->out);
    *session = (struct rtsp_session){0};
}

static enum sting_status answer(struct rtsp_session *session,
                                const struct rtsp_request *request,
                                const char *result, const char *more)
{
    return buffer_printf(&session->out,
                         "RTSP/1.0 %s\r\nCSeq: %" PRIu32 "\r\n%s\r\n", result,
                         request->cseq, more);
}

static enum sting_status options_answer(struct rtsp_session *session,
                                        const struct rtsp_request *request,
                                        const char *sdp, uint32_t number)
{
    (void)sdp;
    (void)number;
    return answer(session, request, "200 OK",
                  "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, "
                  "TEARDOWN\r\n");
}

static enum sting_status describe_answer(struct rtsp_session *session,
                                         const struct rtsp_request *request,
                                         const char *sdp, uint32_t number)
{
    (void)number;
    return buffer_printf(&session->out,
                         "RTSP/1.0 200 OK\r\nCSeq: %" PRIu32
                         "\r\nContent-Base: %s/\r\n"
                         "Content-Type: application/sdp\r\n"
                         "Content-Length: %zu\r\n\r\n%s",
                         request->cseq, request->uri, strlen(sdp), sdp);
}

static enum sting_status setup_answer(struct rtsp_session *session,
                                      const struct rtsp_request *request,
                                      const char *sdp, uint32_t number)
{
    (void)sdp;
    if (!request->interleaved) {
        return answer(session, request, "461 Unsupported Transport", "");
    }
    session->is_set_up = true;
    session->number = session->number ? session->number : number;
    session->rtp.channel = request->channel;
    session->rtp.source = session->number * 2654435761U;
    session->rtp.origin = session->number * 40503U + 1;
    return buffer_printf(&session->out,
                         "RTSP/1.0 200 OK\r\nCSeq: %" PRIu32
                         "\r\nTransport: RTP/AVP/TCP;unicast;interleaved="
                         "%d-%d\r\nSession: %" PRIu32 ";timeout=60\r\n\r\n",
                         request->cseq, request->channel, request->channel + 1,
                         session->number);
}

static enum sting_status in_session(struct rtsp_session *session,
                                    const struct rtsp_request *request)
{
    char text[40];
    snprintf(text, sizeof text, "Session: %" PRIu32 "\r\n", session->number);
    return answer(session, request, "200 OK", text);
}

static bool is_of_session(const struct rtsp_session *session,
                          const struct rtsp_request *request)
{
    return session->is_set_up && request->session == session->number;
}

static enum sting_status play_answer(struct rtsp_session *session,
                                     const struct rtsp_request *request,
                                     const char *sdp, uint32_t number)
{
    (void)sdp;
    (void)number;
    if (!is_of_session(session, request)) {
        return answer(session, request, "454 Session Not Found", "");
    }
    session->waits_for_key = session->waits_for_key || !session->is_playing;
    session->is_playing = true;
    return in_session(session, request);
}

static enum sting_status parameter_answer(struct rtsp_session *session,
                                          const struct rtsp_request *request,
                                          const char *sdp, uint32_t number)
{
    (void)sdp;
    (void)number;
    return is_of_session(session, request)
               ? in_session(session, request)
               : answer(session, request, "200 OK", "");
}

static enum sting_status teardown_answer(struct rtsp_session *session,
                                         const struct rtsp_request *request,
                                         const char *sdp, uint32_t number)
{
    (void)sdp;
    (void)number;
    if (!is_of_session(session, request)) {
        return answer(session, request, "454 Session Not Found", "");
    }
    session->is_playing = false;
    session->is_over = true;
    return in_session(session, request);
}

static enum sting_status other_answer(struct rtsp_session *session,
                                      const struct rtsp_request *request,
                                      const char *sdp, uint32_t number)
{
    (void)sdp;
    (void)number;
    return answer(session, request, "501 Not Implemented", "");
}

typedef enum sting_status (*answerer)(struct rtsp_session *session,
                                      const struct rtsp_request *request,
                                      const char *sdp, uint32_t number);

static const answerer answerer_of[] = {
    [RTSP_OPTIONS] = options_answer,
    [RTSP_DESCRIBE] = describe_answer,
    [RTSP_SETUP] = setup_answer,
    [RTSP_PLAY] = play_answer,
    [RTSP_GET_PARAMETER] = parameter_answer,
    [RTSP_TEARDOWN] = teardown_answer,
    [RTSP_OTHER] = other_answer,
};

static void front_drop(struct buffer *buffer, size_t size)
{
    memmove(buffer->data, buffer->data + size, buffer->size - size);
    buffer->size -= size;
}

enum sting_status rtsp_session_serve(struct rtsp_session *session,
                                     const char *sdp, uint32_t number)
{
    struct rtsp_request request;
    size_t used;
    while (!session->is_over) {
        enum sting_status status =
            rtsp_request_read(buffer_bytes(&session->in), &request, &used);
        if (status == STING_E_ABSENT) {
            return STING_OK;
        }
        if (!status && request.method != RTSP_INTERLEAVED) {
            session->requests++;
            status =
                answerer_of[request.method](session, &request, sdp, number);
        }
        if (status) {
            return status;
        }
        front_drop(&session->in, used);
    }
    return STING_OK;
}

enum sting_status rtsp_sdp_write(struct bytes header, struct buffer *out)
{
    struct buffer sps STING_AUTO(buffer_release) = {0};
    struct buffer pps STING_AUTO(buffer_release) = {0};
    uint8_t profile[3] = {0};
    struct bytes unit;
    enum sting_status status = STING_OK;
    while (!status && nal_next(&header, &unit)) {
        int type = nal_h264_type(unit);
        if (type == NAL_H264_SPS && unit.size > 4 && !sps.size) {
            memcpy(profile, unit.data + 1, 3);
            status = base64_append(&sps, unit, true);
        } else if (type == NAL_H264_PPS && !pps.size) {
            status = base64_append(&pps, unit, true);
        }
    }
    if (status || !sps.size || !pps.size) {
        return status ? status : STING_E_FORMAT;
    }
    return buffer_printf(
        out,
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=garage\r\nc=IN IP4 0.0.0.0\r\n"
        "t=0 0\r\na=control:*\r\na=range:npt=now-\r\n"
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        "a=fmtp:96 packetization-mode=1;profile-level-id=%02X%02X%02X;"
        "sprop-parameter-sets=%s,%s\r\na=control:track1\r\n",
        profile[0], profile[1], profile[2], buffer_text(&sps),
        buffer_text(&pps));
}
