/*
 * json: one object on one line, the form of everything that scripts read,
 * and of what is sealed for people.
 *
 * Keys come in the order given. Text from outside that is not UTF-8 has its
 * bytes above 127 written as '?'. Only json.c knows jansson.
 */
#ifndef STING_BASE_JSON_H
#define STING_BASE_JSON_H

#include "base/base.h"
#include "base/buffer.h"

struct json; /* an object or an array under construction */

/* A new empty object or array; NULL without memory, which the functions
 * below accept, so that only json_line() need be checked. */
struct json *json_new_object(void);
struct json *json_new_array(void);
void json_free(struct json **json);

/* Add a member. In an array, key is ignored (pass NULL). NULL text and
 * numbers that are not finite are written as null. */
void json_add_text(struct json *json, const char *key, const char *value);
void json_add_number(struct json *json, const char *key, double value);
void json_add_integer(struct json *json, const char *key, int64_t value);
void json_add_bool(struct json *json, const char *key, bool value);
void json_add_null(struct json *json, const char *key);
/* A moment as RFC 3339 UTC; 0 is none, and null. */
void json_add_time(struct json *json, const char *key, int64_t utc_us);
/* Add a child and take it over; *child becomes NULL. */
void json_add_child(struct json *json, const char *key, struct json **child);

/* Append the whole as one line with its newline. Fails: E_NOMEM, also when
 * any call before ran out of memory. */
STING_MUST_USE enum sting_status json_line(const struct json *json,
                                           struct buffer *out);

/* Read one object from bytes that may be hostile. The caller frees *out.
 * Fails: E_FORMAT when it is anything else; *out kept. */
STING_MUST_USE enum sting_status json_read(struct bytes text,
                                           struct json **out);

/* A member: borrowed text, NULL when it is absent, null or no text; a
 * number, `otherwise` when it is absent, null or no number. */
const char *json_text(const struct json *json, const char *key);
double json_number(const struct json *json, const char *key, double otherwise);

/* The part at `index` of a member that is a list: what is changed in it is
 * changed in the whole. NULL when there is none, or no memory. Caller frees. */
struct json *json_item(const struct json *json, const char *key, size_t index);

#endif
