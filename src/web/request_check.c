#include "web/request_check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct seen {
    int odd;
    int hosts;
    int lengths;
    int encodings;
    int cookies;
};

/* A name as RFC 9110 has them. The library makes another of one whose value
 * goes on in the next line, and counts would then be wrong. */
static bool is_token(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (const char *at = name; *at; at++) {
        bool is_letter = (*at >= 'a' && *at <= 'z') ||
                         (*at >= 'A' && *at <= 'Z') ||
                         (*at >= '0' && *at <= '9');
        if (!is_letter && !strchr(marks, *at)) {
            return false;
        }
    }
    return *name != '\0';
}

static bool has_control(const char *value)
{
    for (const char *at = value; at && *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            return true;
        }
    }
    return false;
}

static enum MHD_Result header_see(void *context, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    struct seen *seen = context;
    (void)kind;
    seen->odd += !is_token(name) || has_control(value);
    seen->hosts += !strcasecmp(name, "Host");
    seen->lengths += !strcasecmp(name, "Content-Length");
    seen->encodings += !strcasecmp(name, "Transfer-Encoding");
    seen->cookies += !strcasecmp(name, "Cookie");
    return MHD_YES;
}

const char *request_header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

bool request_is_plain(struct MHD_Connection *connection)
{
    struct seen seen = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, header_see, &seen);
    return seen.odd == 0 && seen.hosts == 1 && seen.lengths <= 1 &&
           seen.encodings == 0 && seen.cookies <= 1;
}

bool request_is_from_here(struct MHD_Connection *connection)
{
    char own[300];
    const char *origin = request_header(connection, "Origin");
    const char *site = request_header(connection, "Sec-Fetch-Site");
    const char *type = request_header(connection, "Content-Type");
    const char *host = request_header(connection, "Host");
    snprintf(own, sizeof own, "https://%s", host ? host : "");
    return type && !strcmp(type, "application/json") &&
           (!origin || !strcmp(origin, own)) &&
           (!site || !strcmp(site, "same-origin"));
}
