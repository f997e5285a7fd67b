#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/age.h"
#include "ledger/age_header.h"
#include "ledger/bech32.h"
#include "tests/check.h"

extern char **environ;

/* Two recipients and their identities, the same in every test. */
static struct secret identity[2];
static struct agreement_key recipient[2];
static char folder[] = "/tmp/sting-age-XXXXXX";
static int dir = -1;

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        identity[i] = random_secret(&random_kernel);
        recipient[i] = agreement_public(&identity[i]);
    }
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        return -1;
    }
    dir = open(folder, O_RDONLY | O_DIRECTORY);
    return dir < 0 ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    static const char *const made[] = {"plain", "sealed", "key", "out"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        unlinkat(dir, made[i], 0);
    }
    fd_close(&dir);
    return rmdir(folder);
}

static const struct age_to both = {.recipient = recipient, .recipients = 2};
static const struct age_with second = {.identity = &identity[1],
                                       .identities = 1};

/* `size` bytes that do not repeat soon. */
static void fill(struct buffer *out, size_t size)
{
    uint32_t x = 12345;
    assert_true(!buffer_reserve(out, size));
    for (size_t i = 0; i < size; i++) {
        x = x * 1664525 + 1013904223;
        out->data[out->size++] = (uint8_t)(x >> 24);
    }
}

static void seal(struct bytes plain, struct buffer *out)
{
    assert_true(!age_seal(&both, &random_kernel, plain, out));
}

/* Sizes around the borders of a chunk. */
static const size_t size_of_case[] = {0,      1,      15,     16,    17,
                                      4096,   65535,  65536,  65537, 131071,
                                      131072, 131073, 1000000};
#define CASES (sizeof size_of_case / sizeof *size_of_case)

/* Run a program with its arguments; true when it ends with 0. */
static bool runs(const char *const argument[])
{
    pid_t pid = 0;
    int ended = -1;
    char *copy[16] = {0};
    for (size_t i = 0; argument[i] && i < 15; i++) {
        copy[i] = strdup(argument[i]);
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (!posix_spawnp(&pid, copy[0], &actions, NULL, copy, environ)) {
        waitpid(pid, &ended, 0);
    }
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; copy[i]; i++) {
        free(copy[i]);
    }
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
}

static void save(const char *name, struct bytes bytes)
{
    assert_true(!file_write(dir, name, bytes, 0600, NULL));
}

/* The valid strings of BIP 173 that carry a payload of whole bytes. */
static void bech32_matches_published_vectors(void **state)
{
    (void)state;
    uint8_t out[32];
    char text[BECH32_MOST_TEXT];
    /* The identity and recipient published with the age specification. */
    struct secret published;
    const char *secret_text = "AGE-SECRET-KEY-"
                              "1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYY"
                              "SJZGFPQ4EGAEX";
    assert_true(!age_identity_parse(bytes_of_text(secret_text), &published));
    for (size_t i = 0; i < SECRET_SIZE; i++) {
        assert_int_equal(published.byte[i], 0x42);
    }
    struct agreement_key key = agreement_public(&published);
    char key_text[AGE_TEXT_SIZE];
    age_recipient_text(&key, key_text);
    assert_string_equal(
        key_text,
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
    age_identity_text(&published, key_text);
    assert_string_equal(key_text, secret_text);

    static const uint8_t program[] = {0x75, 0x1e, 0x76, 0xe8, 0x19, 0x91, 0x96};
    bech32_write("split", (struct bytes){program, sizeof program}, text);
    assert_true(!bech32_read(bytes_of_text(text), "split", out, 7));
    assert_memory_equal(out, program, 7);
}

static void a_key_with_any_letter_changed_is_refused(void **state)
{
    (void)state;
    char text[AGE_TEXT_SIZE];
    struct agreement_key out = {{9}};
    age_recipient_text(&recipient[0], text);
    assert_true(!age_recipient_parse(bytes_of_text(text), &out));
    assert_memory_equal(&out, &recipient[0], sizeof out);
    for (size_t i = 0; text[i]; i++) {
        char kept = text[i];
        text[i] = kept == 'q' ? 'p' : 'q';
        assert_int_equal(age_recipient_parse(bytes_of_text(text), &out),
                         STING_E_FORMAT);
        text[i] = kept;
    }
    text[10] = 'Q'; /* mixed case */
    assert_int_equal(age_recipient_parse(bytes_of_text(text), &out),
                     STING_E_FORMAT);
    assert_int_equal(age_recipient_parse(bytes_of_text(""), &out),
                     STING_E_FORMAT);
    assert_int_equal(age_recipient_parse(bytes_of_text("age1"), &out),
                     STING_E_FORMAT);
}

static void each_recipient_opens_what_was_sealed_to_both(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct buffer plain STING_AUTO(buffer_release) = {0};
        struct buffer sealed STING_AUTO(buffer_release) = {0};
        fill(&plain, size_of_case[i]);
        seal(buffer_bytes(&plain), &sealed);
        for (size_t k = 0; k < 2; k++) {
            struct age_with with = {.identity = &identity[k], .identities = 1};
            struct buffer out STING_AUTO(buffer_release) = {0};
            assert_true(!age_open(&with, buffer_bytes(&sealed), &out));
            assert_true(bytes_equal(buffer_bytes(&plain), buffer_bytes(&out)));
        }
    }
}

