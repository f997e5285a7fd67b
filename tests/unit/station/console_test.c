/* Users, sessions, passwords beside the loop: who is let in. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

#include "base/file.h"
#include "crypt/kdf.h"
#include "station/listen.h"
#include "station/password.h"
#include "station/session.h"
#include "station/users.h"

#define MINUTE_US (INT64_C(60) * 1000000)

static int folder_new(char path[64])
{
    (void)snprintf(path, 64, "/tmp/console-test-XXXXXX");
    assert_non_null(mkdtemp(path));
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(mkdirat(dir, "keys", 0700), 0);
    return dir;
}

static void folder_end(int dir, const char *path)
{
    unlinkat(dir, USERS_FILE, 0);
    unlinkat(dir, "keys", AT_REMOVEDIR);
    close(dir);
    rmdir(path);
}

static struct user *somebody(struct users *users, const char *name)
{
    struct user *user = NULL;
    assert_int_equal(users_add(users, name, &user), STING_OK);
    user->password = (struct user_password){.log2_n = 15};
    memset(user->password.hash, 0x5a, USERS_HASH_SIZE);
    user->made_us = INT64_C(1764164040250000);
    return user;
}

static void users_are_read_as_they_were_written(void **state)
{
    static struct users before, after;
    struct fault fault;
    char path[64];
    struct stat info;
    int dir = folder_new(path);
    (void)state;
    struct user *anna = somebody(&before, "anna");
    anna->role = ASK_ADMIN;
    anna->has_totp = true;
    memset(anna->totp.byte, 0xc3, TOTP_SECRET_SIZE);
    struct user *ben = somebody(&before, "ben");
    strcpy(ben->cameras, "garage,yard");
    assert_int_equal(users_save(dir, &before, &fault), STING_OK);
    assert_int_equal(fstatat(dir, USERS_FILE, &info, 0), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(users_load(dir, &after, &fault), STING_OK);
    assert_int_equal(after.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct user *is = &after.user[i], *was = &before.user[i];
        assert_string_equal(is->name, was->name);
        assert_string_equal(is->cameras, was->cameras);
        assert_int_equal(is->role, was->role);
        assert_int_equal(is->made_us, was->made_us);
        assert_int_equal(is->has_totp, was->has_totp);
        assert_memory_equal(&is->password, &was->password, sizeof is->password);
        assert_memory_equal(&is->totp, &was->totp, sizeof is->totp);
    }
    folder_end(dir, path);
}

static void a_damaged_file_of_users_lets_nobody_in(void **state)
{
    static const char *const line[] = {
        "anna king * 2026-11-26T14:00:00Z 15:00 00 -\n",
        "anna admin a..b 2026-11-26T14:00:00Z 15:00 00 -\n",
        "anna admin\n",
        "\n",
        ("anna admin * 2026-11-26T14:00:00Z 15:"
         "00112233445566778899aabbccddeeff 00 -\n"),
    };
    static struct users users;
    char path[64];
    int dir = folder_new(path);
    (void)state;
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
        struct fault fault;
        struct buffer text STING_AUTO(buffer_release) = {0};
        assert_int_equal(buffer_text_append(&text, "sting users 1\n"), 0);
        assert_int_equal(buffer_text_append(&text, line[i]), 0);
        assert_int_equal(
            file_write(dir, USERS_FILE, buffer_bytes(&text), 0600, &fault),
            STING_OK);
        assert_int_equal(users_load(dir, &users, &fault), STING_E_FORMAT);
    }
    folder_end(dir, path);
}

static void a_user_sees_the_cameras_that_are_named(void **state)
{
    struct user user = {.cameras = "garage,yard"};
    (void)state;
    assert_true(user_sees(&user, "garage"));
    assert_true(user_sees(&user, "yard"));
    assert_false(user_sees(&user, "yar"));
    assert_false(user_sees(&user, "yard2"));
    assert_false(user_sees(&user, "garage,yard"));
    strcpy(user.cameras, "*");
    assert_true(user_sees(&user, "anything"));
    assert_false(users_cameras_fit(""));
    assert_false(users_cameras_fit("garage,"));
    assert_false(users_cameras_fit("*,garage"));
    assert_false(users_cameras_fit("gar age"));
}

static void a_session_is_found_by_its_secret_and_by_nothing_else(void **state)
{
    static struct sessions sessions;
    char secret[ASK_SESSION_SIZE], other[ASK_SESSION_SIZE];
    (void)state;
    struct session *anna =
        sessions_begin(&sessions, "anna", MINUTE_US, &random_kernel, secret);
    sessions_begin(&sessions, "ben", MINUTE_US, &random_kernel, other);
    assert_ptr_equal(sessions_find(&sessions, secret, 2 * MINUTE_US), anna);
    assert_string_not_equal(secret, other);
    secret[3] = secret[3] == '0' ? '1' : '0';
    assert_null(sessions_find(&sessions, secret, 2 * MINUTE_US));
    assert_null(sessions_find(&sessions, "", 2 * MINUTE_US));
    /* The hash of nothing is nobody's. */
    assert_null(sessions_find(
        &sessions,
        "0000000000000000000000000000000000000000000000000000000000000000",
        2 * MINUTE_US));
}

