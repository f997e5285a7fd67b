#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE

#include "operation/passphrase.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/check.h"

#define WORD "seven green watering cans"
#define TRIES 1000 /* of 10 ms */

/* The child's side: its terminal takes no output until it is let. Exits with
 * 0 when the passphrase that it got is the one that was typed. */
static void ask_at(const char *name)
{
    struct fault fault = {"", ""};
    struct passphrase got = {0};
    setsid();
    int terminal = open(name, O_RDWR);
    if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0) < 0 ||
        tcflow(terminal, TCOOFF) != 0) {
        _exit(3);
    }
    if (passphrase_read(NULL, PASSPHRASE_OPEN, "", &got, &fault)) {
        _exit(2);
    }
    _exit(got.size == strlen(WORD) && !memcmp(got.byte, WORD, got.size) ? 0
                                                                        : 1);
}

static bool shows_what_is_typed(int terminal)
{
    struct termios is;
    assert_int_equal(tcgetattr(terminal, &is), 0);
    return is.c_lflag & ECHO;
}

/* Who answers a prompt the moment he sees it is heard in full, and nothing
 * of it is shown. */
static void the_echo_is_off_before_the_prompt_is_written(void **state)
{
    (void)state;
    int status = -1;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0);
    assert_int_equal(grantpt(terminal), 0);
    assert_int_equal(unlockpt(terminal), 0);
    int held = open(ptsname(terminal), O_RDWR | O_NOCTTY); /* never hung up */
    assert_true(held >= 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(terminal);
        ask_at(ttyname(held));
    }
    for (int i = 0; i < TRIES && shows_what_is_typed(terminal); i++) {
        usleep(10000);
    }
    bool was_shown = shows_what_is_typed(terminal);
    assert_int_equal(write(terminal, WORD "\n", strlen(WORD) + 1),
                     strlen(WORD) + 1);
    assert_int_equal(tcflow(held, TCOON), 0);
    if (was_shown) {
        kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    close(held);
    close(terminal);
    assert_false(was_shown);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_echo_is_off_before_the_prompt_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
