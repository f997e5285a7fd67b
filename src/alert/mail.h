/*
 * mail: a message as RFC 5322 and MIME (RFC 2045) want it.
 *
 * Lines end with CR LF; words are UTF-8 in base64; all mails about one
 * incident are one thread.
 */
#ifndef STING_ALERT_MAIL_H
#define STING_ALERT_MAIL_H

#include "alert/message.h"
#include "crypt/secret.h"

struct mail_part {
    char name[80]; /* of the file: ASCII */
    const char *type;
    struct bytes data;
};

struct mail {
    const char *from;
    const char *to;
    const struct secret *key; /* makes the names of threads unlike others' */
    const struct mail_part *part;
    size_t parts;
};

/* Append the mail. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mail_write(const struct message *message,
                                            const struct mail *mail,
                                            struct buffer *out);

#endif
