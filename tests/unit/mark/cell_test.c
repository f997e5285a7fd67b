/* Cells of drawn pages. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/digest.h"
#include "mark/budget.h"
#include "mark/cell.h"
#include "mark/motion.h"
#include "tests/check.h"
#include "tests/unit/pdf/paper.h"

/* Lines askew all over the upper half of the page. */
static const char *drawing(void)
{
    static char text[20000];
    size_t size = 0;
    for (int i = 0; i < 60; i++) {
        int x = 60 + i * 37 % 480, y = 420 + i * 53 % 300;
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "%d %d m %d %d l S\n", x, y, x + 40, y + 31);
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "%d %d 30 22 re S\n", x, y);
    }
    return text;
}

static struct pdf_file *open_page(const char *content)
{
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    paper_page(content, "", NULL, 0, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), &file, &fault), 0);
    return file;
}

struct counts {
    uint32_t along, across, cells;
};

static struct counts count(const struct mark_page *page)
{
    struct counts of = {0};
    for (uint32_t u = 0; u < page->units; u++) {
        of.along += page->unit[u].axis == MARK_ALONG;
        of.across += page->unit[u].axis == MARK_ACROSS;
        of.cells += mark_is_cell(&page->unit[u]);
    }
    return of;
}

/* What a copy gains by the cells, in bytes. */
static double plan_all(struct pdf_file *file, enum mark_reach reach,
                       struct mark_page *page)
{
    struct mark_budget budget;
    struct fault fault = {"", ""};
    double bytes = 0;
    *page = (struct mark_page){0};
    assert_int_equal(mark_plan_file(file, reach, page, &budget, &fault), 0);
    assert_int_equal(mark_cells_add(file, 0, reach, page, &bytes, &fault), 0);
    return bytes;
}

static void plan_for(struct pdf_file *file, enum mark_reach reach,
                     struct mark_page *page)
{
    double bytes = plan_all(file, reach, page);
    assert_true(!count(page).cells == !(bytes > 0));
}

static void plan(struct pdf_file *file, struct mark_page *page)
{
    plan_for(file, MARK_FULL, page);
}

static void a_drawing_has_cells_where_it_is_drawn(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(drawing());
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    assert_int_equal(page.state, MARK_PAGE_OK);
    assert_in_range(page.units, 100, 600);
    for (uint32_t u = 0; u < page.units; u++) {
        const struct mark_unit *unit = &page.unit[u];
        assert_true(mark_is_cell(unit));
        assert_true(unit->y1_pt < 400 && unit->x0_pt > 30);
        assert_true(unit->shift_pt >= 0.12F && unit->shift_pt <= 0.30F);
        assert_true(mark_unit_shift_pt(unit) < 0.8 * (double)unit->shift_pt);
    }
}

/* Lines a cell apart, each near the edge of its cells, so that neighbours move
 * it nearly as much. */
static const char *lattice(void)
{
    static char text[4000];
    size_t size = 0;
    for (int i = 0; i < 12; i++) {
        double x = 5 * 21.6 + 21.6 * i + 3;
        double y = 792 - x;
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "%.1f 684 m %.1f 425 l S\n"
                                 "108 %.1f m 367 %.1f l S\n",
                                 x, x, y, y);
    }
    return text;
}

static void a_cell_counts_whatever_its_neighbours_do_to_it(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(lattice());
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    /* 12 x 12 cells, right and down. */
    assert_in_range(page.units, 280, 300);
}

/* The mean of the page's cells, in octaves of their slopes' root. */
static double faintness(const char *colour)
{
    char content[24000];
    (void)snprintf(content, sizeof content, "%s%s", colour, drawing());
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(content);
    struct mark_page page STING_AUTO(mark_page_release);
    double sum = 0;
    plan(file, &page);
    assert_in_range(page.units, 100, 700);
    for (uint32_t u = 0; u < page.units; u++) {
        sum += page.unit[u].faint / MARK_FAINT_OCTAVE;
    }
    return sum / page.units;
}