static void a_stranger_opens_nothing(void **state)
{
    (void)state;
    struct secret stranger = random_secret(&random_kernel);
    struct age_with with = {.identity = &stranger, .identities = 1};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    seal(bytes_of_text("water"), &sealed);
    assert_int_equal(age_open(&with, buffer_bytes(&sealed), &out),
                     STING_E_ABSENT);
    assert_int_equal(out.size, 0);
}

static void the_program_age_opens_what_we_seal(void **state)
{
    (void)state;
    char text[AGE_TEXT_SIZE + 1];
    age_identity_text(&identity[1], text);
    memcpy(text + strlen(text), "\n", 2);
    save("key", bytes_of_text(text));
    for (size_t i = 0; i < CASES; i++) {
        struct buffer plain STING_AUTO(buffer_release) = {0};
        struct buffer sealed STING_AUTO(buffer_release) = {0};
        struct buffer out STING_AUTO(buffer_release) = {0};
        fill(&plain, size_of_case[i]);
        struct age_to to = both;
        to.note = "camera=garage frames=25 t0=2011-11-01T20:04:41.250000Z";
        assert_true(
            !age_seal(&to, &random_kernel, buffer_bytes(&plain), &sealed));
        save("sealed", buffer_bytes(&sealed));
        save("out", (struct bytes){0}); /* age leaves it so when it is empty */
        assert_true(runs((const char *const[]){"age", "-d", "-i", "key", "-o",
                                               "out", "sealed", NULL}));
        assert_true(!file_read(dir, "out", 2000000, &out, NULL));
        assert_true(bytes_equal(buffer_bytes(&plain), buffer_bytes(&out)));
    }
}

static void we_open_what_the_program_age_seals(void **state)
{
    (void)state;
    char to[2][AGE_TEXT_SIZE];
    age_recipient_text(&recipient[0], to[0]);
    age_recipient_text(&recipient[1], to[1]);
    for (size_t i = 0; i < CASES; i++) {
        struct buffer plain STING_AUTO(buffer_release) = {0};
        struct buffer sealed STING_AUTO(buffer_release) = {0};
        struct buffer out STING_AUTO(buffer_release) = {0};
        fill(&plain, size_of_case[i]);
        save("plain", buffer_bytes(&plain));
        assert_true(runs((const char *const[]){"age", "-r", to[0], "-r", to[1],
                                               "-o", "sealed", "plain", NULL}));
        assert_true(!file_read(dir, "sealed", 2000000, &sealed, NULL));
        assert_true(!age_open(&second, buffer_bytes(&sealed), &out));
        assert_true(bytes_equal(buffer_bytes(&plain), buffer_bytes(&out)));
    }
}

static void a_passphrase_opens_and_another_does_not(void **state)
{
    (void)state;
    struct age_to to = {.passphrase = bytes_of_text("four garden words here"),
                        .log2_n = 10};
    struct age_with with = {.passphrase = to.passphrase};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(
        !age_seal(&to, &random_kernel, bytes_of_text("water"), &sealed));
    assert_true(!age_open(&with, buffer_bytes(&sealed), &out));
    assert_string_equal(buffer_text(&out), "water");
    with.passphrase = bytes_of_text("four garden words her");
    assert_int_equal(age_open(&with, buffer_bytes(&sealed), &out),
                     STING_E_ABSENT);
    assert_int_equal(age_open(&second, buffer_bytes(&sealed), &out),
                     STING_E_ABSENT);
}

