/*
 * template: a message in the form that somebody else's service wants.
 *
 * A text with {{name}} in it. When it begins with one '{' it is JSON, and what
 * is put in is escaped as JSON wants it; else it is plain text. ntfy, gotify
 * and telegram are ready ones.
 *
 * Format: docs/formats/alerts.md. Limits: TEMPLATE_MOST_BYTES.
 */
#ifndef STING_ALERT_TEMPLATE_H
#define STING_ALERT_TEMPLATE_H

#include "alert/message.h"
#include "base/fault.h"

#define TEMPLATE_MOST_BYTES ((size_t)16 * 1024)

/* The ready template of that name; NULL when there is none. */
const char *template_ready(const char *name);

/* "application/json" or "text/plain; charset=utf-8". */
const char *template_type(const char *text);

/* Append the text with all names filled in; `to` is the channel's.
 * Fails: E_FORMAT for an unknown name, in words; E_NOMEM. */
STING_MUST_USE enum sting_status template_fill(const char *text,
                                               const struct message *message,
                                               const char *to,
                                               struct buffer *out,
                                               struct fault *fault);

#endif
