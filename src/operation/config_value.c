/* Readers of single values: words, numbers, sizes, dates, addresses. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/cosignature.h"
#include "operation/config_schema.h"

#define RTSP_PORT 554 /* where an address names none */

/* The scalar's text; tells the mistake and gives NULL when there is none. */
static const char *text_of(struct config_reading *reading,
                           const struct config_key *key,
                           const yaml_node_t *node)
{
    const char *text = config_scalar(node);
    if (!text || node->data.scalar.length != strlen(text)) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%s\" must be a single value", key->name);
        return NULL;
    }
    if (text[strspn(text, " \t\r\n")] == '\0') {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%s\" is empty", key->name);
        return NULL;
    }
    return text;
}

static bool has_control(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            return true;
        }
    }
    return false;
}

void config_read_text(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    const char *text = text_of(reading, key, node);
    if (!text) {
        return;
    }
    if (strlen(text) >= (size_t)key->most) {
        config_mistake_add(reading, node->start_mark, "make it shorter",
                           "\"%s\" is longer than %d bytes", key->name,
                           (int)key->most - 1);
    } else if (has_control(text)) {
        config_mistake_add(reading, node->start_mark, "write it on one line",
                           "\"%s\" holds a line break or control character",
                           key->name);
    } else {
        memcpy(target, text, strlen(text) + 1);
    }
}

bool config_name_is_valid(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = strlen(name);
    return length > 0 && length < CONFIG_NAME_SIZE && name[0] != '-' &&
           name[0] != '_' && strspn(name, allowed) == length;
}

void config_read_name(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    const char *text = text_of(reading, key, node);
    if (!text) {
        return;
    }
    if (!config_name_is_valid(text)) {
        config_mistake_add(reading, node->start_mark,
                           "use 1 to 32 of a-z, 0-9, - and _",
                           "\"%.60s\" cannot be a name", text);
        return;
    }
    memcpy(target, text, strlen(text) + 1); /* a name's size was checked */
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The part between "://" and the next '/'. */
static size_t authority(const char *url, const char **start)
{
    *start = strstr(url, "://") + 3;
    return strcspn(*start, "/?#");
}

static bool has_credentials(const char *url)
{
    const char *start = NULL;
    return memchr(url, '@', authority(url, &start) + (size_t)(start - url)) !=
           NULL;
}

/* A scheme in front that is not one of ours. */
static bool has_scheme(const char *text)
{
    const char *at = strstr(text, "://");
    return at && strcspn(text, "/.") >= (size_t)(at - text);
}

struct config_stream config_stream_of(const char *url)
{
    static const char scheme[] = "rtsp://";
    struct config_stream stream = {.host = "", .port = RTSP_PORT, .path = ""};
    if (!starts(url, scheme)) {
        return stream;
    }
    const char *host = url + strlen(scheme);
    bool is_v6 = host[0] == '[';
    size_t size = strcspn(host, is_v6 ? "]/?#" : ":/?#");
    stream.host = host;
    stream.path = host + strcspn(host, "/?");
    if (is_v6 && (host[size] != ']' || size == 1)) {
        return stream;
    }
    stream.size = size + is_v6;
    const char *port = host + stream.size + 1;
    if (host[stream.size] == ':') {
        size_t digits = strspn(port, "0123456789");
        bool is_port = digits > 0 && digits < 6 && port + digits == stream.path;
        stream.port = is_port ? strtoul(port, NULL, 10) : 0;
    } else if (host + stream.size != stream.path) {
        stream.size = 0;
    }
    return stream;
}

void config_read_url(struct config_reading *reading,
                     const struct config_key *key, yaml_node_t *node,
                     void *target)
{
    const char *text = config_scalar(node);
    const char *host = NULL;
    if (text && has_scheme(text)) {
        if (!starts(text, "rtsp://")) {
            config_mistake_add(reading, node->start_mark, key->advice,
                               "only rtsp:// addresses can be watched");
            return;
        }
        if (has_credentials(text)) {
            config_mistake_add(reading, node->start_mark,
                               "use the keys user and password_file",
                               "the address holds a user or a password");
            return;
        }
        if (authority(text, &host) == 0) {
            config_mistake_add(reading, node->start_mark, key->advice,
                               "the address names no host");
            return;
        }
    }
    config_read_text(reading, key, node, target);
}

void config_read_webhook(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    const char *text = config_scalar(node);
    const char *host = NULL;
    if (text && *text && !starts(text, "https://") &&
        !starts(text, "http://")) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" is not a web address", text);
        return;
    }
    if (text && *text && authority(text, &host) == 0) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "the address names no host");
        return;
    }
    if (text && *text && has_credentials(text)) {
        config_mistake_add(reading, node->start_mark,
                           "sign with secret_file instead",
                           "the address holds a user or a password");
        return;
    }
    config_read_text(reading, key, node, target);
}

