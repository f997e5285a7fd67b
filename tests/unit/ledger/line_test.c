#include <string.h>

#include "base/text.h"
#include "ledger/line.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "tests/check.h"

static const struct line_head head = {
    .seq = 7, .at = {1320177881250000, 123456789012}, .boot = "1a2b3c4d"};
static const uint8_t random_of_line[LINE_RANDOM_SIZE] = {0xab, 0xcd};

#define R "r=abcd0000000000000000000000000000"
#define PREV                                                                   \
    "prev="                                                                    \
    "0000000000000000000000000000000000000000000000000000000000000000"

static enum sting_status build(struct buffer *out, const char *kind,
                               const struct line_field *field, size_t fields)
{
    enum sting_status status = line_begin(out, &head, kind, field, fields);
    return status ? status
                  : line_end(out, random_of_line, (struct digest){{0}},
                             DIGEST_SIZE);
}

static enum sting_status parse(const char *text)
{
    struct line line;
    return line_parse(bytes_of_text(text), &line);
}

static void a_line_has_one_spelling(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct line_field field[] = {
        {"why", "bl\xc3\xa4tter = 100 %"}, {"n", "3"}, {"by", NULL}};
    assert_true(!build(&out, "stop", field, 3));
    assert_string_equal(
        buffer_text(&out),
        "7 2011-11-01T20:04:41.250000Z 1a2b3c4d+123456.789012 stop n=3 "
        "why=bl%c3%a4tter%20%3d%20100%20%25 " R " " PREV "\n");
    struct line line;
    char why[64];
    int64_t n = 0;
    assert_true(!line_parse(buffer_bytes(&out), &line));
    assert_int_equal(line.seq, 7);
    assert_int_equal(line.at.utc_us, head.at.utc_us);
    assert_int_equal(line.at.boot_us, head.at.boot_us);
    assert_string_equal(line.boot, "1a2b3c4d");
    assert_string_equal(line_text(&line, "why", why, sizeof why),
                        "bl\xc3\xa4tter = 100 %");
    assert_true(!line_integer(&line, "n", &n));
    assert_int_equal(n, 3);
    assert_int_equal(line_integer(&line, "by", &n), STING_E_ABSENT);
    assert_int_equal(line_integer(&line, "why", &n), STING_E_FORMAT);
}

static void fields_that_the_table_does_not_have_are_refused(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    char longest[LINE_MOST_BYTES];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const struct line_field unknown[] = {{"n", "1"}, {"colour", "red"}};
    const struct line_field twice[] = {{"n", "1"}, {"n", "2"}};
    const struct line_field missing[] = {{"why", "x"}};
    const struct line_field huge[] = {{"n", "1"}, {"why", longest}};
    assert_int_equal(build(&out, "stop", unknown, 2), STING_E_ARG);
    assert_int_equal(build(&out, "stop", twice, 2), STING_E_ARG);
    assert_int_equal(build(&out, "stop", missing, 1), STING_E_ARG);
    assert_int_equal(build(&out, "stop", huge, 2), STING_E_ARG);
    assert_int_equal(build(&out, "stomp", unknown, 1), STING_E_ARG);
    assert_int_equal(build(&out, "part", unknown, 1), STING_E_ARG);
    assert_int_equal(out.size, 0);
}

#define HEAD "7 2011-11-01T20:04:41.250000Z 1a2b3c4d+123456.789012 "

static void lines_in_any_other_spelling_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        HEAD "stop n=3 " R " " PREV,                   /* no LF */
        HEAD "stop n=3 " R " " PREV "\r\n",            /* CR */
        HEAD "stop n=3 " R " " PREV " \n",             /* blank at the end */
        HEAD "stop  n=3 " R " " PREV "\n",             /* two blanks */
        " " HEAD "stop n=3 " R " " PREV "\n",          /* blank in front */
        HEAD "stop n=3\t" R " " PREV "\n",             /* tab */
        "07" HEAD "stop n=3 " R " " PREV "\n",         /* leading zero */
        HEAD "stop why=x n=3 " R " " PREV "\n",        /* order */
        HEAD "stop n=3 n=3 " R " " PREV "\n",          /* twice */
        HEAD "stop why=x " R " " PREV "\n",            /* n is needed */
        HEAD "stop n=3 why=a=b " R " " PREV "\n",      /* = not escaped */
        HEAD "stop n=3 why=%41 " R " " PREV "\n",      /* escaped for nothing */
        HEAD "stop n=3 why=%C3 " R " " PREV "\n",      /* upper case */
        HEAD "stop n=3 why=%0 " R " " PREV "\n",       /* half */
        HEAD "stop n=3 why=%00 " R " " PREV "\n",      /* NUL */
        HEAD "stop n=3 why=\xc3\xa4 " R " " PREV "\n", /* not ASCII */
        HEAD "stop n=3 N=3 " R " " PREV "\n",          /* key in capitals */
        HEAD "stop n=3 =3 " R " " PREV "\n",           /* no key */
        HEAD "stop n=3 " PREV " " R "\n",              /* r and prev swapped */
        HEAD "stop n=3 " R "\n",                       /* no prev */
        HEAD "stop n=3 " R " " PREV "0\n",             /* long hash */
        HEAD "stop n=3 " R "\n" PREV "\n",             /* line end inside */
        "7 2011-11-01T20:04:41.25Z 1a2b3c4d+1.000000 stop n=3 " R " " PREV "\n",
        "7 2011-02-29T20:04:41.250000Z 1a2b3c4d+1.000000 stop n=3 " R " " PREV
        "\n", /* no such day */
        "7 2011-11-01T24:04:41.250000Z 1a2b3c4d+1.000000 stop n=3 " R " " PREV
        "\n",
        "7 2011-11-01T20:04:41.250000Z 1A2B3C4D+1.000000 stop n=3 " R " " PREV
        "\n",
        "7 2011-11-01T20:04:41.250000Z 1a2b3c4d+01.000000 stop n=3 " R " " PREV
        "\n",
        "7 2011-11-01T20:04:41.250000Z 1a2b3c4d+1.00000 stop n=3 " R " " PREV
        "\n",
    };
    assert_true(!parse(HEAD "stop n=3 " R " " PREV "\n"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i]) != STING_E_FORMAT) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}

