/* The published test kit of age: what must open opens, what must not does
 * not, for the reason that the kit gives, and gives out nothing else. */
#include <dirent.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypt/digest.h"
#include "ledger/age.h"
#include "tests/check.h"

#define MOST_KEYS 4
#define MOST_BYTES ((size_t)32 * 1024 * 1024)

static const char *folder;

struct vector {
    char expect[32];
    struct digest payload;
    bool has_payload;
    struct secret identity[MOST_KEYS];
    size_t identities;
    char passphrase[64];
    bool is_compressed;
    struct bytes file; /* view */
};

static void take_head(struct vector *vector, const char *key, const char *value)
{
    if (!strcmp(key, "expect")) {
        snprintf(vector->expect, sizeof vector->expect, "%s", value);
    } else if (!strcmp(key, "payload")) {
        vector->has_payload =
            !digest_parse(bytes_of_text(value), &vector->payload);
    } else if (!strcmp(key, "identity")) {
        assert_true(vector->identities < MOST_KEYS);
        assert_true(!age_identity_parse(
            bytes_of_text(value), &vector->identity[vector->identities++]));
    } else if (!strcmp(key, "passphrase") && !vector->passphrase[0]) {
        snprintf(vector->passphrase, sizeof vector->passphrase, "%s", value);
    } else if (!strcmp(key, "compressed")) {
        vector->is_compressed = true;
    }
}

static void parse(struct bytes text, struct vector *vector)
{
    while (text.size > 0) {
        char line[4096];
        const uint8_t *lf = memchr(text.data, '\n', text.size);
        assert_non_null(lf);
        size_t size = (size_t)(lf - text.data);
        assert_true(size < sizeof line);
        memcpy(line, text.data, size);
        line[size] = '\0';
        text = (struct bytes){lf + 1, text.size - size - 1};
        if (size == 0) {
            vector->file = text;
            return;
        }
        char *colon = strstr(line, ": ");
        assert_non_null(colon);
        *colon = '\0';
        take_head(vector, line, colon + 2);
    }
}

static void inflate(struct vector *vector, struct buffer *plain)
{
    struct libdeflate_decompressor *machine = libdeflate_alloc_decompressor();
    assert_true(!buffer_reserve(plain, MOST_BYTES));
    assert_int_equal(libdeflate_zlib_decompress(machine, vector->file.data,
                                                vector->file.size, plain->data,
                                                MOST_BYTES, &plain->size),
                     LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(machine);
    vector->file = buffer_bytes(plain);
}

/* Is this what the kit expects? */
static bool is_expected(const char *expect, enum sting_status status)
{
    static const struct {
        const char *expect;
        enum sting_status status[3];
    } row[] = {
        {"success", {STING_OK, STING_OK, STING_OK}},
        {"no match", {STING_E_ABSENT, STING_E_ABSENT, STING_E_ABSENT}},
        {"HMAC failure", {STING_E_FORGED, STING_E_FORGED, STING_E_FORGED}},
        {"header failure", {STING_E_FORMAT, STING_E_LIMIT, STING_E_FORMAT}},
        {"payload failure", {STING_E_FORGED, STING_E_FORMAT, STING_E_FORMAT}},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!strcmp(row[i].expect, expect)) {
            return status == row[i].status[0] || status == row[i].status[1] ||
                   status == row[i].status[2];
        }
    }
    fail_msg("the kit expects %s", expect);
    return false;
}

/* Once whole, once in pieces of 1,000 bytes. */
static enum sting_status open_in_pieces(const struct age_with *with,
                                        struct bytes file, struct buffer *out)
{
    struct age_reader *reader STING_AUTO(age_reader_free) = NULL;
    enum sting_status status = age_reader_new(with, &reader);
    while (!status && file.size > 0) {
        size_t size = file.size < 1000 ? file.size : 1000;
        status = age_reader_put(reader, (struct bytes){file.data, size}, out);
        file = (struct bytes){file.data + size, file.size - size};
    }
    return status ? status : age_reader_end(reader, out);
}

static void check_given(const char *name, const struct vector *vector,
                        enum sting_status status, struct bytes out)
{
    if (!is_expected(vector->expect, status)) {
        fail_msg("%s: expected %s, got %s", name, vector->expect,
                 sting_status_text(status));
    }
    if (vector->has_payload && !digest_equal(digest_of(out), vector->payload)) {
        fail_msg("%s: another payload, of %zu bytes", name, out.size);
    }
    assert_true(vector->has_payload || out.size == 0);
}

static void check(const char *name, const struct vector *vector)
{
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    struct age_with with = {.identity = vector->identity,
                            .identities = vector->identities};
    if (vector->passphrase[0]) {
        with =
            (struct age_with){.passphrase = bytes_of_text(vector->passphrase)};
    }
    enum sting_status status = age_open(&with, vector->file, &whole);
    check_given(name, vector, status, buffer_bytes(&whole));
    status = open_in_pieces(&with, vector->file, &pieces);
    check_given(name, vector, status, buffer_bytes(&pieces));
}

static void every_published_vector_gets_its_verdict(void **state)
{
    (void)state;
    size_t vectors = 0;
    int dir = open(folder, O_RDONLY | O_DIRECTORY);
    DIR *listing = fdopendir(dir);
    assert_non_null(listing);
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        struct buffer plain STING_AUTO(buffer_release) = {0};
        struct vector vector = {.expect = ""};
        if (one->d_name[0] == '.' || strchr(one->d_name, '.')) {
            continue;
        }
        assert_true(!file_read(dir, one->d_name, MOST_BYTES, &text, NULL));
        parse(buffer_bytes(&text), &vector);
        if (vector.is_compressed) {
            inflate(&vector, &plain);
        }
        check(one->d_name, &vector);
        vectors++;
    }
    closedir(listing);
    print_message("%zu vectors\n", vectors);
    assert_true(vectors >= 90);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_published_vector_gets_its_verdict),
    };
    folder = argc > 1 ? argv[1] : "tests/unit/ledger/testkit";
    return cmocka_run_group_tests_name("age kit", test, NULL, NULL);
}
