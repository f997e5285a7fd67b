#include "cli/trace_files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

#define NOBODY 65534
#define LONG_NAME 200
#define LONG_NAMES ((PATH_MAX / LONG_NAME) + 2)

static char root[] = "/tmp/sting-files-XXXXXX";

static void file_make(int dir, const char *name)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    close(fd);
}

static int folder_make_at(int dir, const char *name)
{
    assert_int_equal(mkdirat(dir, name, 0755), 0);
    int made = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(made >= 0);
    return made;
}

/* So many folders in each other, a file in the last. */
static void chain_make(int dir, const char *name, int folders)
{
    int at = dup(dir);
    for (int i = 0; i < folders; i++) {
        int next = folder_make_at(at, name);
        close(at);
        at = next;
    }
    file_make(at, "last.jpg");
    close(at);
}

static int card_make(void **state)
{
    char name[LONG_NAME + 1];
    (void)state;
    assert_non_null(mkdtemp(root));
    assert_int_equal(chmod(root, 0755), 0);
    int dir = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    memset(name, 'l', LONG_NAME);
    name[LONG_NAME] = '\0';
    chain_make(dir, "d", TRACE_MOST_DEPTH + 1);
    chain_make(dir, name, LONG_NAMES);
    assert_int_equal(symlinkat("one.jpg", dir, "link.jpg"), 0);
    file_make(dir, "one.jpg");
    assert_int_equal(mkfifoat(dir, "pipe", 0644), 0);
    assert_int_equal(mkdirat(dir, "shut", 0), 0);
    close(dir);
    return 0;
}

static int card_remove(void **state)
{
    char command[sizeof root + 20];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command); /* NOLINT: names too long for nftw */
}

/* As somebody whom permissions hold. */
static enum sting_status add_as_nobody(struct trace_files *files,
                                       const char *path, struct fault *fault)
{
    uid_t self = geteuid();
    assert_true(self != 0 || seteuid(NOBODY) == 0);
    enum sting_status status = trace_files_add(files, path, fault);
    assert_true(self != 0 || seteuid(0) == 0);
    return status;
}

static void what_cannot_be_examined_is_listed(void **state)
{
    (void)state;
    static const char *const why[] = {
        "a folder too far down", "a link",
        "its path is too long",  NULL,
        "no file: a pipe",       "a folder that cannot"};
    const size_t count = sizeof why / sizeof *why;
    struct trace_files files STING_AUTO(trace_files_release) = {0};
    struct fault fault = {"", ""};
    assert_int_equal(add_as_nobody(&files, root, &fault), STING_OK);
    assert_int_equal(files.count, count);
    for (size_t i = 0; i < count; i++) {
        const struct trace_file *file = &files.file[i];
        assert_true(file->is_found);
        assert_true(why[i] ? file->why &&
                                 !strncmp(file->why, why[i], strlen(why[i]))
                           : !file->why);
    }
}

static void a_folder_that_is_named_must_be_readable(void **state)
{
    (void)state;
    char shut[sizeof root + 10];
    struct trace_files files STING_AUTO(trace_files_release) = {0};
    struct fault fault = {"", ""};
    snprintf(shut, sizeof shut, "%s/shut", root);
    assert_int_equal(add_as_nobody(&files, shut, &fault), STING_E_IO);
    assert_non_null(strstr(fault.why, "cannot be read"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_cannot_be_examined_is_listed),
        cmocka_unit_test(a_folder_that_is_named_must_be_readable),
    };
    return cmocka_run_group_tests(test, card_make, card_remove);
}
