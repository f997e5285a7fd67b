/* The real worker, jailed, with the sample document. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "jail/worker.h"
#include "operation/picture_worker.h"
#include "tests/check.h"

#define PAGES 6

static struct buffer sample;

static struct picture_worker *sample_worker(void)
{
    struct picture_worker *worker = NULL;
    struct fault fault = {0};
    int pages = 0;
    assert_int_equal(picture_worker_new(&worker, &fault), STING_OK);
    assert_int_equal(
        picture_pdf_open(worker, buffer_bytes(&sample), &pages, &fault),
        STING_OK);
    assert_int_equal(pages, PAGES);
    return worker;
}

static void every_page_of_the_sample_has_units(void **state)
{
    (void)state;
    struct picture_worker *worker STING_AUTO(picture_worker_free) =
        sample_worker();
    struct fault fault = {0};
    for (int p = 0; p < PAGES; p++) {
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        assert_int_equal(picture_pdf_page(worker, p, &page, &fault), STING_OK);
        assert_int_equal(page.state, MARK_PAGE_OK);
        assert_true(page.units > 200);
    }
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    assert_int_equal(picture_pdf_page(worker, PAGES, &page, &fault),
                     STING_E_ARG);
    assert_int_equal(picture_pdf_page(worker, -1, &page, &fault), STING_E_ARG);
}

static void every_word_of_a_page_has_letters(void **state)
{
    (void)state;
    struct picture_worker *worker STING_AUTO(picture_worker_free) =
        sample_worker();
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct mark_letters letters STING_AUTO(mark_letters_release) = {0};
    struct fault fault = {0};
    assert_int_equal(picture_pdf_page(worker, 2, &page, &fault), STING_OK);
    assert_int_equal(picture_pdf_letters(worker, 2, &letters, &fault),
                     STING_OK);
    assert_true(letters.letters > (size_t)2 * page.units);
    for (uint32_t u = 0; u < page.units; u++) {
        const struct mark_unit *unit = &page.unit[u];
        bool is_seen = false;
        for (size_t i = 0; i < letters.letters; i++) {
            const struct pdf_letter *letter = &letters.letter[i];
            is_seen =
                is_seen ||
                (letter->x_pt > unit->x0_pt - 2 && letter->x_pt < unit->x1_pt &&
                 letter->y_pt > unit->y0_pt && letter->y_pt < unit->y1_pt + 6 &&
                 !letter->is_picture);
        }
        assert_true(is_seen);
    }
    assert_int_equal(picture_pdf_letters(worker, PAGES, &letters, &fault),
                     STING_E_ARG);
}

static void a_page_is_rendered_at_its_size(void **state)
{
    (void)state;
    struct picture_worker *worker STING_AUTO(picture_worker_free) =
        sample_worker();
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct plane plane STING_AUTO(plane_release) = {0};
    struct fault fault = {0};
    assert_int_equal(picture_pdf_page(worker, 1, &page, &fault), STING_OK);
    assert_int_equal(picture_pdf_render(worker, 1, 144, &plane, &fault),
                     STING_OK);
    assert_true(abs(plane.width_px - (int)(2 * page.width_pt)) <= 1);
    assert_true(abs(plane.height_px - (int)(2 * page.height_pt)) <= 1);
    /* where the plan sees a word there is ink */
    const struct mark_unit *unit = &page.unit[page.units / 2];
    int darkest = 255;
    for (int y = (int)(2 * unit->y0_pt); y < (int)(2 * unit->y1_pt); y++) {
        for (int x = (int)(2 * unit->x0_pt); x < (int)(2 * unit->x1_pt); x++) {
            int grey = plane_row(&plane, y)[x];
            darkest = grey < darkest ? grey : darkest;
        }
    }
    assert_true(darkest < 100);
}

/* A copy in which all units of page 2 have this sign. */
static void copy_of(struct picture_worker *worker, int8_t sign,
                    struct buffer *out)
{
    static int8_t signs[MARK_MOST_UNITS];
    const int8_t *by_page[PAGES] = {0};
    uint32_t units[PAGES];
    struct fault fault = {0};
    memset(signs, sign, sizeof signs);
    for (int p = 0; p < PAGES; p++) {
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        assert_int_equal(picture_pdf_page(worker, p, &page, &fault), STING_OK);
        units[p] = page.units;
    }
    by_page[2] = signs;
    assert_int_equal(
        picture_pdf_write(worker, by_page, units, PAGES, out, &fault),
        STING_OK);
}

static void a_copy_is_written_the_same_each_time(void **state)
{
    (void)state;
    struct picture_worker *worker STING_AUTO(picture_worker_free) =
        sample_worker();
    struct buffer first STING_AUTO(buffer_release) = {0};
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct buffer other STING_AUTO(buffer_release) = {0};
    copy_of(worker, 1, &first);
    copy_of(worker, -1, &other);
    copy_of(worker, 1, &again);
    assert_true(bytes_equal(buffer_bytes(&first), buffer_bytes(&again)));
    assert_false(bytes_equal(buffer_bytes(&first), buffer_bytes(&other)));
}

static void assert_refused(struct bytes file, enum sting_status expected)
{
    struct picture_worker *worker STING_AUTO(picture_worker_free) = NULL;
    struct fault fault = {0};
    int pages = -1;
    assert_int_equal(picture_worker_new(&worker, &fault), STING_OK);
    assert_int_equal(picture_pdf_open(worker, file, &pages, &fault), expected);
    assert_int_equal(pages, -1);
    assert_true(strlen(fault.why) > 5);
}

static void what_is_no_pdf_is_refused_with_a_reason(void **state)
{
    (void)state;
    struct buffer noise STING_AUTO(buffer_release) = {0};
    uint32_t seed = 7;
    assert_int_equal(buffer_reserve(&noise, 1 << 20), STING_OK);
    for (noise.size = 0; noise.size < 1 << 20; noise.size++) {
        seed = seed * 1664525 + 1013904223;
        noise.data[noise.size] = (uint8_t)(seed >> 24);
    }
    assert_refused((struct bytes){0}, STING_E_FORMAT);
    assert_refused(buffer_bytes(&noise), STING_E_FORMAT);
    assert_refused((struct bytes){sample.data, sample.size / 2},
                   STING_E_FORMAT);
    memcpy(noise.data, "%PDF-1.5\n", 9);
    assert_refused(buffer_bytes(&noise), STING_E_FORMAT);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_page_of_the_sample_has_units),
        cmocka_unit_test(every_word_of_a_page_has_letters),
        cmocka_unit_test(a_page_is_rendered_at_its_size),
        cmocka_unit_test(a_copy_is_written_the_same_each_time),
        cmocka_unit_test(what_is_no_pdf_is_refused_with_a_reason),
    };
    struct fault fault;
    worker_binary(STING_BINARY);
    if (file_read(AT_FDCWD, STING_SAMPLE, 1 << 24, &sample, &fault)) {
        return 1;
    }
    int failed = cmocka_run_group_tests_name("picture", test, NULL, NULL);
    buffer_release(&sample);
    return failed;
}
