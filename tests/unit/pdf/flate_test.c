#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "pdf/flate.h"
#include "tests/check.h"

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void add_fixed(struct flate_text *text, const char *fixed)
{
    assert_int_equal(buffer_text_append(&text->fixed, fixed), STING_OK);
}

static void add_ways(struct flate_text *text, const char *const *told,
                     size_t ways)
{
    struct bytes way[FLATE_WAYS];
    for (size_t w = 0; w < ways; w++) {
        way[w] = bytes_of_text(told[w]);
    }
    assert_int_equal(flate_text_seam(text, way, ways), STING_OK);
}

/* What zlib makes of it is what was meant. */
static void assert_variant(struct flate *flate, const struct flate_text *text,
                           const uint8_t *way)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer packed STING_AUTO(buffer_release) = {0};
    size_t size = 0;
    assert_int_equal(flate_text_plain(text, way, &plain), STING_OK);
    assert_int_equal(flate_put(flate, way, &packed, &size), STING_OK);
    assert_int_equal(size, plain.size);
    uLongf got = plain.size + 1;
    uint8_t *back = malloc(got);
    assert_non_null(back);
    assert_int_equal(uncompress(back, &got, packed.data, packed.size), Z_OK);
    assert_int_equal(got, plain.size);
    assert_memory_equal(back, plain.size ? plain.data : back, got);
    free(back);
}

static void assert_variants(const struct flate_text *text,
                            enum flate_effort effort, uint32_t seed)
{
    struct flate *flate STING_AUTO(flate_free) = NULL;
    uint8_t *way = calloc(text->seams + 1, 1);
    assert_non_null(way);
    assert_int_equal(flate_new(text, effort, &flate), STING_OK);
    for (int n = 0; n < 8; n++) {
        for (uint32_t s = 0; s < text->seams; s++) {
            way[s] = (uint8_t)(next(&seed) % text->seam[s].ways);
        }
        assert_variant(flate, text, way);
    }
    free(way);
}

static void assert_all_variants(const struct flate_text *text, uint32_t seed)
{
    assert_variants(text, FLATE_QUICK, seed);
    if (text->fixed.size <= FLATE_MOST_TIGHT) {
        assert_variants(text, FLATE_TIGHT, seed);
    }
}

static void nothing_and_one_seam_inflate_to_what_they_are(void **state)
{
    (void)state;
    static const char *const ways[] = {"", "water", "tank"};
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    assert_all_variants(&text, 1);
    add_ways(&text, ways, 3);
    assert_int_equal(text.seams, 1);
    assert_all_variants(&text, 2);
}

static void what_all_ways_share_is_no_part_of_a_seam(void **state)
{
    (void)state;
    static const char *const ways[] = {")-327(", ")-333(", ")-3("};
    static const char *const same[] = {"one", "one"};
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    add_ways(&text, ways, 3);
    assert_int_equal(text.seams, 1);
    assert_string_equal(buffer_text(&text.fixed), ")-3(");
    assert_string_equal(buffer_text(&text.way), "2733");
    add_ways(&text, same, 2);
    assert_int_equal(text.seams, 1);
    assert_string_equal(buffer_text(&text.fixed), ")-3(one");
}

/* Lines of words with a number between them, longer than a window. */
static void page(struct flate_text *text, int words, uint32_t seed)
{
    static const char *const word[] = {"(water", "(tank", "(garden", "(the",
                                       "(rain",  "(of",   "(barrel", "(is"};
    for (int i = 0; i < words; i++) {
        char told[4][16];
        const char *ways[4];
        int base = -333 + (int)(next(&seed) % 9);
        int step = 1 + (int)(next(&seed) % 120);
        for (int w = 0; w < 4; w++) {
            snprintf(told[w], sizeof told[w], ")%d", base + (w - 2) * step);
            ways[w] = told[w];
        }
        add_fixed(text, word[next(&seed) % 8]);
        add_ways(text, ways, 4);
        if (i % 10 == 9) {
            add_fixed(text, "]TJ 0 -11.955 Td[");
        }
    }
}

static void every_variant_of_a_long_text_inflates_to_it(void **state)
{
    (void)state;
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    page(&text, 12000, 7);
    assert_true(text.fixed.size > 100000);
    assert_variants(&text, FLATE_QUICK, 3);
}

/* Several blocks, and texts longer than a window. */
static void a_tight_variant_of_several_blocks_inflates_to_it(void **state)
{
    (void)state;
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    struct flate_text over STING_AUTO(flate_text_release) = {0};
    struct flate *flate STING_AUTO(flate_free) = NULL;
    page(&text, 8000, 7);
    assert_true(text.fixed.size > 64000);
    assert_true(text.fixed.size <= FLATE_MOST_TIGHT);
    assert_variants(&text, FLATE_TIGHT, 3);
    page(&over, 18000, 7);
    assert_true(over.fixed.size > FLATE_MOST_TIGHT);
    assert_int_equal(flate_new(&over, FLATE_TIGHT, &flate), STING_E_LIMIT);
}

/* The same phrase at both ends of what is nearly a window, or a little more:
 * that depends on the ways between. */
static void a_tight_variant_reaches_no_further_than_a_window(void **state)
{
    (void)state;
    static const char *const ways[] = {"", "0123456789abcdefghijklmnopqrstuv"};
    static const char phrase[] = "A garden water tank, filled by the rain.";
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    uint32_t seed = 9;
    add_fixed(&text, phrase);
    for (int i = 0; i < 32640; i++) {
        uint8_t one = (uint8_t)(128 + next(&seed) % 128);
        assert_int_equal(buffer_append(&text.fixed, (struct bytes){&one, 1}),
                         STING_OK);
        if (i % 4096 == 0) {
            add_ways(&text, ways, 2);
        }
    }
    add_fixed(&text, phrase);
    assert_variants(&text, FLATE_TIGHT, 5);
}

