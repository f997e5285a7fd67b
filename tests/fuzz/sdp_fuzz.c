/* What a camera says before its pictures. A message that is read lies within
 * the bytes, is the same without what follows it, and none with a byte less.
 * Of a description one video is left, the same when read again, and nothing
 * of where to send to. An answer to a challenge is one line of printable text,
 * whatever the challenge was. */
#include <stdlib.h>
#include <string.h>

#include "media/login.h"
#include "media/rtsp_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void description_hold(struct bytes sdp)
{
    char control[RTSP_MOST_URL], whole[RTSP_MOST_URL], url[RTSP_MOST_URL];
    struct buffer out = {0}, again = {0};
    enum sting_status status = rtsp_sdp_video(sdp, &out, control, whole);
    if (!status) {
        hold(!strpbrk(control, " \r\n\t") && !strpbrk(whole, " \r\n\t"));
        hold(memchr(out.data, 0, out.size) ||
             strcasestr(buffer_text(&out), "m=video"));
        hold(!rtsp_sdp_video(buffer_bytes(&out), &again, control, whole));
        hold(bytes_equal(buffer_bytes(&out), buffer_bytes(&again)));
        hold(control[0] == '\0' && whole[0] == '\0');
        (void)!rtsp_url_join("rtsp://camera/", control, url);
    }
    hold(status == STING_OK || status == STING_E_ABSENT ||
         status == STING_E_LIMIT);
    buffer_release(&out);
    buffer_release(&again);
}

static void login_hold(struct bytes challenge)
{
    struct login login = {.kind = LOGIN_NONE};
    struct buffer out = {0};
    if (login_challenge(&login, challenge)) {
        hold(login.kind != LOGIN_NONE);
        hold(!login_answer(&login, "u", "p", "PLAY", "rtsp://a/", &out));
        hold(out.size > 2 && !memcmp(out.data + out.size - 2, "\r\n", 2));
        for (size_t i = 0; i + 2 < out.size; i++) {
            hold(out.data[i] >= 32 && out.data[i] != 127);
        }
    }
    buffer_release(&out);
}

static size_t message_hold(struct bytes in)
{
    struct rtsp_message one = {0}, again = {0};
    size_t used = 0, used_again = 0;
    struct bytes value;
    enum sting_status status = rtsp_message_read(in, &one, &used);
    if (status) {
        hold(status != STING_E_ABSENT ||
             in.size < RTSP_MOST_HEAD + RTSP_MOST_BODY);
        return 0;
    }
    hold(used > 0 && used <= in.size &&
         used <= RTSP_MOST_HEAD + RTSP_MOST_BODY);
    hold(one.body.data + one.body.size == in.data + used);
    hold(
        !rtsp_message_read((struct bytes){in.data, used}, &again, &used_again));
    hold(used_again == used && again.code == one.code &&
         again.cseq == one.cseq);
    hold(rtsp_message_read((struct bytes){in.data, used - 1}, &again,
                           &used_again) == STING_E_ABSENT);
    while (rtsp_header_next(&one.head, "WWW-Authenticate", &value)) {
        login_hold(value);
        (void)rtsp_parameter(value, "timeout", 0);
    }
    description_hold(one.body);
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    size_t used = 0;
    description_hold(in);
    login_hold(in);
    while ((used = message_hold(in)) > 0) {
        in = (struct bytes){in.data + used, in.size - used};
    }
    return 0;
}
