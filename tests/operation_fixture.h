/*
 * operation_fixture: a small operation in a folder of its own, for tests.
 *
 * Its scrypt is weak, so that a test costs milliseconds.
 */
#ifndef STING_TESTS_OPERATION_FIXTURE_H
#define STING_TESTS_OPERATION_FIXTURE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/reader.h"
#include "operation/create.h"
#include "operation/operation.h"
#include "operation/passphrase.h"
#include "operation/writer.h"
#include "tests/check.h"

#define FIXTURE_PASSPHRASE "correct horse"

struct fixture {
    char folder[64]; /* temporary */
    char path[80];   /* of the operation in it */
};

static inline int fixture_entry_remove(const char *path,
                                       const struct stat *info, int type,
                                       struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

static inline void fixture_release(struct fixture *fixture)
{
    (void)nftw(fixture->folder, fixture_entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* Make the operation; `more` is added to the end of its operation.yaml. */
static inline struct fixture fixture_make(const char *more)
{
    struct fixture fixture = {"/tmp/sting-test-XXXXXX", ""};
    struct operation_made made;
    struct fault fault = {"", ""};
    const struct operation_plan plan = {
        .goal = "Find who copies the water tank",
        .legal_basis = "Works agreement 12",
        .decided_by = "Head of security",
        .passphrase = bytes_of_text(FIXTURE_PASSPHRASE),
        .log2_n = 8};
    assert_non_null(mkdtemp(fixture.folder));
    snprintf(fixture.path, sizeof fixture.path, "%s/op", fixture.folder);
    if (operation_create(fixture.path, &plan, &random_kernel, clock_now(),
                         &made, &fault)) {
        fail_msg("%s: %s", fault.why, fault.todo);
    }
    if (more) {
        char config[128];
        snprintf(config, sizeof config, "%s/operation.yaml", fixture.path);
        struct buffer text STING_AUTO(buffer_release) = {0};
        assert_true(!file_read(AT_FDCWD, config, 65536, &text, NULL));
        /* The list at the end is empty; a new one takes its place. */
        char *alerts = strstr((char *)text.data, "alerts:");
        text.size = (size_t)(alerts - (char *)text.data);
        assert_true(!buffer_text_append(&text, more));
        assert_true(
            !file_write(AT_FDCWD, config, buffer_bytes(&text), 0600, NULL));
    }
    return fixture;
}

static inline struct operation *fixture_open(const struct fixture *fixture)
{
    struct operation *operation = NULL;
    struct fault fault = {"", ""};
    if (operation_open(fixture->path, &operation, &fault)) {
        fail_msg("%s: %s", fault.why, fault.todo);
    }
    return operation;
}

static inline void fixture_unlock(const struct operation *operation,
                                  struct operation_keys *keys)
{
    struct passphrase passphrase = {.size = strlen(FIXTURE_PASSPHRASE)};
    struct fault fault = {"", ""};
    memcpy(passphrase.byte, FIXTURE_PASSPHRASE, passphrase.size);
    if (operation_keys_unlock(operation, OPERATION_IDENTITY | OPERATION_MARK,
                              &passphrase, keys, &fault)) {
        fail_msg("%s", fault.why);
    }
}

static inline struct writer *fixture_writer(const struct operation *operation)
{
    struct writer *writer = NULL;
    struct fault fault = {"", ""};
    if (writer_open(operation, clock_now, &writer, &fault)) {
        fail_msg("%s", fault.why);
    }
    return writer;
}

/* How many lines of a kind the ledger has; the last one in *last. */
static inline int fixture_lines(const struct operation *operation,
                                const char *kind, struct buffer *last)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int count = 0;
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, kind)) {
            count++;
            last->size = 0;
            assert_true(!buffer_append(last, ledger_reader_text(reader)));
        }
    }
    return count;
}

#endif
