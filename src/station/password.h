/*
 * password: scrypt beside the loop, one at a time, since each takes a tenth
 * of a second and the core never waits.
 *
 * Threads: one of its own for each; what is here is the loop's.
 */
#ifndef STING_STATION_PASSWORD_H
#define STING_STATION_PASSWORD_H

#include "base/base.h"
#include "station/users.h"

#define PASSWORDS_MOST 8 /* waiting */

struct passwords;

/* Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status passwords_new(struct passwords **out);
/* Waits for the one at work. */
void passwords_free(struct passwords **passwords);

/* Compute scrypt of a password with that salt and those rounds; `number` comes
 * back with the result. Fails: E_BUSY when too many wait, E_NOMEM. */
STING_MUST_USE enum sting_status passwords_ask(
    struct passwords *passwords, uint64_t number, const char *password,
    const struct user_password *with);

/* Readable when a result is there. */
int passwords_fd(const struct passwords *passwords);

/* The next result: false when there is none. ok false: no memory for it. */
bool passwords_take(struct passwords *passwords, uint64_t *number, bool *ok,
                    uint8_t out[USERS_HASH_SIZE]);

#endif
