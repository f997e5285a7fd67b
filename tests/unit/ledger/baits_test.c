/* Every bait is judged, however many there are, and where one is not this is
 * said. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/verify_baits.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/judge.h"

static struct garden garden;

static char *hash_text(const char *text, char hex[DIGEST_TEXT_SIZE])
{
    return digest_text(digest_of(bytes_of_text(text)), hex);
}

static void put(int number, const char *name, const char *text)
{
    char path[64];
    (void)snprintf(path, sizeof path, "bait/b%d/%s", number, name);
    assert_true(!file_write(garden.dir, path, bytes_of_text(text), 0600, NULL));
}

static void add_line(struct ledger *ledger, int number)
{
    char hex[2][DIGEST_TEXT_SIZE];
    char name[16];
    (void)snprintf(name, sizeof name, "b%d", number);
    const struct line_field added[] = {
        {"bait", name},
        {"state", "added"},
        {"original", hash_text("plain", hex[0])},
        {"pages", "6"},
        {"sealed", hash_text("a tank", hex[0])},
        {"reference", hash_text("its words", hex[1])}};
    /* Signed together at the end: one by one would take long. */
    assert_true(
        !ledger_append_line(ledger, garden.now, "bait", added, 6, NULL, NULL));
}

/* Baits `first` to `last`: with their files, or a folder alone, as a crash
 * between a line and its files leaves it. */
static void add_baits(int first, int last, bool is_whole)
{
    struct ledger *ledger = garden_open(&garden);
    for (int i = first; i <= last; i++) {
        char path[32];
        (void)snprintf(path, sizeof path, "bait/b%d", i);
        assert_int_equal(mkdirat(garden.dir, path, 0700), 0);
        if (is_whole) {
            put(i, "original.pdf.age", "a tank");
            put(i, "reference.age", "its words");
        }
        add_line(ledger, i);
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

static void make(void)
{
    garden_make(&garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    assert_int_equal(mkdirat(garden.dir, "bait", 0700), 0);
}

static void the_last_of_many_baits_is_judged(void **state)
{
    (void)state;
    make();
    add_baits(1, 600, true);
    assert_verdict(&garden, VERIFY_INTACT);
    put(600, "original.pdf.age", "another tank");
    assert_reason(&garden, VERIFY_TAMPERED, "not the one that the ledger");
    put(600, "original.pdf.age", "a tank");
    put(300, "reference.age", "other words");
    assert_reason(&garden, VERIFY_TAMPERED, "not the one that the ledger");
    garden_remove(&garden);
}

static void a_bait_that_is_not_judged_is_told(void **state)
{
    (void)state;
    make();
    add_baits(1, VERIFY_MOST_BAITS, false);
    assert_verdict(&garden, VERIFY_INTACT);
    add_baits(VERIFY_MOST_BAITS + 1, VERIFY_MOST_BAITS + 1, true);
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "more than 16384 baits");
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_last_of_many_baits_is_judged),
        cmocka_unit_test(a_bait_that_is_not_judged_is_told),
    };
    return cmocka_run_group_tests_name("baits", test, NULL, NULL);
}