static void a_file_fed_in_pieces_opens_as_one_fed_whole(void **state)
{
    (void)state;
    static const size_t step[] = {1, 7, 16, 65535, 65552, 65553, 200000};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    fill(&plain, 140000);
    seal(buffer_bytes(&plain), &sealed);
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
        struct age_reader *reader STING_AUTO(age_reader_free) = NULL;
        struct buffer out STING_AUTO(buffer_release) = {0};
        assert_true(!age_reader_new(&second, &reader));
        for (size_t at = 0; at < sealed.size; at += step[i]) {
            size_t left = sealed.size - at;
            struct bytes piece = {sealed.data + at,
                                  left < step[i] ? left : step[i]};
            assert_true(!age_reader_put(reader, piece, &out));
        }
        assert_true(!age_reader_end(reader, &out));
        assert_true(bytes_equal(buffer_bytes(&plain), buffer_bytes(&out)));
    }
}

static void a_cut_file_gives_its_whole_chunks_and_an_error(void **state)
{
    (void)state;
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    fill(&plain, 3 * AGE_CHUNK_BYTES);
    seal(buffer_bytes(&plain), &sealed);
    size_t head = sealed.size - 3 * (AGE_CHUNK_BYTES + 16);
    for (size_t cut = 0; cut < sealed.size; cut += cut < 600 ? 1 : 997) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct bytes part = {sealed.data, cut};
        assert_true(age_open(&second, part, &out) != STING_OK);
        size_t whole = cut < head ? 0 : (cut - head) / (AGE_CHUNK_BYTES + 16);
        assert_int_equal(out.size, whole * AGE_CHUNK_BYTES);
        assert_true(out.size == 0 || !memcmp(out.data, plain.data, out.size));
    }
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct bytes two = {sealed.data, head + 2 * (AGE_CHUNK_BYTES + 16)};
    assert_int_equal(age_open(&second, two, &out), STING_E_FORMAT);
    assert_int_equal(out.size, 2 * AGE_CHUNK_BYTES);
}

