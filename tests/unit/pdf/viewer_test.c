/* Pages of any PDF as the pictures that they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper.h"
#include "pdf/viewer.h"
#include "tests/check.h"

/* A page of 72 x 72 pt that is one grey image of 150 x 150 pixels. */
static void scan_make(struct buffer *out)
{
    char image[150 * 150 + 64];
    int size = snprintf(image, sizeof image,
                        "q 72 0 0 72 0 0 cm\nBI /W 150 /H 150 /BPC 8 /CS /G "
                        "ID ");
    memset(image + size, 77, sizeof image - 64);
    memcpy(image + size + sizeof image - 64, "\nEI Q", 6);
    paper_page(image, "/MediaBox [0 0 72 72]", NULL, 0, out);
}

static void a_scanned_page_comes_at_the_resolution_of_its_scan(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct pdf_viewer *viewer STING_AUTO(pdf_viewer_close) = NULL;
    struct plane plane STING_AUTO(plane_release) = {0};
    scan_make(&file);
    assert_true(pdf_viewer_is(buffer_bytes(&file)));
    assert_int_equal(pdf_viewer_open(buffer_bytes(&file), &viewer, NULL), 0);
    assert_int_equal(pdf_viewer_pages(viewer), 1);
    assert_int_equal(pdf_viewer_page(viewer, 0, &plane, NULL), STING_OK);
    assert_int_equal(plane.width_px, 150);
    assert_int_equal(plane_row(&plane, 70)[70], 77);
}

static void a_page_without_a_scan_comes_at_200_dpi(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct pdf_viewer *viewer STING_AUTO(pdf_viewer_close) = NULL;
    struct plane plane STING_AUTO(plane_release) = {0};
    paper_page("0 0 36 36 re f", "/MediaBox [0 0 72 72]", NULL, 0, &file);
    assert_int_equal(pdf_viewer_open(buffer_bytes(&file), &viewer, NULL), 0);
    assert_int_equal(pdf_viewer_page(viewer, 0, &plane, NULL), STING_OK);
    assert_int_equal(plane.width_px, 200);
    assert_int_equal(pdf_viewer_page(viewer, 1, &plane, NULL), STING_E_ARG);
    assert_int_equal(pdf_viewer_page(viewer, -1, &plane, NULL), STING_E_ARG);
}

static void a_page_as_large_as_a_field_stays_within_the_limit(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct pdf_viewer *viewer STING_AUTO(pdf_viewer_close) = NULL;
    struct plane plane STING_AUTO(plane_release) = {0};
    paper_page("0 0 36 36 re f", "/MediaBox [0 0 14400 14400]", NULL, 0, &file);
    assert_int_equal(pdf_viewer_open(buffer_bytes(&file), &viewer, NULL), 0);
    assert_int_equal(pdf_viewer_page(viewer, 0, &plane, NULL), STING_OK);
    assert_true((double)plane.width_px * plane.height_px < 135e6);
}

static void a_page_that_never_ends_is_refused(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct pdf_viewer *viewer STING_AUTO(pdf_viewer_close) = NULL;
    struct plane plane;
    struct fault fault = {"", ""};
    paper_tower(&file);
    assert_int_equal(pdf_viewer_open(buffer_bytes(&file), &viewer, NULL), 0);
    assert_int_equal(pdf_viewer_page(viewer, 0, &plane, &fault), STING_E_LIMIT);
    assert_string_equal(fault.why, "page 1 draws too many forms within forms");
    assert_true(fault.todo[0]);
}

static void pages_that_are_not_there_are_not_counted(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct pdf_viewer *viewer STING_AUTO(pdf_viewer_close) = NULL;
    paper_page("0 0 36 36 re f", "/MediaBox [0 0 72 72]", NULL, 0, &file);
    memcpy(memmem(file.data, file.size, "/Count 1", 8), "/Count 9", 8);
    assert_int_equal(pdf_viewer_open(buffer_bytes(&file), &viewer, NULL), 0);
    assert_int_equal(pdf_viewer_pages(viewer), 1);
}

static void bytes_that_are_no_pdf_are_told_as_damaged(void **state)
{
    (void)state;
    struct pdf_viewer *viewer = NULL;
    struct fault fault = {"", ""};
    struct bytes junk = bytes_of_text("%PDF-1.7 and nothing that follows");
    assert_true(pdf_viewer_open(junk, &viewer, &fault) < 0);
    assert_true(fault.why[0]);
    assert_false(pdf_viewer_is(bytes_of_text("water tank")));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_scanned_page_comes_at_the_resolution_of_its_scan),
        cmocka_unit_test(a_page_without_a_scan_comes_at_200_dpi),
        cmocka_unit_test(a_page_as_large_as_a_field_stays_within_the_limit),
        cmocka_unit_test(a_page_that_never_ends_is_refused),
        cmocka_unit_test(pages_that_are_not_there_are_not_counted),
        cmocka_unit_test(bytes_that_are_no_pdf_are_told_as_damaged),
    };
    return cmocka_run_group_tests_name("viewer", test, NULL, NULL);
}