/* A seam with some ways of some bytes. */
static void seam_add(struct flate_text *text, uint32_t *s, uint32_t kinds)
{
    char byte[FLATE_WAYS][9] = {{0}};
    struct bytes way[FLATE_WAYS];
    size_t ways = 1 + next(s) % FLATE_WAYS;
    for (size_t w = 0; w < ways; w++) {
        size_t size = next(s) % 9;
        for (size_t k = 0; k < size; k++) {
            byte[w][k] = (char)(next(s) % kinds);
        }
        way[w] = (struct bytes){(uint8_t *)byte[w], size};
    }
    assert_int_equal(flate_text_seam(text, way, ways), STING_OK);
}

/* Bytes as they come: no code is whole by itself. */
static void any_bytes_inflate_to_themselves(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed < 60; seed++) {
        struct flate_text text STING_AUTO(flate_text_release) = {0};
        uint32_t s = seed, kinds = 1 + next(&s) % 256;
        for (uint32_t i = next(&s) % 40; i > 0; i--) {
            seam_add(&text, &s, kinds);
            for (uint32_t k = next(&s) % 300; k > 0; k--) {
                uint8_t one = (uint8_t)(next(&s) % kinds);
                assert_int_equal(
                    buffer_append(&text.fixed, (struct bytes){&one, 1}),
                    STING_OK);
            }
        }
        assert_all_variants(&text, seed);
    }
}

/* Seams cost little: the same page is as small as where it has none. */
static double size_beside_zlib(enum flate_effort effort)
{
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer packed STING_AUTO(buffer_release) = {0};
    struct flate *flate STING_AUTO(flate_free) = NULL;
    static uint8_t way[2000];
    uint32_t seed = 5;
    size_t size = 0;
    page(&text, 2000, 11);
    for (size_t i = 0; i < sizeof way; i++) {
        way[i] = (uint8_t)(next(&seed) % 4);
    }
    assert_int_equal(flate_new(&text, effort, &flate), STING_OK);
    assert_int_equal(flate_put(flate, way, &packed, &size), STING_OK);
    assert_int_equal(flate_text_plain(&text, way, &plain), STING_OK);
    uLongf its = compressBound(plain.size);
    uint8_t *out = malloc(its);
    assert_non_null(out);
    assert_int_equal(compress2(out, &its, plain.data, plain.size, 9), Z_OK);
    print_message("%zu bytes, zlib %lu\n", packed.size, its);
    free(out);
    return (double)packed.size / (double)its;
}

static void a_variant_is_nearly_as_small_as_zlib_makes_it(void **state)
{
    (void)state;
    double quick = size_beside_zlib(FLATE_QUICK);
    double tight = size_beside_zlib(FLATE_TIGHT);
    assert_true(quick <= 1.1);
    assert_true(tight < quick && tight <= 1);
}

static uLong sum_variants(const struct flate_text *text,
                          enum flate_effort effort, uint32_t seed)
{
    struct flate *flate STING_AUTO(flate_free) = NULL;
    uint8_t *way = calloc(text->seams + 1, 1);
    assert_non_null(way);
    uLong crc = 0;
    assert_int_equal(flate_new(text, effort, &flate), STING_OK);
    for (int n = 0; n < 4; n++) {
        struct buffer packed STING_AUTO(buffer_release) = {0};
        size_t size = 0;
        for (uint32_t s = 0; s < text->seams; s++) {
            way[s] = (uint8_t)(next(&seed) % text->seam[s].ways);
        }
        assert_int_equal(flate_put(flate, way, &packed, &size), STING_OK);
        crc = crc32(crc, packed.data, (uInt)packed.size);
    }
    free(way);
    return crc;
}

/* Copies are written again byte for byte, years later. */
static void variants_have_the_bytes_that_they_always_had(void **state)
{
    (void)state;
    struct flate_text words STING_AUTO(flate_text_release) = {0};
    struct flate_text bytes STING_AUTO(flate_text_release) = {0};
    uint32_t seed = 8;
    page(&words, 12000, 7);
    for (int i = 0; i < 3000; i++) {
        seam_add(&bytes, &seed, 40);
        add_fixed(&bytes, next(&seed) % 2 ? "0.25 " : ")25(");
    }
    assert_int_equal(sum_variants(&words, FLATE_QUICK, 3), 0x93ebba2e);
    assert_int_equal(sum_variants(&bytes, FLATE_QUICK, 4), 0xc2ad4535);
    assert_int_equal(sum_variants(&bytes, FLATE_TIGHT, 4), 0xac8c7fae);
}

static void too_many_ways_are_refused(void **state)
{
    (void)state;
    struct flate_text text STING_AUTO(flate_text_release) = {0};
    struct bytes way[FLATE_WAYS + 1] = {{0}};
    assert_int_equal(flate_text_seam(&text, way, FLATE_WAYS + 1),
                     STING_E_LIMIT);
    assert_int_equal(flate_text_seam(&text, way, 0), STING_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_and_one_seam_inflate_to_what_they_are),
        cmocka_unit_test(what_all_ways_share_is_no_part_of_a_seam),
        cmocka_unit_test(every_variant_of_a_long_text_inflates_to_it),
        cmocka_unit_test(a_tight_variant_of_several_blocks_inflates_to_it),
        cmocka_unit_test(a_tight_variant_reaches_no_further_than_a_window),
        cmocka_unit_test(any_bytes_inflate_to_themselves),
        cmocka_unit_test(a_variant_is_nearly_as_small_as_zlib_makes_it),
        cmocka_unit_test(variants_have_the_bytes_that_they_always_had),
        cmocka_unit_test(too_many_ways_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