static void a_drawing_of_half_the_contrast_is_an_octave_fainter(void **state)
{
    (void)state;
    double black = faintness("0 G "), grey = faintness("0.5 G ");
    assert_true(fabs(grey - black - 1) < 0.2);
    assert_true(fabs(faintness("0.75 G ") - black - 2) < 0.4);
}

/* A page that is one picture, of two greys. */
static struct pdf_file *open_picture(void)
{
    static char object[91000];
    static const char *const objects[] = {object};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    uint32_t state = 1;
    int head = snprintf(object, sizeof object,
                        "<</Type/XObject/Subtype/Image/Width 300/Height 300"
                        "/ColorSpace/DeviceGray/BitsPerComponent 8"
                        "/Length 90000>>\nstream\n");
    for (int i = 0; i < 90000; i++) {
        state = state * 1664525 + 1013904223;
        object[head + i] = state >> 31 ? ' ' : '~';
    }
    strcpy(object + head + 90000, "\nendstream");
    paper_page("q 300 0 0 300 100 200 cm /I Do Q",
               "/Resources<</XObject<</I 6 0 R>>>>", objects, 1, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), &file, &fault), 0);
    return file;
}

/* All of a scan moves, its grain and its greys: it is read as words are. */
static void a_picture_is_never_faint(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_picture();
    struct mark_page page STING_AUTO(mark_page_release);
    (void)plan_all(file, MARK_FULL, &page);
    assert_in_range(page.units, 100, 900);
    for (uint32_t u = 0; u < page.units; u++) {
        assert_int_equal(page.unit[u].faint, 0);
    }
}

/* Lines enough for a drawing of few cells. */
static const char *sketch(void)
{
    return "100 400 200 90 re S 120 420 160 50 re S\n"
           "110 410 m 290 480 l S 100 300 m 300 300 l S\n"
           "0 0 m 1 1 l S 0 0 m 2 1 l S 0 0 m 3 1 l S\n";
}

/* The caller releases both. */
static void plan_few_and_many(struct mark_page page[2])
{
    struct pdf_file *few STING_AUTO(pdf_file_close) = open_page(sketch());
    struct pdf_file *many STING_AUTO(pdf_file_close) = open_page(drawing());
    plan(few, &page[0]);
    plan(many, &page[1]);
}

static void few_cells_are_small_and_so_are_more(void **state)
{
    (void)state;
    struct mark_page page[2];
    plan_few_and_many(page);
    assert_true(mark_cell_pt(&page[0]) == MARK_SMALL_CELL_PT);
    assert_true(mark_cell_pt(&page[1]) == MARK_CELL_PT);
    assert_in_range(page[0].units, 120, 300); /* of cells twice as wide: 86 */
    for (uint32_t u = 0; u < page[0].units; u++) {
        const struct mark_unit *unit = &page[0].unit[u];
        assert_true(fabsf(unit->x1_pt - unit->x0_pt - 10.8F) < 1e-3F);
        assert_true(fabsf(unit->y1_pt - unit->y0_pt - 10.8F) < 1e-3F);
    }
    mark_page_release(&page[0]);
    mark_page_release(&page[1]);
}

static void whatever_a_record_says_cells_have_one_of_two_sides(void **state)
{
    (void)state;
    static const float wide[] = {0, 1e-9F, 10.8F, 16, 16.5F, 21.6F, 14400};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        struct mark_unit unit[2] = {
            {.x1_pt = 10, .axis = MARK_ALONG},
            {.x1_pt = wide[i], .axis = MARK_CELL_Y},
        };
        struct mark_page page = {.units = 2, .unit = unit};
        assert_true(mark_cell_pt(&page) == (i < 4 ? 10.8F : 21.6F));
        page.units = 1; /* no cells */
        assert_true(mark_cell_pt(&page) == 21.6F);
    }
}

