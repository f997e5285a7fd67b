/* A request that is read lies within the bytes given and within its bounds;
 * it is the same without what follows it, and no request with a byte less. */
#include <stdlib.h>
#include <string.h>

#include "drill/rtsp_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool same(const struct rtsp_request *a, const struct rtsp_request *b)
{
    return a->method == b->method && !strcmp(a->uri, b->uri) &&
           a->cseq == b->cseq && a->has_transport == b->has_transport &&
           a->interleaved == b->interleaved && a->channel == b->channel &&
           a->session == b->session;
}

static size_t request_hold(struct bytes in)
{
    struct rtsp_request request = {0}, again = {0};
    size_t used = 0, used_again = 0;
    enum sting_status status = rtsp_request_read(in, &request, &used);
    if (status) {
        hold(status == STING_E_ABSENT || status == STING_E_FORMAT ||
             status == STING_E_LIMIT);
        hold(status != STING_E_ABSENT || in.size < (size_t)2 * RTSP_MOST_BYTES);
        return 0;
    }
    hold(used > 0 && used <= in.size && used <= RTSP_MOST_BYTES);
    hold(memchr(request.uri, 0, sizeof request.uri) != NULL);
    hold(request.method == RTSP_INTERLEAVED || request.cseq > 0);
    hold(
        !rtsp_request_read((struct bytes){in.data, used}, &again, &used_again));
    hold(used_again == used && same(&request, &again));
    hold(rtsp_request_read((struct bytes){in.data, used - 1}, &again,
                           &used_again) == STING_E_ABSENT);
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    size_t used = 0;
    while ((used = request_hold(in)) > 0) {
        in = (struct bytes){in.data + used, in.size - used};
    }
    return 0;
}
