/* The same blocks as HTML and as PDF. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print/document.h"
#include "tests/check.h"

static const char hostile[] =
    "<script>tank</script> \"&' \x1b[31m \xe2\x80\xae M\xfcller, K\xc3\xbcster";

static struct document *document_of(int paragraphs)
{
    static const char *const head[] = {"Tank", "Litres"};
    static const double share[] = {3, -1};
    struct document *document = NULL;
    assert_int_equal(document_new("Water tank", "About it", &document), 0);
    document_heading(document, "What leaks");
    for (int i = 0; i < paragraphs; i++) {
        document_text(document, DOCUMENT_PLAIN,
                      "Paragraph %d of a report on a garden water tank that "
                      "loses water through a valve which nobody has looked at "
                      "since the summer, and so on until the line is full.",
                      i);
    }
    document_point(document, "%s", hostile);
    document_table(document, 2, head, share);
    const char *cell[] = {hostile, "1,200"};
    document_row(document, cell);
    return document;
}

static bool holds(const struct buffer *text, const char *what)
{
    return memmem(text->data, text->size, what, strlen(what)) != NULL;
}

static int pages_of(const struct buffer *pdf)
{
    int pages = 0;
    const char *at = (const char *)pdf->data;
    const char *end = at + pdf->size;
    while ((at = memmem(at, (size_t)(end - at), "/Type /Page ", 12))) {
        pages++;
        at += 12;
    }
    return pages;
}

static void text_from_outside_is_only_text(void **state)
{
    (void)state;
    struct document *document STING_AUTO(document_free) = document_of(1);
    struct buffer html STING_AUTO(buffer_release) = {0};
    assert_int_equal(document_html(document, &html), STING_OK);
    assert_false(holds(&html, "<script"));
    assert_false(holds(&html, "\x1b"));
    assert_false(holds(&html, "\xe2\x80\xae"));
    assert_false(holds(&html, "\xfc"));
    assert_true(holds(&html, "M\xef\xbf\xbdller, K\xc3\xbcster"));
    assert_true(holds(&html, "&lt;script&gt;tank"));
    assert_true(holds(&html, "<td class=right>1,200</td>"));
    assert_true(holds(&html, "default-src 'none'"));
}

static void the_same_document_gives_the_same_bytes(void **state)
{
    (void)state;
    struct document *document STING_AUTO(document_free) = document_of(2);
    struct buffer one STING_AUTO(buffer_release) = {0};
    struct buffer two STING_AUTO(buffer_release) = {0};
    assert_int_equal(document_pdf(document, &one), STING_OK);
    assert_int_equal(document_pdf(document, &two), STING_OK);
    assert_true(bytes_equal(buffer_bytes(&one), buffer_bytes(&two)));
    assert_memory_equal(one.data, "%PDF-1.", 7);
}

static void long_text_goes_on_over_pages(void **state)
{
    (void)state;
    struct document *small STING_AUTO(document_free) = document_of(1);
    struct document *large STING_AUTO(document_free) = document_of(60);
    struct buffer one STING_AUTO(buffer_release) = {0};
    struct buffer many STING_AUTO(buffer_release) = {0};
    assert_int_equal(document_pdf(small, &one), STING_OK);
    assert_int_equal(document_pdf(large, &many), STING_OK);
    assert_int_equal(pages_of(&one), 1);
    assert_true(pages_of(&many) >= 3);
}

static void a_plot_of_nothing_and_of_infinities_is_drawn(void **state)
{
    (void)state;
    const double odd[] = {-INFINITY, INFINITY, NAN, 3};
    struct figure_plot plot = {.many = odd,
                               .manys = 4,
                               .many_name = "odd",
                               .few_name = "none",
                               .axis = "litres",
                               .marks = 1,
                               .mark = {{-INFINITY, "dry", FIGURE_RED}}};
    struct document *document STING_AUTO(document_free) = document_of(1);
    struct buffer html STING_AUTO(buffer_release) = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    document_plot(document, &plot, "A plot");
    assert_int_equal(document_html(document, &html), STING_OK);
    assert_int_equal(document_pdf(document, &pdf), STING_OK);
    assert_true(holds(&html, "data:image/svg+xml;base64,"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(text_from_outside_is_only_text),
        cmocka_unit_test(the_same_document_gives_the_same_bytes),
        cmocka_unit_test(long_text_goes_on_over_pages),
        cmocka_unit_test(a_plot_of_nothing_and_of_infinities_is_drawn),
    };
    return cmocka_run_group_tests_name("document", test, NULL, NULL);
}