static void few_cells_move_as_far_as_words_and_many_less(void **state)
{
    (void)state;
    struct mark_page page[2];
    plan_few_and_many(page);
    assert_true(fabsf(page[0].unit[0].shift_pt - 0.30F) < 1e-6F);
    assert_true(mark_unit_shift_pt(&page[0].unit[0]) <= 0.20);
    assert_true(page[1].unit[0].shift_pt < 0.20F);
    mark_page_release(&page[0]);
    mark_page_release(&page[1]);
}

static void the_plan_is_the_same_each_time(void **state)
{
    (void)state;
    struct buffer record[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(drawing());
        struct mark_page page STING_AUTO(mark_page_release);
        plan(file, &page);
        assert_int_equal(mark_page_write(&page, &record[i]), 0);
    }
    assert_true(
        bytes_equal(buffer_bytes(&record[0]), buffer_bytes(&record[1])));
    struct bytes from = buffer_bytes(&record[0]);
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    assert_int_equal(mark_page_read(&from, &page), 0);
    assert_true(page.units > 0 && page.unit[0].axis >= MARK_CELL_X);
    buffer_release(&record[0]);
    buffer_release(&record[1]);
}

static void pages_without_a_drawing_have_none(void **state)
{
    (void)state;
    static const char *const text[] = {
        "", "BT/F 12 Tf 72 700 Td(a tank for the garden)Tj ET",
        "72 72 m 500 72 l S", "0 0 612 792 re f"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text[i]);
        struct mark_page page STING_AUTO(mark_page_release);
        plan(file, &page);
        assert_int_equal(page.units, 0);
        assert_int_not_equal(page.state, MARK_PAGE_OK);
    }
}

static void become_the_field(const char *drawn)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(drawn);
    struct mark_page page STING_AUTO(mark_page_release);
    struct mark_motion motion STING_AUTO(mark_motion_release) = {0};
    struct pdf_moves moves;
    plan(file, &page);
    int8_t *sign = calloc(page.units, 1);
    for (uint32_t u = 0; u < page.units; u++) {
        sign[u] = u % 3 ? 1 : -1;
    }
    assert_int_equal(mark_motion_make(&page, sign, 0, &motion, &moves), 0);
    assert_ptr_equal(moves.field, &motion.field);
    for (uint32_t u = 0; u < page.units; u++) {
        const struct mark_unit *unit = &page.unit[u];
        struct place by =
            pdf_field_at(moves.field, (double)(unit->x0_pt + unit->x1_pt) / 2,
                         (double)(unit->y0_pt + unit->y1_pt) / 2);
        double along = unit->axis == MARK_CELL_X ? by.x : by.y;
        assert_true(fabs(along - sign[u] * (double)unit->shift_pt) < 1e-4);
    }
    free(sign);
}

static void signs_become_the_field(void **state)
{
    (void)state;
    become_the_field(drawing());
    become_the_field(sketch()); /* of small cells */
}

/* Rows of words, four letters each, and frames beneath them. */
static void write_form(int words, int frames, char *text, size_t room)
{
    size_t size = (size_t)snprintf(text, room, "BT/F 9 Tf 12 TL 72 760 Td\n");
    for (int w = 0; w < words; w++) {
        size += (size_t)snprintf(text + size, room - size, "(tank )Tj%s",
                                 w % 10 == 9 ? " T*\n" : "");
    }
    size += (size_t)snprintf(text + size, room - size, "ET\n");
    for (int f = 0; f < frames; f++) {
        size += (size_t)snprintf(text + size, room - size,
                                 "100 %d 300 40 re S\n", 80 + 90 * f);
    }
}

static struct counts plan_form(int words, int frames, enum mark_reach reach)
{
    char text[20000];
    write_form(words, frames, text, sizeof text);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan_for(file, reach, &page);
    assert_true((page.units > 0) == (page.state == MARK_PAGE_OK));
    return count(&page);
}

static void a_form_of_few_words_has_units_of_words_and_of_lines(void **state)
{
    (void)state;
    struct counts without = plan_form(20, 0, MARK_FULL);
    assert_int_equal(without.along + without.cells, 0);
    struct counts with = plan_form(20, 3, MARK_FULL);
    assert_in_range(with.along, 15, 20);
    assert_int_equal(with.across, 0);
    assert_true(with.cells > 24);
}

