/* Pages that differ in one word: the one that is photographed comes first. */
#include <string.h>

#include "tests/check.h"
#include "tests/unit/image/synthetic.h"
#include "trace/search.h"

#define EDITIONS 3
#define LOST_WORDS 2 /* in a row, of each edition others */

static struct synthetic edition[EDITIONS];
static struct page_index known;

static enum sting_status edition_render(void *context, size_t number,
                                        double dpi, struct plane *out,
                                        struct fault *fault)
{
    (void)context;
    (void)fault;
    synthetic_render(&edition[number], NULL, dpi, out);
    return STING_OK;
}

static const struct search_source source = {NULL, edition_render, NULL};

static void words_lose(struct synthetic *page, uint32_t first)
{
    for (size_t i = 0; i < page->bars; i++) {
        struct bar *bar = &page->bar[i];
        if (bar->word >= first && bar->word < first + LOST_WORDS) {
            bar->x1 = bar->x0;
            bar->y1 = bar->y0;
        }
    }
}

static int editions_open(void **state)
{
    struct buffer records STING_AUTO(buffer_release) = {0};
    (void)state;
    for (size_t i = 0; i < EDITIONS; i++) {
        struct plane plane STING_AUTO(plane_release) = {0};
        struct layout layout STING_AUTO(layout_release) = {0};
        struct page_record record;
        synthetic_init(&edition[i], 40);
        words_lose(&edition[i], 30 + 25 * (uint32_t)i);
        synthetic_render(&edition[i], NULL, 100, &plane);
        if (layout_of_page(&plane, 100, &layout)) {
            return -1;
        }
        page_record_of(&layout, &record);
        if (page_record_write(&record, &records)) {
            return -1;
        }
    }
    const struct page_records part = {buffer_bytes(&records), EDITIONS};
    return page_index_init(&known, &part, 1, NULL) ? -1 : 0;
}

static int editions_close(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDITIONS; i++) {
        synthetic_release(&edition[i]);
    }
    page_index_release(&known);
    return 0;
}

/* The number of the first hit, of so many that look like it. */
static size_t first_of(size_t number, const struct synthetic_view *view)
{
    struct plane sheet STING_AUTO(plane_release) = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    size_t hits = 0;
    synthetic_render(&edition[number], NULL, 300, &sheet);
    synthetic_photograph(&sheet, 300, view, &grey);
    assert_int_equal(photo_init(&photo, &grey), STING_OK);
    assert_int_equal(search_run(&photo, &known, &source, hit, &hits, NULL),
                     STING_OK);
    assert_int_equal(hits, EDITIONS);
    size_t first = hit[0].number;
    for (size_t i = 0; i < hits; i++) {
        assert_int_equal(hit[i].spot, 0);
        search_hit_release(&hit[i]);
    }
    return first;
}

static void of_pages_that_differ_in_a_word_the_one_shown_comes_first(
    void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct synthetic_view view = synthetic_view_of(1.5, 60 + seed);
        for (size_t number = 0; number < EDITIONS; number++) {
            assert_int_equal(first_of(number, &view), number);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            of_pages_that_differ_in_a_word_the_one_shown_comes_first),
    };
    return cmocka_run_group_tests_name("apart", test, editions_open,
                                       editions_close);
}
