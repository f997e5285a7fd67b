#include "station/users.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define HEAD "sting users 1\n"
#define MOST_BYTES ((size_t)256 * 1024)
#define WORDS 7 /* of a line */

/* The words of a line that ends with LF, blanks between; false when there
 * are more or fewer. The line is cut up. */
static bool words_cut(char *line, char *word[WORDS])
{
    for (int i = 0; i < WORDS; i++) {
        char *end = strchr(line, i + 1 < WORDS ? ' ' : '\n');
        if (!end || end == line) {
            return false;
        }
        *end = '\0';
        word[i] = line;
        line = end + 1;
    }
    return true;
}

static bool password_read(const char *log2_n, const char *salt,
                          const char *hash, struct user_password *out)
{
    uint32_t number = 0;
    bool ok = digits_read(&log2_n, 2, &number) && !*log2_n && number > 0 &&
              number <= 20;
    out->log2_n = number;
    return ok && !hex_read(bytes_of_text(salt), out->salt, USERS_SALT_SIZE) &&
           !hex_read(bytes_of_text(hash), out->hash, USERS_HASH_SIZE);
}

/* NAME ROLE CAMERAS MADE N:SALT:HASH -> cut further; TOTP or "-" */
static bool user_read(char *line, struct user *out)
{
    char *word[WORDS];
    if (!words_cut(line, word) || !config_name_is_valid(word[0]) ||
        !users_cameras_fit(word[2])) {
        return false;
    }
    snprintf(out->name, sizeof out->name, "%s", word[0]);
    snprintf(out->cameras, sizeof out->cameras, "%s", word[2]);
    out->role = ask_role_find(word[1]);
    char *salt = strchr(word[4], ':');
    if (!out->role || clock_parse(word[3], &out->made_us) || !salt) {
        return false;
    }
    *salt++ = '\0';
    out->has_totp = strcmp(word[6], "-") != 0;
    return password_read(word[4], salt, word[5], &out->password) &&
           (!out->has_totp || !totp_read(word[6], &out->totp));
}

enum sting_status users_load(int operation, struct users *out,
                             struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    *out = (struct users){0};
    enum sting_status status =
        file_read(operation, USERS_FILE, MOST_BYTES, &text, fault);
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    char *at = (char *)text.data;
    bool ok = text.size > strlen(HEAD) - 1 && !strncmp(at, HEAD, strlen(HEAD));
    at += ok ? strlen(HEAD) : 0;
    while (ok && *at) {
        char *end = strchr(at, '\n');
        ok = end && out->count < USERS_MOST &&
             user_read(at, &out->user[out->count]) &&
             !users_find(out, out->user[out->count].name);
        out->count += ok;
        at = ok ? end + 1 : at;
    }
    return ok ? STING_OK
              : fault_set(fault, STING_E_FORMAT,
                          "restore it from a backup, or remove it and begin "
                          "with a new one-time link",
                          "%s is damaged", USERS_FILE);
}

static enum sting_status user_write(const struct user *user, struct buffer *out)
{
    char salt[2 * USERS_SALT_SIZE + 1];
    char hash[2 * USERS_HASH_SIZE + 1];
    char made[CLOCK_TEXT_SIZE];
    char totp[TOTP_TEXT_SIZE] = "-";
    hex_write((struct bytes){user->password.salt, USERS_SALT_SIZE}, salt);
    hex_write((struct bytes){user->password.hash, USERS_HASH_SIZE}, hash);
    if (user->has_totp) {
        totp_text(&user->totp, totp);
    }
    return buffer_printf(out, "%s %s %s %s %u:%s %s %s\n", user->name,
                         ask_role_name(user->role), user->cameras,
                         clock_text(user->made_us, made), user->password.log2_n,
                         salt, hash, totp);
}

enum sting_status users_save(int operation, const struct users *users,
                             struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = buffer_text_append(&text, HEAD);
    for (size_t i = 0; i < users->count && !status; i++) {
        status = user_write(&users->user[i], &text);
    }
    return status ? status
                  : file_write(operation, USERS_FILE, buffer_bytes(&text), 0600,
                               fault);
}

struct user *users_find(struct users *users, const char *name)
{
    for (size_t i = 0; i < users->count; i++) {
        if (!strcmp(users->user[i].name, name)) {
            return &users->user[i];
        }
    }
    return NULL;
}

enum sting_status users_add(struct users *users, const char *name,
                            struct user **out)
{
    if (!config_name_is_valid(name)) {
        return STING_E_ARG;
    }
    if (users_find(users, name)) {
        return STING_E_BUSY;
    }
    if (users->count == USERS_MOST) {
        return STING_E_LIMIT;
    }
    *out = &users->user[users->count++];
    **out = (struct user){.role = ASK_VIEWER, .cameras = "*"};
    snprintf((*out)->name, sizeof(*out)->name, "%s", name);
    return STING_OK;
}

void users_remove(struct users *users, const char *name)
{
    struct user *user = users_find(users, name);
    if (user) {
        struct user *last = &users->user[--users->count];
        memmove(user, user + 1, (size_t)(last - user) * sizeof *user);
        *last = (struct user){0};
    }
}

size_t users_with(const struct users *users, unsigned role)
{
    size_t count = 0;
    for (size_t i = 0; i < users->count; i++) {
        count += users->user[i].role == role;
    }
    return count;
}

bool user_sees(const struct user *user, const char *camera)
{
    size_t size = strlen(camera);
    const char *at = user->cameras;
    if (!strcmp(at, "*")) {
        return true;
    }
    while (*at) {
        size_t word = strcspn(at, ",");
        if (word == size && !strncmp(at, camera, size)) {
            return true;
        }
        at += word + (at[word] == ',');
    }
    return false;
}

bool users_cameras_fit(const char *cameras)
{
    char name[CONFIG_NAME_SIZE];
    if (!strcmp(cameras, "*")) {
        return true;
    }
    if (strlen(cameras) >= USERS_CAMERAS_SIZE) {
        return false;
    }
    for (const char *at = cameras;; at++) {
        size_t word = strcspn(at, ",");
        if (word >= sizeof name) {
            return false;
        }
        snprintf(name, sizeof name, "%.*s", (int)word, at);
        if (!config_name_is_valid(name)) {
            return false;
        }
        at += word;
        if (!*at) {
            return true;
        }
    }
}
