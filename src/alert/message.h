/*
 * message: what an alert says, as JSON for programs and as words for people.
 *
 * Format: docs/formats/json.md. Reads no clock.
 */
#ifndef STING_ALERT_MESSAGE_H
#define STING_ALERT_MESSAGE_H

#include "base/base.h"
#include "base/buffer.h"
#include "crypt/digest.h"
#include "operation/config.h"
#include "operation/incident.h"

#define MESSAGE_SIGNATURE_SIZE (8 + DIGEST_TEXT_SIZE)
#define MESSAGE_LINK_SIZE (CONFIG_PATH_SIZE + 80)
#define MESSAGE_TITLE_SIZE 200

/* Why a message is sent: the incident changed, or none of this. */
enum message_change {
    MESSAGE_OPENED,
    MESSAGE_RAISED,
    MESSAGE_CLOSED,
    MESSAGE_GREW,
    MESSAGE_FOLDED,   /* so many others were not told one by one */
    MESSAGE_TEST,     /* nothing has happened */
    MESSAGE_FILM,     /* pictures of it follow */
    MESSAGE_TEAM,     /* the own team went in */
    MESSAGE_BLINDED,  /* a camera of it was covered, or went */
    MESSAGE_REGAINED, /* it is over, and that camera sees again */
    MESSAGE_STATION,  /* of no incident: recording has stopped, or goes on */
    MESSAGE_CHANGES
};

struct message {
    const struct config *config; /* borrowed */
    uint32_t alert;
    enum message_change change;
    struct incident incident; /* as it is now */
    int64_t sent_utc_us;
    unsigned folded; /* incidents that this channel was not told of */
    bool is_late;    /* nobody has acknowledged: the next ones are told */
    char link[MESSAGE_LINK_SIZE]; /* acknowledges it; "" */
    const char *words;            /* of MESSAGE_STATION; borrowed */
};

const char *message_change_name(enum message_change change);

/* Where it is: names, or NULL. Borrowed from the configuration. */
struct message_place {
    const char *camera;
    const char *zone;
    const char *bait;
    const char *instruction;
    uint32_t copy;
};
struct message_place message_place(const struct message *message);

/* 1 (the least) to 5: what phones make of it. */
int message_priority(const struct message *message);

/* One JSON object and its newline. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status message_json(const struct message *message,
                                              struct buffer *out);
/* What can be seen where it is, in words; "" where that says nothing. */
char *message_sight(const struct message *message,
                    char text[INCIDENT_SIGHT_SIZE]);
/* One line, and what a person needs to know. Times are the machine's own. */
char *message_title(const struct message *message,
                    char text[MESSAGE_TITLE_SIZE]);
STING_MUST_USE enum sting_status message_text(const struct message *message,
                                              struct buffer *out);

/* "sha256=" and the HMAC-SHA256 of the body under the shared secret, in hex;
 * gives text back. */
char *message_sign(struct bytes secret, struct bytes body,
                   char text[MESSAGE_SIGNATURE_SIZE]);

#endif
