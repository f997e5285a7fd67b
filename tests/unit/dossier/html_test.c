#include "dossier/html.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

static void assert_shown_as(const char *text, const char *expected)
{
    struct html html = {0};
    html_text(&html, text);
    assert_false(html.is_broken);
    assert_string_equal(buffer_text(&html.out), expected);
    buffer_release(&html.out);
}

static void text_from_outside_opens_no_tag(void **state)
{
    (void)state;
    assert_shown_as("<script>alert('x\"&')</script>",
                    "&lt;script&gt;alert(&#39;x&quot;&amp;&#39;)"
                    "&lt;/script&gt;");
    assert_shown_as("plain, with ümlaut and 水", "plain, with ümlaut and 水");
    assert_shown_as(NULL, "");
}

static void text_that_is_not_utf8_is_replaced(void **state)
{
    (void)state;
    assert_shown_as("a\xffz", "a\xef\xbf\xbdz");
    assert_shown_as("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_shown_as("\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd");
    assert_shown_as("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_shown_as("bell\a", "bell\xef\xbf\xbd");
}

static void marks_of_direction_do_not_pass(void **state)
{
    (void)state;
    assert_shown_as("fdp.\xe2\x80\xae"
                    "exe",
                    "fdp.\xef\xbf\xbd"
                    "exe");
    assert_shown_as("\xef\xbb\xbf", "\xef\xbf\xbd");
}

/* No byte that could end text or an attribute survives, whatever is given. */
static void no_two_bytes_give_markup(void **state)
{
    (void)state;
    for (int a = 1; a < 256; a++) {
        for (int b = 0; b < 256; b++) {
            char text[3] = {(char)a, (char)b, 0};
            struct html html = {0};
            html_text(&html, text);
            assert_null(strpbrk(buffer_text(&html.out), "<>\"'"));
            buffer_release(&html.out);
        }
    }
}

static void an_element_closes_by_its_name_alone(void **state)
{
    (void)state;
    struct html html = {0};
    html_element_printf(&html, "td class=number", "%d < %s", 7, "<b>");
    assert_string_equal(buffer_text(&html.out),
                        "<td class=number>7 &lt; &lt;b&gt;</td>\n");
    buffer_release(&html.out);
}

static void a_fact_that_is_not_known_says_so(void **state)
{
    (void)state;
    struct html html = {0};
    html_fact(&html, "Until", NULL);
    assert_non_null(strstr(buffer_text(&html.out), "<td>unknown</td>"));
    buffer_release(&html.out);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(text_from_outside_opens_no_tag),
        cmocka_unit_test(text_that_is_not_utf8_is_replaced),
        cmocka_unit_test(marks_of_direction_do_not_pass),
        cmocka_unit_test(no_two_bytes_give_markup),
        cmocka_unit_test(an_element_closes_by_its_name_alone),
        cmocka_unit_test(a_fact_that_is_not_known_says_so),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