static void few_cells_count_with_the_words_of_the_page(void **state)
{
    (void)state;
    char text[20000];
    struct counts alone = plan_form(0, 1, MARK_FULL);
    assert_in_range(alone.cells, 24, 200);
    write_form(100, 0, text, sizeof text);
    size_t size = strlen(text);
    (void)snprintf(text + size, sizeof text - size, "100 80 50 30 re S\n");
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    assert_true(count(&page).along >= 24);
    assert_in_range(count(&page).cells, 8, 23); /* too few alone */
}

/* Twelve lines of three words, the last of other lengths, and a frame. */
static void write_ragged(char *text, size_t room)
{
    static const char *const last[] = {"to", "tanks", "gardener", "summer's"};
    size_t size = (size_t)snprintf(text, room, "BT/F 9 Tf 30 TL 72 760 Td\n");
    for (int i = 0; i < 12; i++) {
        size +=
            (size_t)snprintf(text + size, room - size, "(barrels %s %s)Tj T*\n",
                             last[i / 4 % 3], last[i % 4]);
    }
    (void)snprintf(text + size, room - size, "ET 100 80 300 40 re S\n");
}

static void each_word_counts_where_few_stand_beside_lines(void **state)
{
    (void)state;
    char text[20000];
    uint32_t far = 0;
    write_ragged(text, sizeof text);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    assert_int_equal(count(&page).along, 36);
    for (uint32_t u = 0; u < page.units; u++) {
        const struct mark_unit *unit = &page.unit[u];
        if (mark_is_cell(unit)) {
            continue;
        }
        assert_true(unit->shift_pt <= 0.201F);
        if (unit->word % 3 == 0) {
            assert_true(unit->shift_pt <= 0.081F); /* they hold a margin */
        } else if (unit->word % 3 == 2 && unit->axis == MARK_ALONG) {
            far += unit->shift_pt > 0.1F; /* nothing stands over its end */
        }
    }
    assert_int_equal(far, 12);
}

/* Small capitals are a word of their own, hardly apart from the capital: who
 * reads the text must go on seeing one. */
static void parts_of_one_word_are_no_units_of_a_sparse_page(void **state)
{
    (void)state;
    char text[20000];
    write_form(20, 3, text, sizeof text);
    size_t size = strlen(text);
    (void)snprintf(text + size, sizeof text - size,
                   "BT/F 30 Tf 72 40 Td(S)Tj ET BT/F 20 Tf 93.5 40 "
                   "Td(AMPLE)Tj ET\n");
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    assert_in_range(count(&page).along, 15, 20);
    for (uint32_t u = 0; u < page.units; u++) {
        assert_true(mark_is_cell(&page.unit[u]) || page.unit[u].y1_pt < 700);
    }
}

static void faint_words_beside_lines_stay_faint(void **state)
{
    (void)state;
    char text[20000];
    write_form(20, 3, text, sizeof text);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan_for(file, MARK_FAINT, &page);
    assert_true(count(&page).along > 10);
    for (uint32_t u = 0; u < page.units; u++) {
        assert_true(mark_is_cell(&page.unit[u]) ||
                    page.unit[u].shift_pt < 0.07F);
    }
}

/* The copy with these signs, drawn by a linear generator from `seed`. */
static void write_copy(struct pdf_file *file, const struct mark_page *page,
                       uint32_t seed, struct buffer *out)
{
    struct mark_motion motion STING_AUTO(mark_motion_release) = {0};
    struct pdf_moves moves;
    struct pdf_text text;
    struct fault fault = {"", ""};
    int8_t *sign = calloc((size_t)page->units + 1, 1);
    for (uint32_t u = 0; u < page->units; u++) {
        seed = seed * 1664525 + 1013904223;
        sign[u] = seed >> 31 ? 1 : -1;
    }
    assert_int_equal(pdf_file_text(file, 0, &text, &fault), 0);
    assert_int_equal(mark_motion_make(page, sign, text.words, &motion, &moves),
                     0);
    assert_int_equal(pdf_file_write(file, &moves, out, &fault), 0);
    free(sign);
}

