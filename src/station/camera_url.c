#include "station/camera_url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scheme[] = "rtsp://";

static bool port_parse(const char *text, const char *end, uint16_t *out)
{
    unsigned long port = 0;
    if (text == end) {
        return false;
    }
    for (; text < end; text++) {
        if (*text < '0' || *text > '9' || port > UINT16_MAX) {
            return false;
        }
        port = port * 10 + (unsigned long)(*text - '0');
    }
    *out = (uint16_t)port;
    return port > 0 && port <= UINT16_MAX;
}

/* HOST, HOST:PORT, [V6] or [V6]:PORT between two places of the text. */
static enum sting_status authority_parse(const char *from, const char *end,
                                         struct camera_url *out)
{
    const char *host = from;
    const char *host_end;
    if (*from == '[') {
        host = from + 1;
        host_end = memchr(host, ']', (size_t)(end - host));
        from = host_end ? host_end + 1 : end;
    } else {
        host_end = memchr(host, ':', (size_t)(end - host));
        host_end = host_end ? host_end : end;
        from = host_end;
    }
    if (!host_end || host_end == host ||
        (size_t)(host_end - host) >= sizeof out->host ||
        memchr(host, '@', (size_t)(host_end - host))) {
        return STING_E_FORMAT;
    }
    memcpy(out->host, host, (size_t)(host_end - host));
    out->host[host_end - host] = '\0';
    out->port = CAMERA_PORT;
    if (from == end) {
        return STING_OK;
    }
    return *from == ':' && port_parse(from + 1, end, &out->port)
               ? STING_OK
               : STING_E_FORMAT;
}

static enum camera_kind kind_of(const char *text)
{
    static const char devices[] = "/dev/", memory[] = "/dev/shm/";
    if (strstr(text, "://")) {
        return CAMERA_NETWORK;
    }
    bool is_device = !strncmp(text, devices, sizeof devices - 1) &&
                     strncmp(text, memory, sizeof memory - 1) != 0;
    return is_device ? CAMERA_DEVICE : CAMERA_CLIP;
}

const char *camera_url_source(const struct camera_url *url)
{
    static const char *const name[] = {[CAMERA_NETWORK] = "rtsp",
                                       [CAMERA_CLIP] = "clip",
                                       [CAMERA_DEVICE] = "device"};
    return name[url->kind];
}

enum sting_status camera_url_parse(const char *text, struct camera_url *out)
{
    struct camera_url url = {.kind = kind_of(text)};
    const char *path = text;
    if (url.kind == CAMERA_NETWORK) {
        if (strncmp(text, scheme, sizeof scheme - 1) != 0) {
            return STING_E_UNSUPPORTED;
        }
        const char *authority = text + sizeof scheme - 1;
        const char *end = authority + strcspn(authority, "/?");
        enum sting_status status = authority_parse(authority, end, &url);
        if (status) {
            return status;
        }
        path = *end ? end : "/";
    }
    int used = snprintf(url.path, sizeof url.path, "%s", path);
    if (used >= (int)sizeof url.path) {
        return STING_E_FORMAT;
    }
    *out = url;
    return STING_OK;
}

enum sting_status camera_url_address(const struct camera_url *url,
                                     struct sockaddr_storage *out)
{
    const char *host = strcmp(url->host, "localhost") ? url->host : "127.0.0.1";
    struct sockaddr_in v4 = {.sin_family = AF_INET,
                             .sin_port = htons(url->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons(url->port)};
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(out, &v4, sizeof v4);
        return STING_OK;
    }
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
        memcpy(out, &v6, sizeof v6);
        return STING_OK;
    }
    return STING_E_ABSENT;
}

enum sting_status camera_url_write(const struct camera_url *url,
                                   const struct sockaddr_storage *address,
                                   struct buffer *out)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
        return buffer_printf(out, "%s%s:%u%s", scheme, host, url->port,
                             url->path);
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
    return buffer_printf(out, "%s[%s]:%u%s", scheme, host, url->port,
                         url->path);
}