void config_read_choice(struct config_reading *reading,
                        const struct config_key *key, yaml_node_t *node,
                        void *target)
{
    const char *text = text_of(reading, key, node);
    size_t words = 0;
    char all[120] = "write one of:";
    if (!text) {
        return;
    }
    for (; key->words[words]; words++) {
        if (!strcmp(key->words[words], text)) {
            *(int *)target = (int)words; /* every choice is an enum */
            return;
        }
        strncat(all, " ", sizeof all - strlen(all) - 1);
        strncat(all, key->words[words], sizeof all - strlen(all) - 1);
    }
    config_mistake_add(reading, node->start_mark, all,
                       "\"%s\" cannot be \"%.60s\"", key->name, text);
}

/* A word, or where the second stream of the camera is. */
void config_read_look(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    struct config_camera *camera = target;
    const char *text = config_scalar(node);
    if (text && has_scheme(text)) {
        config_read_url(reading, key, node, camera->look_url);
    } else {
        config_read_choice(reading, key, node, &camera->look);
    }
}

void config_read_audio(struct config_reading *reading,
                       const struct config_key *key, yaml_node_t *node,
                       void *target)
{
    const char *text = text_of(reading, key, node);
    if (!text) {
        return;
    }
    if (!strcmp(text, "yes") || !strcmp(text, "true")) {
        config_mistake_add(reading, node->start_mark, "write audio: no",
                           "this version records no sound");
    } else if (strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
        config_mistake_add(reading, node->start_mark, "write audio: no",
                           "\"%s\" cannot be \"%.60s\"", key->name, text);
    }
    *(bool *)target = false;
}

void config_read_yes(struct config_reading *reading,
                     const struct config_key *key, yaml_node_t *node,
                     void *target)
{
    const char *text = text_of(reading, key, node);
    if (!text) {
        return;
    }
    bool is_yes = !strcmp(text, "yes") || !strcmp(text, "true");
    if (!is_yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
        config_mistake_add(reading, node->start_mark, "write yes or no",
                           "\"%s\" cannot be \"%.60s\"", key->name, text);
    }
    *(bool *)target = is_yes;
}

/* A whole number within the row's bounds, optionally with a unit k, M, G, T.
 * Tells the mistake. */
static bool number_of(struct config_reading *reading,
                      const struct config_key *key, const yaml_node_t *node,
                      const char *units, int64_t *out)
{
    const char *text = text_of(reading, key, node);
    char *end = NULL;
    if (!text) {
        return false;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    const char *unit = *end && end != text ? strchr(units, *end) : NULL;
    int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    end += unit ? 1 : 0;
    if (end == text || *end || text[0] == '+' || text[0] == ' ') {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" is not a whole number", text);
        return false;
    }
    if (errno || value > (key->most >> shift) ||
        value < ((key->least - 1) >> shift) + 1) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%s\" is out of range: %.60s", key->name, text);
        return false;
    }
    *out = (int64_t)value << shift;
    return true;
}

void config_read_copy(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    int64_t value = 0;
    if (number_of(reading, key, node, "", &value)) {
        *(uint32_t *)target = (uint32_t)value;
    }
}

void config_read_seconds(struct config_reading *reading,
                         const struct config_key *key, yaml_node_t *node,
                         void *target)
{
    int64_t value = 0;
    if (number_of(reading, key, node, "", &value)) {
        *(int64_t *)target = value * 1000000;
    }
}

void config_read_days(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    int64_t value = 0;
    if (number_of(reading, key, node, "", &value)) {
        *(int64_t *)target = value;
    }
}

void config_read_size(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    int64_t value = 0;
    if (number_of(reading, key, node, "kMGT", &value)) {
        *(int64_t *)target = value;
    }
}

void config_read_date(struct config_reading *reading,
                      const struct config_key *key, yaml_node_t *node,
                      void *target)
{
    const char *text = text_of(reading, key, node);
    int64_t utc_us = 0;
    if (!text) {
        return;
    }
    if (clock_parse(text, &utc_us)) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "\"%.60s\" is not a date", text);
        return;
    }
    *(int64_t *)target = utc_us;
}

void config_read_witness_key(struct config_reading *reading,
                             const struct config_key *key, yaml_node_t *node,
                             void *target)
{
    struct vkey vkey;
    const char *text = config_scalar(node);
    if (text && (vkey_parse(text, &vkey) || vkey.kind != VKEY_WITNESS)) {
        config_mistake_add(reading, node->start_mark, key->advice,
                           "this is no key of a witness");
        return;
    }
    config_read_text(reading, key, node, target);
}
