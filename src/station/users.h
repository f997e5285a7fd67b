/*
 * users: who may use the console, as OP/keys/users keeps it.
 *
 * Passwords are kept as scrypt of them; the secret of a telephone is plain,
 * since a station starts alone. Format: docs/formats/folder.md.
 */
#ifndef STING_STATION_USERS_H
#define STING_STATION_USERS_H

#include "base/fault.h"
#include "crypt/totp.h"
#include "operation/config.h"
#include "wire/ask.h"

#define USERS_FILE "keys/users"
#define USERS_MOST 64
#define USERS_CAMERAS_SIZE 2201
#define USERS_SALT_SIZE 16
#define USERS_HASH_SIZE 32
#define USERS_LOG2_N 15
#define USERS_LEAST_PASSWORD 12 /* bytes */

struct user_password {
    unsigned log2_n;
    uint8_t salt[USERS_SALT_SIZE];
    uint8_t hash[USERS_HASH_SIZE];
};

struct user {
    char name[CONFIG_NAME_SIZE];
    unsigned role;                    /* one of enum ask_role */
    char cameras[USERS_CAMERAS_SIZE]; /* names with commas, or "*" */
    struct user_password password;
    bool has_totp;
    struct totp_secret totp;
    int64_t made_us;
    /* Not in the file. */
    uint64_t totp_used;    /* the last step of his telephone that was taken */
    bool has_offer;        /* a telephone that is not confirmed */
    int64_t deeds_us;      /* boot time up to which his deeds are counted */
    int64_t deeds_told_us; /* boot time when too many were told; 0: never */
    struct totp_secret totp_offer;
};

struct users {
    size_t count;
    struct user user[USERS_MOST];
};

/* Read the file; none is no users. Fails: E_FORMAT, E_IO, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status users_load(int operation, struct users *out,
                                            struct fault *fault);
/* Write it, whole or not at all. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status users_save(int operation,
                                            const struct users *users,
                                            struct fault *fault);

/* NULL when there is none; borrowed until one is removed. */
struct user *users_find(struct users *users, const char *name);

/* A place for a new one. Fails: E_ARG for a name that is none, E_BUSY when it
 * is taken, E_LIMIT. */
STING_MUST_USE enum sting_status users_add(struct users *users,
                                           const char *name, struct user **out);
void users_remove(struct users *users, const char *name);

/* How many have that role. */
size_t users_with(const struct users *users, unsigned role);

/* May this user see that camera? */
bool user_sees(const struct user *user, const char *camera);

/* Is that "*" or a list of names? */
bool users_cameras_fit(const char *cameras);

#endif