static void a_page_of_150_words_comes_out_as_it_always_did(void **state)
{
    (void)state;
    static const struct {
        int words, frames;
        const char *digest; /* of record and copy, made before few words and
                               few lines counted together */
    } form[] = {{150, 0,
                 "fab8c4a749b012285f35c5b13514c0ac"
                 "da86175d8c5636a3e1a7d5090d9763ff"},
                {150, 3,
                 "6854ec685933871e89449738ec6553a3"
                 "2585219a79157eb76009cfa98501870b"},
                {300, 1,
                 "a7936f66543445937d8ea495dcc5d36c"
                 "4f51a8e77a0a80da9910d8f8e34970ca"},
                {420, 5,
                 "8f5ab86033d8203e18bc8e2609c1d0d3"
                 "40c441d080e0b9029e37f669a429c22a"}};
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        char text[20000];
        struct buffer made STING_AUTO(buffer_release) = {0};
        write_form(form[i].words, form[i].frames, text, sizeof text);
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
        struct mark_page page STING_AUTO(mark_page_release);
        plan(file, &page);
        assert_int_equal(count(&page).cells, 0);
        assert_int_equal(mark_page_write(&page, &made), 0);
        write_copy(file, &page, 1, &made);
        char digest[DIGEST_TEXT_SIZE];
        assert_string_equal(digest_text(digest_of(buffer_bytes(&made)), digest),
                            form[i].digest);
    }
}

static void words_beside_lines_go_no_further_than_they_may(void **state)
{
    (void)state;
    char text[20000];
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    write_form(20, 3, text, sizeof text);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text);
    struct mark_page page STING_AUTO(mark_page_release);
    plan(file, &page);
    assert_true(page.units > 0);
    write_copy(file, &page, 7, &copy);
    assert_int_equal(
        pdf_file_check(file, buffer_bytes(&copy), MARK_MOST_PT, &fault), 0);
    assert_int_equal(pdf_file_check(file, buffer_bytes(&copy), 0.01, &fault),
                     STING_E_FORGED);
}

/* How many dark pixels of *a have nothing dark within `reach` in *b. */
static int strays(const struct plane *a, const struct plane *b, int reach)
{
    int count = 0;
    for (int y = reach; y < a->height_px - reach; y++) {
        for (int x = reach; x < a->width_px - reach; x++) {
            bool found = plane_row(a, y)[x] > 100;
            for (int i = 0; !found && i < (2 * reach + 1) * (2 * reach + 1);
                 i++) {
                int dx = i % (2 * reach + 1) - reach;
                int dy = i / (2 * reach + 1) - reach;
                found = plane_row(b, y + dy)[x + dx] < 200;
            }
            count += !found;
        }
    }
    return count;
}

static void a_finished_copy_is_displaced_by_no_more(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(drawing());
    struct mark_page page STING_AUTO(mark_page_release);
    struct mark_motion motion STING_AUTO(mark_motion_release) = {0};
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct pdf_moves moves;
    struct plane before, after;
    struct fault fault = {"", ""};
    plan(file, &page);
    int8_t *sign = calloc(page.units, 1);
    for (uint32_t u = 0; u < page.units; u++) {
        sign[u] = u * 2654435761U & 0x10000 ? 1 : -1;
    }
    assert_int_equal(mark_motion_make(&page, sign, 0, &motion, &moves), 0);
    assert_int_equal(pdf_file_write(file, &moves, &copy, &fault), 0);
    free(sign);
    struct pdf_file *made STING_AUTO(pdf_file_close) = NULL;
    assert_int_equal(pdf_file_open(buffer_bytes(&copy), &made, &fault), 0);
    assert_int_equal(pdf_file_render(file, 0, 288, &before, &fault), 0);
    assert_int_equal(pdf_file_render(made, 0, 288, &after, &fault), 0);
    /* A pixel is a quarter point: 0.30 pt each way, and its own width. */
    assert_int_equal(strays(&before, &after, 2), 0);
    assert_int_equal(strays(&after, &before, 2), 0);
    assert_in_range(strays(&after, &before, 0), 20, 1000000);
    plane_release(&before);
    plane_release(&after);
}