static void what_a_later_version_writes_is_told_from_what_is_wrong(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD "levitate n=3 " R " " PREV "\n"),
                     STING_E_UNSUPPORTED);
    assert_int_equal(parse(HEAD "stop n=3 zeal=3 " R " " PREV "\n"),
                     STING_E_UNSUPPORTED);
    assert_int_equal(parse(HEAD "part n=3 " R " " PREV "\n"),
                     STING_E_UNSUPPORTED);
}

static void a_line_too_long_is_refused(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(!buffer_text_append(&out, HEAD "stop n=3 why="));
    for (int i = 0; i < LINE_MOST_BYTES; i++) {
        assert_true(!buffer_text_append(&out, "x"));
    }
    assert_true(!buffer_text_append(&out, " " R " " PREV "\n"));
    assert_int_equal(parse(buffer_text(&out)), STING_E_LIMIT);
}

static void moments_are_read_back_to_the_microsecond(void **state)
{
    (void)state;
    char text[LINE_TIME_SIZE];
    int64_t back = -1;
    for (int64_t us = 0; us < INT64_C(253402300800000000);
         us += INT64_C(7919000123457)) {
        assert_true(
            !line_time_parse(bytes_of_text(line_time_text(us, text)), &back));
        assert_int_equal(back, us);
    }
    assert_string_equal(line_time_text(-5, text),
                        "1970-01-01T00:00:00.000000Z");
    assert_string_equal(line_time_text(INT64_MAX, text),
                        "9999-12-31T23:59:59.999999Z");
    assert_string_equal(line_time_text(951827696123456, text),
                        "2000-02-29T12:34:56.123456Z");
}

static struct bytes hex(const char *text, uint8_t *room)
{
    size_t size = strlen(text) / 2;
    assert_true(!hex_read(bytes_of_text(text), room, size));
    return (struct bytes){room, size};
}

/* Records and roots published with the Certificate Transparency log. */
static void roots_match_published_vectors(void **state)
{
    (void)state;
    static const char *const record[8] = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
    static const char *const root[9] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct tree tree = {0};
    char text[DIGEST_TEXT_SIZE];
    for (size_t i = 0;; i++) {
        uint8_t room[16];
        assert_string_equal(digest_text(tree_root(&tree), text), root[i]);
        if (i == 8) {
            return;
        }
        tree_add(&tree, tree_leaf(hex(record[i], room)));
    }
}

/* The RFC's own words: split at the largest power of two below n. */
static struct digest slow_root(const struct digest *leaf, size_t n)
{
    if (n == 1) {
        return leaf[0];
    }
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    return tree_node(slow_root(leaf, k), slow_root(leaf + k, n - k));
}

static void the_frontier_agrees_with_the_definition(void **state)
{
    (void)state;
    struct digest leaf[300];
    struct tree tree = {0};
    for (size_t i = 0; i < 300; i++) {
        uint8_t record[2] = {(uint8_t)i, (uint8_t)(i >> 8)};
        leaf[i] = tree_leaf((struct bytes){record, 2});
        tree_add(&tree, leaf[i]);
        assert_true(digest_equal(tree_root(&tree), slow_root(leaf, i + 1)));
    }
}