static void no_bit_can_be_changed_unnoticed(void **state)
{
    (void)state;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    seal(bytes_of_text("a garden water tank"), &sealed);
    for (size_t bit = 0; bit < 8 * sealed.size; bit++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_true(age_open(&second, buffer_bytes(&sealed), &out));
        assert_int_equal(out.size, 0);
        sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void chunks_in_another_order_or_appended_are_refused(void **state)
{
    (void)state;
    const size_t chunk = AGE_CHUNK_BYTES + 16;
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    fill(&plain, 2 * AGE_CHUNK_BYTES);
    seal(buffer_bytes(&plain), &sealed);
    size_t head = sealed.size - 2 * chunk;
    struct buffer swapped STING_AUTO(buffer_release) = {0};
    assert_true(!buffer_append(&swapped, (struct bytes){sealed.data, head}));
    assert_true(!buffer_append(
        &swapped, (struct bytes){sealed.data + head + chunk, chunk}));
    assert_true(
        !buffer_append(&swapped, (struct bytes){sealed.data + head, chunk}));
    assert_int_equal(age_open(&second, buffer_bytes(&swapped), &out),
                     STING_E_FORGED);
    assert_true(!buffer_text_append(&sealed, "x"));
    assert_true(age_open(&second, buffer_bytes(&sealed), &out) != STING_OK);
}

/* Headers as they must not be; ALL of them begin with the version line. */
static void hostile_headers_are_refused(void **state)
{
    (void)state;
#define SHARE "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define BODY "EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n"
#define MAC "--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0\n"
    static const char *const bad[] = {
        MAC,                                               /* no stanza */
        "-> \n" BODY MAC,                                  /* no type */
        "->  X25519 " SHARE "\n" BODY MAC,                 /* two blanks */
        "-> X25519 " SHARE " \n" BODY MAC,                 /* blank at end */
        "-> X25519 " SHARE "\r\n" BODY MAC,                /* CR */
        "->X25519 " SHARE "\n" BODY MAC,                   /* no blank */
        "-> X25519 " SHARE "\n" MAC,                       /* no body */
        "-> X25519 " SHARE "\nEmECAEcKN+n/Vs9SbW=\n" MAC,  /* padding */
        "-> X25519 " SHARE "\n" BODY "---\n",              /* no MAC */
        "-> X25519 " SHARE "\n" BODY "--- Vn+54jqiiUCE\n", /* short MAC */
        "-> X25519 " SHARE "\n" BODY
        "--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI1\n", /* stray bits */
        "-> X25519\n" BODY MAC,                              /* no share */
        "-> X25519 " SHARE " x\n" BODY MAC,                  /* one word more */
        "-> X25519 AAAA\n" BODY MAC,                         /* short share */
        "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" BODY MAC,
        "-> X25519 " SHARE "\nAAAA\n" MAC, /* short body */
        "-> scrypt bBjlhJVYZeE4aqUdmtRHfw 18\n" BODY "-> X25519 " SHARE
        "\n" BODY MAC,                                     /* not alone */
        "-> scrypt bBjlhJVYZeE4aqUdmtRHfw 018\n" BODY MAC, /* not canonical */
        "-> scrypt bBjlhJVYZeE4aqUdmtRHfw 64\n" BODY MAC,  /* for ever */
        "-> scrypt bBjlhJVYZeE4aqUdmtRHfw -1\n" BODY MAC,
        "-> scrypt bBjlhJVY 18\n" BODY MAC, /* short salt */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buffer file STING_AUTO(buffer_release) = {0};
        struct buffer out STING_AUTO(buffer_release) = {0};
        uint8_t rest[64] = {0};
        assert_true(!buffer_text_append(&file, "age-encryption.org/v1\n"));
        assert_true(!buffer_text_append(&file, bad[i]));
        assert_true(!buffer_append(&file, (struct bytes){rest, sizeof rest}));
        enum sting_status status = age_open(&second, buffer_bytes(&file), &out);
        if (status != STING_E_FORMAT && status != STING_E_LIMIT) {
            fail_msg("case %zu: %s", i, sting_status_text(status));
        }
    }
}

static void a_flood_of_stanzas_is_refused_within_bounds(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(!buffer_text_append(&file, "age-encryption.org/v1\n"));
    for (int i = 0; i < 100000; i++) {
        assert_true(!buffer_text_append(&file, "-> x\n\n"));
    }
    assert_int_equal(age_open(&second, buffer_bytes(&file), &out),
                     STING_E_LIMIT);
    file.size = 0;
    assert_true(!buffer_text_append(&file, "age-encryption.org/v1\n-> "));
    for (int i = 0; i < 100000; i++) {
        assert_true(!buffer_text_append(&file, "y"));
    }
    assert_int_equal(age_open(&second, buffer_bytes(&file), &out),
                     STING_E_LIMIT);
}

static void a_stanza_of_another_kind_is_skipped(void **state)
{
    (void)state;
    uint8_t key[16] = {1};
    struct buffer head STING_AUTO(buffer_release) = {0};
    static const uint8_t body[96] = {3};
    struct age_header *header = malloc(sizeof *header);
    assert_non_null(header);
    assert_true(!age_header_begin(&head));
    for (size_t size = 0; size <= sizeof body; size++) {
        assert_true(!age_header_stanza(&head, "grease a b",
                                       (struct bytes){body, size}) ||
                    size > 60);
        if (size == 48) { /* 64 letters: the line is full, an empty one ends */
            assert_non_null(strstr(buffer_text(&head), "AAAA\n\n"));
        }
        if (size > 40) {
            size += 7;
        }
    }
    assert_true(!age_header_end(&head, 0, (struct bytes){key, sizeof key}));
    assert_true(age_header_parse(buffer_bytes(&head), header) == STING_OK);
    assert_int_equal(header->size, head.size);
    free(header);
}

static void a_note_in_clear_is_read_without_a_key(void **state)
{
    (void)state;
    struct age_to to = both;
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer note STING_AUTO(buffer_release) = {0};
    to.note = "camera=garage key=1";
    assert_true(
        !age_seal(&to, &random_kernel, bytes_of_text("water"), &sealed));
    assert_true(!age_note(buffer_bytes(&sealed), &note));
    assert_string_equal(buffer_text(&note), "camera=garage key=1");
    sealed.size = 0;
    seal(bytes_of_text("water"), &sealed);
    assert_int_equal(age_note(buffer_bytes(&sealed), &note), STING_E_ABSENT);
}

/* Open with the second identity, and compare. */
static void opens(struct bytes sealed, struct bytes plain)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(!age_open(&second, sealed, &out));
    assert_true(bytes_equal(buffer_bytes(&out), plain));
}

static void a_key_wrapped_ahead_is_used_for_one_file(void **state)
{
    (void)state;
    struct age_ahead ahead = {.stanzas = {0}};
    struct buffer out[2] = {{0}, {0}};
    struct age_to to = both;
    struct bytes plain = bytes_of_text("tank two leaks");
    uint8_t key[AGE_FILE_KEY_BYTES];
    assert_true(!age_ahead_make(&to, &random_kernel, &ahead));
    memcpy(key, ahead.file_key, sizeof key);
    assert_true(!age_ahead_make(&to, &random_kernel, &ahead));
    assert_memory_equal(key, ahead.file_key, sizeof key);
    struct buffer stanzas STING_AUTO(buffer_release) = {0};
    assert_true(!buffer_append(&stanzas, buffer_bytes(&ahead.stanzas)));
    to.note = "part n=1";
    to.ahead = &ahead;
    for (int i = 0; i < 2; i++) {
        assert_true(!age_seal(&to, &random_kernel, plain, &out[i]));
        opens(buffer_bytes(&out[i]), plain);
        bool has = memmem(out[i].data, out[i].size, stanzas.data,
                          stanzas.size) != NULL;
        assert_int_equal(has, i == 0);
    }
    assert_int_equal(ahead.stanzas.size, 0);
    for (size_t i = 0; i < sizeof key; i++) {
        assert_int_equal(ahead.file_key[i], 0);
    }
    buffer_release(&out[0]);
    buffer_release(&out[1]);
}

static void a_key_wrapped_for_others_is_not_used(void **state)
{
    (void)state;
    struct age_ahead ahead = {.stanzas = {0}};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct age_to first = {.recipient = recipient, .recipients = 1};
    struct age_to to = both;
    struct bytes plain = bytes_of_text("tank two leaks");
    to.ahead = &ahead;
    assert_true(!age_ahead_make(&first, &random_kernel, &ahead));
    assert_true(!age_seal(&to, &random_kernel, plain, &out));
    opens(buffer_bytes(&out), plain);
    uint8_t before[AGE_FILE_KEY_BYTES];
    memcpy(before, ahead.file_key, sizeof before);
    assert_true(!age_ahead_make(&both, &random_kernel, &ahead));
    assert_memory_not_equal(before, ahead.file_key, sizeof before);
    age_ahead_wipe(&ahead);
    const struct age_to secret = {.passphrase = plain, .log2_n = 10};
    assert_int_equal(age_ahead_make(&secret, &random_kernel, &ahead),
                     STING_E_ARG);
}

static void nobody_and_too_many_are_refused(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct age_to to = {.recipient = recipient, .recipients = 0};
    assert_int_equal(
        age_seal(&to, &random_kernel, bytes_of_text("water"), &out),
        STING_E_ARG);
    to.recipients = AGE_MOST_RECIPIENTS + 1;
    assert_int_equal(
        age_seal(&to, &random_kernel, bytes_of_text("water"), &out),
        STING_E_ARG);
    static const struct agreement_key nobody = {{0}};
    to = (struct age_to){.recipient = &nobody, .recipients = 1};
    assert_int_equal(
        age_seal(&to, &random_kernel, bytes_of_text("water"), &out),
        STING_E_ARG);
    assert_int_equal(out.size, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(bech32_matches_published_vectors),
        cmocka_unit_test(a_key_with_any_letter_changed_is_refused),
        cmocka_unit_test(each_recipient_opens_what_was_sealed_to_both),
        cmocka_unit_test(a_stranger_opens_nothing),
        cmocka_unit_test(the_program_age_opens_what_we_seal),
        cmocka_unit_test(we_open_what_the_program_age_seals),
        cmocka_unit_test(a_passphrase_opens_and_another_does_not),
        cmocka_unit_test(a_file_fed_in_pieces_opens_as_one_fed_whole),
        cmocka_unit_test(a_cut_file_gives_its_whole_chunks_and_an_error),
        cmocka_unit_test(no_bit_can_be_changed_unnoticed),
        cmocka_unit_test(chunks_in_another_order_or_appended_are_refused),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(a_flood_of_stanzas_is_refused_within_bounds),
        cmocka_unit_test(a_stanza_of_another_kind_is_skipped),
        cmocka_unit_test(a_note_in_clear_is_read_without_a_key),
        cmocka_unit_test(a_key_wrapped_ahead_is_used_for_one_file),
        cmocka_unit_test(a_key_wrapped_for_others_is_not_used),
        cmocka_unit_test(nobody_and_too_many_are_refused),
    };
    return cmocka_run_group_tests_name("age", test, begin, end);
}
