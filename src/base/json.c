#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <assert.h>
#include <jansson.h>
#include <stdatomic.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/text.h"

struct json {
    json_t *value;
    bool is_broken; /* some addition failed */
};

static struct json *wrap(json_t *value)
{
    struct json *json = calloc(1, sizeof *json);
    if (!json || !value) {
        json_decref(value);
        free(json);
        return NULL;
    }
    json->value = value;
    return json;
}

/* The library would open /dev/urandom for the seed of its hashes, and a
 * jailed worker that opens a file dies. */
static void hash_seed(void)
{
    static atomic_bool is_seeded;
    size_t seed = 0;
    if (atomic_exchange(&is_seeded, true)) {
        return;
    }
    ssize_t got = getrandom(&seed, sizeof seed, 0);
    assert(got == (ssize_t)sizeof seed); /* small reads are never cut */
    json_object_seed(seed);
}

struct json *json_new_object(void)
{
    hash_seed();
    return wrap(json_object());
}

struct json *json_new_array(void)
{
    return wrap(json_array());
}

void json_free(struct json **json)
{
    if (*json) {
        json_decref((*json)->value);
    }
    free(*json);
    *json = NULL;
}

/* Takes over `value`. */
static void add(struct json *json, const char *key, json_t *value)
{
    if (!json) {
        json_decref(value);
        return;
    }
    int failed = json_is_array(json->value)
                     ? json_array_append_new(json->value, value)
                     : json_object_set_new(json->value, key, value);
    json->is_broken = json->is_broken || failed;
}

/* UTF-8 as it is, else with every byte above 127 written as '?'. */
static json_t *text_value(const char *value)
{
    json_t *made = json_string(value);
    if (made) {
        return made;
    }
    char *copy = strdup(value);
    for (char *c = copy; c && *c; c++) {
        if ((unsigned char)*c > 127) {
            *c = '?';
        }
    }
    made = copy ? json_string(copy) : NULL;
    free(copy);
    return made;
}

void json_add_text(struct json *json, const char *key, const char *value)
{
    add(json, key, value ? text_value(value) : json_null());
}

void json_add_number(struct json *json, const char *key, double value)
{
    add(json, key, isfinite(value) ? json_real(value) : json_null());
}

void json_add_integer(struct json *json, const char *key, int64_t value)
{
    add(json, key, json_integer(value));
}

void json_add_bool(struct json *json, const char *key, bool value)
{
    add(json, key, json_boolean(value));
}

void json_add_null(struct json *json, const char *key)
{
    add(json, key, json_null());
}

void json_add_time(struct json *json, const char *key, int64_t utc_us)
{
    char text[CLOCK_TEXT_SIZE];
    json_add_text(json, key, utc_us > 0 ? clock_text(utc_us, text) : NULL);
}

void json_add_child(struct json *json, const char *key, struct json **child)
{
    if (!*child) {
        if (json) {
            json->is_broken = true;
        }
        return;
    }
    if (json) {
        json->is_broken = json->is_broken || (*child)->is_broken;
    }
    add(json, key, json_incref((*child)->value));
    json_free(child);
}

/* What a terminal obeys, or what reorders words, is written as an escape: such
 * things stand in texts alone. The library gives whole characters; those of
 * ASCII it has escaped itself, but for DEL. */
static int append(const char *text, size_t size, void *out)
{
    enum sting_status status = STING_OK;
    size_t kept = 0;
    for (size_t at = 0, bytes = 0; !status && at < size; at += bytes) {
        char one[5] = "";
        uint32_t point = 0;
        bool is_shown = true;
        memcpy(one, text + at, size - at < 4 ? size - at : 4);
        bytes = text_shown(one, &is_shown);
        if (is_shown || !utf8_read(one, &point)) {
            continue;
        }
        status = buffer_append(
            out, (struct bytes){(const uint8_t *)text + kept, at - kept});
        if (!status) {
            status = buffer_printf(out, "\\u%04x", (unsigned)point);
        }
        kept = at + bytes;
    }
    if (!status) {
        status = buffer_append(
            out, (struct bytes){(const uint8_t *)text + kept, size - kept});
    }
    return status ? -1 : 0;
}

enum sting_status json_line(const struct json *json, struct buffer *out)
{
    size_t before = out->size;
    if (!json || json->is_broken ||
        json_dump_callback(json->value, append, out,
                           JSON_COMPACT | JSON_REAL_PRECISION(10)) ||
        buffer_text_append(out, "\n")) {
        out->size = before;
        return STING_E_NOMEM;
    }
    return STING_OK;
}

enum sting_status json_read(struct bytes text, struct json **out)
{
    hash_seed();
    json_t *value = json_loadb((const char *)text.data, text.size,
                               JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(value)) {
        json_decref(value);
        return STING_E_FORMAT;
    }
    struct json *json = wrap(value);
    if (!json) {
        return STING_E_NOMEM;
    }
    *out = json;
    return STING_OK;
}

const char *json_text(const struct json *json, const char *key)
{
    return json_string_value(json_object_get(json->value, key));
}

double json_number(const struct json *json, const char *key, double otherwise)
{
    const json_t *value = json_object_get(json->value, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

struct json *json_item(const struct json *json, const char *key, size_t index)
{
    json_t *item = json_array_get(json_object_get(json->value, key), index);
    return item ? wrap(json_incref(item)) : NULL;
}