static void a_session_ends_when_idle_and_when_old(void **state)
{
    static struct sessions sessions;
    char secret[ASK_SESSION_SIZE];
    (void)state;
    struct session *anna =
        sessions_begin(&sessions, "anna", 0, &random_kernel, secret);
    session_see(anna, 29 * MINUTE_US);
    assert_non_null(sessions_find(&sessions, secret, 58 * MINUTE_US));
    session_see(anna, 58 * MINUTE_US);
    assert_null(sessions_find(&sessions, secret, 89 * MINUTE_US));
    anna = sessions_begin(&sessions, "anna", 0, &random_kernel, secret);
    int64_t at_us = 0;
    for (; at_us <= SESSION_MOST_US; at_us += 20 * MINUTE_US) {
        assert_non_null(sessions_find(&sessions, secret, at_us));
        session_see(anna, at_us);
    }
    assert_null(sessions_find(&sessions, secret, at_us));
}

/* A page that nobody sits at asks on and on. */
static void asking_alone_keeps_nobody_logged_in(void **state)
{
    static struct sessions sessions;
    char secret[ASK_SESSION_SIZE];
    (void)state;
    sessions_begin(&sessions, "anna", 0, &random_kernel, secret);
    for (int64_t minute = 0; minute <= 30; minute++) {
        assert_non_null(sessions_find(&sessions, secret, minute * MINUTE_US));
    }
    assert_null(sessions_find(&sessions, secret, 31 * MINUTE_US));
}

/* A code is good once, whoever else leaves meanwhile. */
static void what_is_known_of_a_telephone_goes_with_its_user(void **state)
{
    static struct users users;
    struct user *user = NULL;
    (void)state;
    static const char *const name[] = {"anna", "ben", "carl"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(users_add(&users, name[i], &user), STING_OK);
        user->totp_used = 100 + i;
    }
    users_remove(&users, "anna");
    assert_int_equal(users_find(&users, "ben")->totp_used, 101);
    assert_int_equal(users_find(&users, "carl")->totp_used, 102);
    assert_int_equal(users_add(&users, "dora", &user), STING_OK);
    assert_int_equal(user->totp_used, 0);
}

static void sessions_of_a_user_end_but_one(void **state)
{
    static struct sessions sessions;
    char first[ASK_SESSION_SIZE], second[ASK_SESSION_SIZE];
    (void)state;
    struct session *kept =
        sessions_begin(&sessions, "anna", 0, &random_kernel, first);
    sessions_begin(&sessions, "anna", 0, &random_kernel, second);
    assert_int_equal(sessions_end_of(&sessions, "anna", kept), 1);
    assert_non_null(sessions_find(&sessions, first, 1));
    assert_null(sessions_find(&sessions, second, 1));
}

static void hashes_come_in_order_and_no_more_than_fit_wait(void **state)
{
    struct passwords *passwords = NULL;
    const struct user_password with = {.log2_n = 10, .salt = "salt of the sea"};
    uint8_t wanted[USERS_HASH_SIZE], got[USERS_HASH_SIZE];
    uint64_t number = 0, accepted = 0;
    bool ok = false;
    (void)state;
    assert_int_equal(scrypt(bytes_of_text("a long password"),
                            (struct bytes){with.salt, USERS_SALT_SIZE}, 10,
                            wanted, sizeof wanted),
                     STING_OK);
    assert_int_equal(passwords_new(&passwords), STING_OK);
    while (passwords_ask(passwords, accepted + 1, "a long password", &with) ==
           STING_OK) {
        accepted++;
        assert_true(accepted <= PASSWORDS_MOST + 1);
    }
    assert_true(accepted >= PASSWORDS_MOST);
    for (uint64_t i = 1; i <= accepted; i++) {
        struct pollfd ready = {passwords_fd(passwords), POLLIN, 0};
        assert_int_equal(poll(&ready, 1, 30000), 1);
        assert_true(passwords_take(passwords, &number, &ok, got));
        assert_int_equal(number, i);
        assert_true(ok);
        assert_memory_equal(got, wanted, sizeof got);
    }
    assert_false(passwords_take(passwords, &number, &ok, got));
    passwords_free(&passwords);
}

static void a_port_alone_means_this_machine(void **state)
{
    char at[LISTEN_TEXT_SIZE];
    struct fault fault;
    int fd = -1;
    (void)state;
    assert_int_equal(listen_open("0", &fd, at, &fault), STING_OK);
    assert_int_equal(strncmp(at, "127.0.0.1:", 10), 0);
    fd_close(&fd);
    assert_int_equal(listen_open("[::1]:0", &fd, at, &fault), STING_OK);
    assert_int_equal(strncmp(at, "[::1]:", 6), 0);
    fd_close(&fd);
    static const char *const none[] = {
        "", "localhost:1", ":1", "127.0.0.1", "[::1:1", "[]:1", "1.2.3.4.5:1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(listen_open(none[i], &fd, at, &fault), STING_E_ARG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_read_as_they_were_written),
        cmocka_unit_test(a_damaged_file_of_users_lets_nobody_in),
        cmocka_unit_test(a_user_sees_the_cameras_that_are_named),
        cmocka_unit_test(a_session_is_found_by_its_secret_and_by_nothing_else),
        cmocka_unit_test(a_session_ends_when_idle_and_when_old),
        cmocka_unit_test(asking_alone_keeps_nobody_logged_in),
        cmocka_unit_test(what_is_known_of_a_telephone_goes_with_its_user),
        cmocka_unit_test(sessions_of_a_user_end_but_one),
        cmocka_unit_test(hashes_come_in_order_and_no_more_than_fit_wait),
        cmocka_unit_test(a_port_alone_means_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
