#include "media/rtsp_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char version[] = "RTSP/1.";

static void step(struct bytes *from, size_t by)
{
    *from = (struct bytes){from->data + by, from->size - by};
}

static bool begins(struct bytes text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size &&
           strncasecmp((const char *)text.data, with, size) == 0;
}

/* The next line without its end; the last needs none. */
static bool line_take(struct bytes *from, struct bytes *line)
{
    if (from->size == 0) {
        return false;
    }
    const uint8_t *end = memchr(from->data, '\n', from->size);
    size_t size = end ? (size_t)(end - from->data) : from->size;
    *line = (struct bytes){from->data, size};
    step(from, size + (end != NULL));
    line->size -= size > 0 && line->data[size - 1] == '\r';
    return true;
}

/* A number at the front, of at most nine digits; -1 without. */
static long number_of(struct bytes text)
{
    long number = -1;
    for (size_t i = 0; i < text.size && i < 9; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            break;
        }
        number = (number < 0 ? 0 : number) * 10 + text.data[i] - '0';
    }
    return number;
}

bool rtsp_header_next(struct bytes *head, const char *name, struct bytes *value)
{
    struct bytes line;
    size_t size = strlen(name);
    while (line_take(head, &line)) {
        if (begins(line, name) && line.size > size && line.data[size] == ':') {
            step(&line, size + 1);
            while (line.size > 0 &&
                   (line.data[0] == ' ' || line.data[0] == 9)) {
                step(&line, 1);
            }
            *value = line;
            return true;
        }
    }
    return false;
}

static long header_number(struct bytes head, const char *name)
{
    struct bytes value;
    return rtsp_header_next(&head, name, &value) ? number_of(value) : -1;
}

/* Where the empty line after the headers ends, or 0. */
static size_t head_end(struct bytes in)
{
    size_t most = in.size < RTSP_MOST_HEAD ? in.size : RTSP_MOST_HEAD;
    for (size_t i = 0; i + 1 < most; i++) {
        if (in.data[i] != '\n') {
            continue;
        }
        size_t next = i + 1 + (in.data[i + 1] == '\r');
        if (next < most && in.data[next] == '\n') {
            return next + 1;
        }
    }
    return 0;
}

static enum sting_status first_line_read(struct bytes line,
                                         struct rtsp_message *out)
{
    out->code = 0;
    if (!begins(line, version)) {
        /* METHOD URL RTSP/1.0 */
        const uint8_t *word = memmem(line.data, line.size, " RTSP/1.", 8);
        return word && line.data[0] >= 'A' && line.data[0] <= 'Z'
                   ? STING_OK
                   : STING_E_FORMAT;
    }
    if (line.size < 12 || line.data[8] != ' ') {
        return STING_E_FORMAT;
    }
    step(&line, 9);
    out->code = (int)number_of(line);
    return out->code >= 100 && out->code < 600 ? STING_OK : STING_E_FORMAT;
}

enum sting_status rtsp_message_read(struct bytes in, struct rtsp_message *out,
                                    size_t *used)
{
    struct bytes line;
    size_t end = head_end(in);
    if (end == 0) {
        return in.size < RTSP_MOST_HEAD ? STING_E_ABSENT : STING_E_LIMIT;
    }
    struct bytes rest = {in.data, end};
    if (!line_take(&rest, &line) || first_line_read(line, out)) {
        return STING_E_FORMAT;
    }
    long cseq = header_number(rest, "CSeq");
    long body = header_number(rest, "Content-Length");
    body = body < 0 ? 0 : body;
    if ((size_t)body > RTSP_MOST_BODY) {
        return STING_E_LIMIT;
    }
    if (in.size - end < (size_t)body) {
        return STING_E_ABSENT;
    }
    out->cseq = cseq < 0 ? 0 : (uint32_t)cseq;
    out->head = rest;
    out->body = (struct bytes){in.data + end, (size_t)body};
    *used = end + (size_t)body;
    return STING_OK;
}

long rtsp_parameter(struct bytes value, const char *name, long otherwise)
{
    size_t size = strlen(name);
    while (value.size > 0) {
        const uint8_t *end = memchr(value.data, ';', value.size);
        size_t length = end ? (size_t)(end - value.data) : value.size;
        struct bytes part = {value.data, length};
        while (part.size > 0 && part.data[0] == ' ') {
            step(&part, 1);
        }
        if (begins(part, name) && part.size > size && part.data[size] == '=') {
            step(&part, size + 1);
            long number = number_of(part);
            return number < 0 ? otherwise : number;
        }
        step(&value, length + (end != NULL));
    }
    return otherwise;
}

static enum sting_status url_keep(struct bytes value, char out[RTSP_MOST_URL])
{
    if (value.size >= RTSP_MOST_URL) {
        return STING_E_LIMIT;
    }
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] <= ' ' || value.data[i] == 127) {
            return STING_OK; /* no url: as if it did not say */
        }
    }
    memcpy(out, value.data, value.size);
    out[value.size] = '\0';
    return STING_OK;
}

/* A line of our video: its url, or what is left of the description. */
static enum sting_status line_keep(struct bytes line, struct buffer *out,
                                   char url[RTSP_MOST_URL])
{
    if (begins(line, "a=control:")) {
        step(&line, 10);
        return url_keep(line, url);
    }
    enum sting_status status = buffer_append(out, line);
    return status ? status : buffer_text_append(out, "\r\n");
}

enum sting_status rtsp_sdp_video(struct bytes sdp, struct buffer *out,
                                 char control[RTSP_MOST_URL],
                                 char whole[RTSP_MOST_URL])
{
    struct bytes line;
    bool has_media = false, has_video = false, is_ours = true;
    enum sting_status status = STING_OK;
    control[0] = whole[0] = '\0';
    while (!status && line_take(&sdp, &line)) {
        if (begins(line, "m=")) {
            has_media = true;
            is_ours = !has_video && begins(line, "m=video");
            has_video |= is_ours;
        }
        bool is_kept = is_ours && line.size > 0;
        if (is_kept && !begins(line, "c=")) { /* where to is not asked */
            status = line_keep(line, out, has_media ? control : whole);
        }
    }
    return status || has_video ? status : STING_E_ABSENT;
}

enum sting_status rtsp_url_join(const char *base, const char *control,
                                char out[RTSP_MOST_URL])
{
    bool is_whole = strncasecmp(control, "rtsp://", 7) == 0;
    bool is_base = control[0] == '\0' || strcmp(control, "*") == 0;
    size_t size = strlen(base);
    const char *slash = size > 0 && base[size - 1] == '/' ? "" : "/";
    int used = is_whole  ? snprintf(out, RTSP_MOST_URL, "%s", control)
               : is_base ? snprintf(out, RTSP_MOST_URL, "%s", base)
                         : snprintf(out, RTSP_MOST_URL, "%s%s%s", base, slash,
                                    control);
    return used < RTSP_MOST_URL ? STING_OK : STING_E_LIMIT;
}
