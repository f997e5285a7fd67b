/*
 * pending: passwords at work, between the files console_*.c: what each is for,
 * and what becomes of the request then.
 */
#ifndef STING_STATION_PENDING_H
#define STING_STATION_PENDING_H

#include "station/console_answer.h"

/* What a password is at work for. */
enum purpose {
    FOR_LOGIN,
    FOR_FIRST,
    FOR_OLD, /* the old one is checked; then the new one is set */
    FOR_OWN, /* one's own new one is set */
    FOR_ADD,
    FOR_CHANGE,
    FOR_TOTP_NEW,
    FOR_TOTP_OFF,
};

struct console_pending {
    bool is_open;
    uint64_t number;
    enum purpose purpose;
    int64_t id;                  /* of the request */
    uint64_t session;            /* whose, 0 without one */
    char user[CONFIG_NAME_SIZE]; /* whose password */
    char by[CONFIG_NAME_SIZE];
    unsigned role;
    char cameras[USERS_CAMERAS_SIZE];
    char code[9];
    char secret[257]; /* the new password, while the old one is checked */
    struct user_password with;
};

/* A place for a password that is at work for this request; NULL when there are
 * too many. */
struct console_pending *pending_begin(struct console *console,
                                      const struct asked *asked,
                                      enum purpose purpose);
/* Let it be computed (NULL: refuse); 0: the answer comes later. */
int pending_go(struct console *console, struct console_pending *pending,
               const char *password, struct reply *reply);
/* A new salt, and the rounds of today. */
void pending_salt(struct console *console, struct user_password *with);

/* What was asked is done; a password is too short; users are kept, or *http
 * says why not. */
int reply_done(struct reply *reply);
int reply_weak(struct reply *reply);
bool is_strong_password(const char *password);
bool users_keep(struct console *console, struct reply *reply, int *http);

/* A hash has come, of one's own password or of somebody else's. */
typedef int pending_done(struct console *console,
                         struct console_pending *pending, const uint8_t *hash,
                         struct moment now, struct reply *reply);
pending_done login_hashed, first_hashed, own_checked, own_hashed, add_hashed,
    change_hashed;

#endif