/* The verifier key published in the documentation of Go's package note. */
static void key_ids_match_a_published_key(void **state)
{
    (void)state;
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct public_key key;
    uint8_t id[NOTE_KEY_ID_SIZE];
    uint8_t room[4];
    assert_true(!base64_read(
        &plain, bytes_of_text("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        true));
    assert_int_equal(plain.size, 33);
    memcpy(key.byte, plain.data + 1, PUBLIC_KEY_SIZE);
    note_key_id("PeterNeumann", &key, id);
    assert_memory_equal(id, hex("c74f20a3", room).data, 4);
}

/* The note signed with that key in the same documentation. */
static void a_published_note_is_signed_as_we_sign(void **state)
{
    (void)state;
    static const char text[] =
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n";
    struct buffer key STING_AUTO(buffer_release) = {0};
    struct buffer blob STING_AUTO(buffer_release) = {0};
    struct public_key public;
    struct signature signature;
    assert_true(!base64_read(
        &key, bytes_of_text("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        true));
    assert_true(!base64_read(
        &blob,
        bytes_of_text("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1F"
                      "FYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="),
        true));
    memcpy(public.byte, key.data + 1, PUBLIC_KEY_SIZE);
    memcpy(signature.byte, blob.data + NOTE_KEY_ID_SIZE, SIGNATURE_SIZE);
    assert_int_equal(blob.size, NOTE_KEY_ID_SIZE + SIGNATURE_SIZE);
    assert_int_equal(signature_verify(&public, bytes_of_text(text), &signature),
                     STING_OK);
}

/* The example of C2SP tlog-checkpoint; its key is not published. */
static void a_published_checkpoint_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "example.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\xe2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/"
        "5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "\n";
    struct note note;
    uint8_t room[4];
    assert_true(!note_parse(bytes_of_text(text), &note));
    assert_int_equal(note.size, 20852163);
    assert_int_equal(note.signatures, 1);
    assert_true(
        bytes_equal(note.origin, bytes_of_text("example.com/behind-the-sofa")));
    assert_memory_equal(note.signature[0].id, hex("033de0ae", room).data, 4);
    assert_int_equal(note.signature[0].body_size, SIGNATURE_SIZE);
    assert_int_equal(note.bytes, strlen(text));
}

static void write_note(struct buffer *out, const struct secret key[2])
{
    struct digest root = digest_of(bytes_of_text("root"));
    assert_true(!note_write(out, "sting/garden", 12, root));
    assert_true(!note_sign(out, 0, "sting/garden", &key[0]));
    assert_true(!note_sign(out, 0, "sting/garden/epoch/0", &key[1]));
    assert_true(!note_close(out));
}

static const struct secret note_key[2] = {{{1}}, {{2}}};

static void a_note_is_read_back_and_both_signatures_hold(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct note note;
    write_note(&text, note_key);
    assert_true(!note_parse(buffer_bytes(&text), &note));
    assert_int_equal(note.bytes, text.size);
    assert_int_equal(note.size, 12);
    assert_int_equal(note.signatures, 2);
    struct public_key log = signature_public(&note_key[0]);
    struct public_key epoch = signature_public(&note_key[1]);
    assert_true(!note_verify(&note, "sting/garden", &log));
    assert_true(!note_verify(&note, "sting/garden/epoch/0", &epoch));
    assert_int_equal(note_verify(&note, "sting/garden/epoch/1", &epoch),
                     STING_E_ABSENT);
    assert_int_equal(note_verify(&note, "sting/garden", &epoch),
                     STING_E_ABSENT);
}

static void no_bit_of_a_note_can_be_changed(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct public_key log = signature_public(&note_key[0]);
    struct public_key epoch = signature_public(&note_key[1]);
    write_note(&text, note_key);
    for (size_t bit = 0; bit < 8 * text.size; bit++) {
        struct note note;
        text.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        bool holds = !note_parse(buffer_bytes(&text), &note) &&
                     note.bytes == text.size &&
                     !note_verify(&note, "sting/garden", &log) &&
                     !note_verify(&note, "sting/garden/epoch/0", &epoch);
        assert_false(holds);
        text.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void the_beginning_of_a_note_wants_more(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct note note;
    write_note(&text, note_key);
    for (size_t size = 0; size < text.size; size++) {
        assert_int_equal(note_parse((struct bytes){text.data, size}, &note),
                         STING_E_ABSENT);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_line_has_one_spelling),
        cmocka_unit_test(fields_that_the_table_does_not_have_are_refused),
        cmocka_unit_test(lines_in_any_other_spelling_are_refused),
        cmocka_unit_test(
            what_a_later_version_writes_is_told_from_what_is_wrong),
        cmocka_unit_test(a_line_too_long_is_refused),
        cmocka_unit_test(moments_are_read_back_to_the_microsecond),
        cmocka_unit_test(roots_match_published_vectors),
        cmocka_unit_test(the_frontier_agrees_with_the_definition),
        cmocka_unit_test(key_ids_match_a_published_key),
        cmocka_unit_test(a_published_note_is_signed_as_we_sign),
        cmocka_unit_test(a_published_checkpoint_is_read),
        cmocka_unit_test(a_note_is_read_back_and_both_signatures_hold),
        cmocka_unit_test(no_bit_of_a_note_can_be_changed),
        cmocka_unit_test(the_beginning_of_a_note_wants_more),
    };
    return cmocka_run_group_tests_name("line", test, NULL, NULL);
}
