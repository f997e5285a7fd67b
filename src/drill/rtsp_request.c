#include "drill/rtsp_request.h"

#include <string.h>
#include <strings.h>

enum { MOST_LINES = 32, MOST_BODY = 1024 };

static const char *const method_name[] = {
    "OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN"};

/* A line without its CRLF; false when there is none in *from. */
static bool line_take(struct bytes *from, struct bytes *line)
{
    const uint8_t *end = memmem(from->data, from->size, "\r\n", 2);
    if (!end) {
        return false;
    }
    size_t size = (size_t)(end - from->data);
    *line = (struct bytes){from->data, size};
    *from = (struct bytes){end + 2, from->size - size - 2};
    return true;
}

static bool is_printable(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] < 32 || line.data[i] > 126) {
            return false;
        }
    }
    return true;
}

/* A number of at most nine digits and nothing else. */
static bool number_read(struct bytes text, uint32_t *out)
{
    uint32_t value = 0;
    if (text.size == 0 || text.size > 9) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        value = 10 * value + (uint32_t)(text.data[i] - '0');
    }
    *out = value;
    return true;
}

/* "METHOD uri RTSP/1.0" */
static bool first_line_read(struct bytes line, struct rtsp_request *out)
{
    static const char version[] = " RTSP/1.0";
    const size_t tail = sizeof version - 1;
    const uint8_t *blank = memchr(line.data, ' ', line.size);
    if (!blank || line.size < tail ||
        memcmp(line.data + line.size - tail, version, tail) != 0) {
        return false;
    }
    size_t word = (size_t)(blank - line.data);
    if (word == 0 || line.size < word + 1 + tail + 1) {
        return false;
    }
    size_t uri = line.size - word - 1 - tail;
    if (uri >= sizeof out->uri || memchr(blank + 1, ' ', uri)) {
        return false;
    }
    memcpy(out->uri, blank + 1, uri);
    out->uri[uri] = 0;
    out->method = RTSP_OTHER;
    for (int i = 0; i < RTSP_OTHER; i++) {
        if (strlen(method_name[i]) == word &&
            memcmp(method_name[i], line.data, word) == 0) {
            out->method = (enum rtsp_method)i;
        }
    }
    return true;
}

/* "RTP/AVP/TCP;unicast;interleaved=0-1": the pair must be consecutive. */
static bool transport_read(struct bytes value, struct rtsp_request *out)
{
    static const char tcp[] = "RTP/AVP/TCP";
    static const char pair[] = "interleaved=";
    const size_t key = sizeof pair - 1;
    out->has_transport = true;
    if (value.size < sizeof tcp - 1 ||
        memcmp(value.data, tcp, sizeof tcp - 1) != 0) {
        return true; /* UDP or worse: answered with 461 */
    }
    out->interleaved = true;
    const uint8_t *at = memmem(value.data, value.size, pair, key);
    if (!at) {
        return true;
    }
    at += key;
    size_t left = (size_t)(value.data + value.size - at);
    const uint8_t *end = memchr(at, ';', left);
    left = end ? (size_t)(end - at) : left;
    const uint8_t *dash = memchr(at, '-', left);
    uint32_t low;
    uint32_t high;
    if (!dash || !number_read((struct bytes){at, (size_t)(dash - at)}, &low) ||
        !number_read((struct bytes){dash + 1, left - (size_t)(dash - at) - 1},
                     &high) ||
        low > 254 || high != low + 1) {
        return false;
    }
    out->channel = (uint8_t)low;
    return true;
}

static bool cseq_read(struct bytes value, struct rtsp_request *out)
{
    return number_read(value, &out->cseq);
}

/* Sessions that we give are numbers; anything else is not one of ours. */
static bool session_read(struct bytes value, struct rtsp_request *out)
{
    const uint8_t *end = memchr(value.data, ';', value.size);
    value.size = end ? (size_t)(end - value.data) : value.size;
    if (!number_read(value, &out->session)) {
        out->session = UINT32_MAX;
    }
    return true;
}

struct header {
    const char *name;
    bool (*read)(struct bytes value, struct rtsp_request *out);
};

static const struct header header[] = {
    {"CSeq", cseq_read},
    {"Transport", transport_read},
    {"Session", session_read},
};

static bool header_read(struct bytes line, struct rtsp_request *out,
                        uint32_t *body)
{
    const uint8_t *colon = memchr(line.data, ':', line.size);
    if (!colon || colon == line.data || !is_printable(line)) {
        return false;
    }
    size_t name = (size_t)(colon - line.data);
    struct bytes value = {colon + 1, line.size - name - 1};
    while (value.size && *value.data == ' ') {
        value = (struct bytes){value.data + 1, value.size - 1};
    }
    for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
        if (strlen(header[i].name) == name &&
            !strncasecmp(header[i].name, (const char *)line.data, name)) {
            return header[i].read(value, out);
        }
    }
    if (name == 14 &&
        !strncasecmp("Content-Length", (const char *)line.data, name)) {
        return number_read(value, body) && *body <= MOST_BODY;
    }
    return true;
}

/* '$', channel, length of two bytes, data. */
static enum sting_status interleaved_read(struct bytes in,
                                          struct rtsp_request *out,
                                          size_t *used)
{
    if (in.size < 4) {
        return STING_E_ABSENT;
    }
    size_t size = 4 + (size_t)(in.data[2] << 8 | in.data[3]);
    if (size > RTSP_MOST_BYTES) {
        return STING_E_LIMIT;
    }
    if (in.size < size) {
        return STING_E_ABSENT;
    }
    *out = (struct rtsp_request){.method = RTSP_INTERLEAVED};
    *used = size;
    return STING_OK;
}

/* The first line and the headers, up to the empty line. */
static bool lines_read(struct bytes *rest, struct rtsp_request *out,
                       uint32_t *body)
{
    struct bytes line;
    if (!line_take(rest, &line) || !is_printable(line) ||
        !first_line_read(line, out)) {
        return false;
    }
    for (int lines = 0; line_take(rest, &line) && line.size; lines++) {
        if (lines == MOST_LINES || !header_read(line, out, body)) {
            return false;
        }
    }
    return out->cseq > 0; /* clients count from 1 */
}

enum sting_status rtsp_request_read(struct bytes in, struct rtsp_request *out,
                                    size_t *used)
{
    struct rtsp_request made = {0};
    struct bytes rest = in;
    uint32_t body = 0;
    if (in.size && in.data[0] == '$') {
        return interleaved_read(in, out, used);
    }
    if (in.size == 0 || !memmem(in.data, in.size, "\r\n\r\n", 4)) {
        return in.size < RTSP_MOST_BYTES ? STING_E_ABSENT : STING_E_LIMIT;
    }
    if (!lines_read(&rest, &made, &body)) {
        return STING_E_FORMAT;
    }
    if (rest.size < body) {
        return STING_E_ABSENT;
    }
    *used = (size_t)(rest.data - in.data) + body;
    *out = made;
    return *used <= RTSP_MOST_BYTES ? STING_OK : STING_E_LIMIT;
}