static void a_plan_fits_its_own_words_alone(void **state)
{
    (void)state;
    static const char *const text[] = {
        "BT/F 12 Tf 72 700 Td(a tank for the garden)Tj ET",
        "BT/F 12 Tf 73 700 Td(a tank for the garden)Tj ET",
        "BT/F 12 Tf 72 700 Td(a)Tj ET"};
    struct mark_unit unit[2] = {
        {.word = 1, .shift_pt = 0.2F, .axis = MARK_ALONG},
        {.word = 700, .shift_pt = 0.2F, .axis = MARK_CELL_X}};
    struct mark_page page = {612, 792, MARK_PAGE_OK, 2, unit};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_page(text[i]);
        struct pdf_text read;
        struct fault fault;
        assert_int_equal(pdf_file_text(file, 0, &read, &fault), 0);
        if (i == 0) {
            unit[0].x0_pt = read.word[1].x0_pt;
            unit[0].y0_pt = read.word[1].y0_pt;
            unit[0].x1_pt = read.word[1].x1_pt;
            unit[0].y1_pt = read.word[1].y1_pt;
        }
        assert_int_equal(mark_page_fits(&page, &read), i == 0);
    }
}

/* No line may be moved further than the shift, in any copy. */
static void no_place_moves_beyond_the_shift(void **state)
{
    (void)state;
    struct pdf_node node[64];
    const struct pdf_field field = {21.6, 8, 8, node};
    for (int i = 0; i < 64; i++) {
        unsigned bits = (unsigned)i * 2654435761U;
        node[i] = (struct pdf_node){bits & 0x10000 ? 0.2F : -0.2F,
                                    bits & 0x20000 ? 0.2F : -0.2F};
    }
    for (int i = 0; i < 343 * 343; i++) {
        int column = i % 343;
        int row = i / 343;
        double x = -30 + 0.7 * column;
        double y = -30 + 0.7 * row;
        struct place by = pdf_field_at(&field, x, y);
        assert_true(fabs(by.x) < 0.2 + 1e-6 && fabs(by.y) < 0.2 + 1e-6);
    }
    assert_true(fabs(pdf_field_at(&field, -30, 50).x) < 1e-9);
    assert_true(fabs(pdf_field_at(&field, NAN, 50).x) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_drawing_has_cells_where_it_is_drawn),
        cmocka_unit_test(a_cell_counts_whatever_its_neighbours_do_to_it),
        cmocka_unit_test(a_drawing_of_half_the_contrast_is_an_octave_fainter),
        cmocka_unit_test(a_picture_is_never_faint),
        cmocka_unit_test(few_cells_are_small_and_so_are_more),
        cmocka_unit_test(whatever_a_record_says_cells_have_one_of_two_sides),
        cmocka_unit_test(few_cells_move_as_far_as_words_and_many_less),
        cmocka_unit_test(each_word_counts_where_few_stand_beside_lines),
        cmocka_unit_test(the_plan_is_the_same_each_time),
        cmocka_unit_test(pages_without_a_drawing_have_none),
        cmocka_unit_test(signs_become_the_field),
        cmocka_unit_test(a_form_of_few_words_has_units_of_words_and_of_lines),
        cmocka_unit_test(few_cells_count_with_the_words_of_the_page),
        cmocka_unit_test(parts_of_one_word_are_no_units_of_a_sparse_page),
        cmocka_unit_test(faint_words_beside_lines_stay_faint),
        cmocka_unit_test(a_page_of_150_words_comes_out_as_it_always_did),
        cmocka_unit_test(words_beside_lines_go_no_further_than_they_may),
        cmocka_unit_test(a_finished_copy_is_displaced_by_no_more),
        cmocka_unit_test(a_plan_fits_its_own_words_alone),
        cmocka_unit_test(no_place_moves_beyond_the_shift),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
