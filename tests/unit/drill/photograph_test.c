#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/develop.h"
#include "drill/feed.h"
#include "drill/flatbed.h"
#include "drill/lay.h"
#include "drill/photocopy.h"
#include "drill/photograph.h"
#include "drill/region.h"
#include "drill/sensor.h"
#include "drill/texture.h"
#include "drill/texture_rows.h"
#include "tests/check.h"

/* One page of 72 x 144 pt with a black square 18 to 36 pt from the left and
 * 36 to 54 pt from the top. Readers mend the missing cross-reference. */
static const char square[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 144]/Contents 4 0 R>>"
    "endobj\n"
    "4 0 obj<</Length 15>>stream\n18 90 18 18 re f\nendstream endobj\n"
    "trailer<</Root 1 0 R/Size 5>>\n%%EOF\n";

/* cmocka's own comparison is in float. */
static void assert_near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("%.9g is not within %g of %.9g", got, within, want);
    }
}

static struct bytes square_pdf(void)
{
    return bytes_of_text(square);
}

static void a_page_is_drawn_to_scale(void **state)
{
    (void)state;
    struct paper paper STING_AUTO(paper_release) = {0};
    assert_int_equal(paper_render(square_pdf(), 0, 200, &paper, NULL), 0);
    assert_near(paper.width_mm, 25.4, 1e-6);
    assert_near(paper.height_mm, 50.8, 1e-6);
    assert_int_equal(colour_width(&paper.ink), 200);
    assert_int_equal(colour_height(&paper.ink), 400);
    for (int y = 1; y < 400; y += 3) {
        for (int x = 1; x < 200; x += 3) {
            bool black = x >= 50 && x < 100 && y >= 100 && y < 150;
            double ink = (double)plane_f_row(&paper.ink.channel[1], y)[x];
            assert_near(ink, black ? 0 : 1, 1e-3);
        }
    }
}

static void what_is_no_pdf_or_page_is_refused(void **state)
{
    (void)state;
    struct paper paper = {0};
    struct fault fault;
    assert_int_equal(
        paper_render(bytes_of_text("hello"), 0, 200, &paper, &fault),
        STING_E_FORMAT);
    assert_int_equal(paper_render(square_pdf(), 1, 200, &paper, &fault),
                     STING_E_ABSENT);
    assert_int_equal(paper_render(square_pdf(), -1, 200, &paper, &fault),
                     STING_E_ABSENT);
    assert_int_equal(paper_render(square_pdf(), 0, 2000, &paper, &fault),
                     STING_E_LIMIT);
}

static struct buffer photograph(const char *name, uint64_t seed)
{
    struct setting setting;
    struct buffer out = {0};
    struct fault fault = {"", ""};
    assert_int_equal(setting_find(name, &setting, NULL), 0);
    if (photograph_take(square_pdf(), 0, &setting, seed, &out, &fault)) {
        fail_msg("%s, seed %d: %s", name, (int)seed, fault.why);
    }
    return out;
}

static void the_seed_decides_every_byte(void **state)
{
    (void)state;
    struct buffer one STING_AUTO(buffer_release) = photograph("garage", 5);
    struct buffer two STING_AUTO(buffer_release) = photograph("garage", 5);
    struct buffer other STING_AUTO(buffer_release) = photograph("garage", 6);
    assert_true(bytes_equal(buffer_bytes(&one), buffer_bytes(&two)));
    assert_false(bytes_equal(buffer_bytes(&one), buffer_bytes(&other)));
    assert_memory_equal(one.data, "\xff\xd8\xff", 3);
}

static void settings_are_found_with_their_regions(void **state)
{
    (void)state;
    struct setting setting;
    assert_int_equal(setting_find("half-light-half", &setting, NULL), 0);
    assert_near(setting.dpi, 150, 0);
    assert_int_equal(setting.part.region, SETTING_HALF);
    assert_int_equal(setting_find("half-light", &setting, NULL), 0);
    assert_int_equal(setting.part.region, SETTING_WHOLE);
    assert_int_equal(setting_find("half", &setting, NULL), STING_E_ABSENT);
    assert_int_equal(setting_find("", &setting, NULL), STING_E_ABSENT);
}

/* Two words at the top, and a row of eight at the bottom. */
static const char words_pdf[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 144]/Contents 4 0 R"
    "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    "4 0 obj<</Length 80>>stream\n"
    "BT/F 10 Tf 10 130 Td(tank lid)Tj 0 -120 Td(a b c d e f g h)Tj ET\n"
    "endstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier>>endobj\n"
    "trailer<</Root 1 0 R/Size 6>>\n%%EOF\n";

static void words_of_a_page_have_their_places(void **state)
{
    (void)state;
    struct paper_words sheet;
    assert_int_equal(paper_words(bytes_of_text(words_pdf), 0, &sheet, NULL), 0);
    const struct paper_word *word = sheet.word;
    assert_int_equal(sheet.words, 10);
    double pt = 25.4 / 72;
    assert_near(sheet.width_mm, 144 * pt, 1e-6);
    assert_near(word[0].low.x, 10 * pt, 0.1);
    assert_near(word[0].high.x, 34 * pt, 0.1);
    assert_true(word[0].low.y < 14 * pt && word[0].high.y > 14 * pt);
    assert_true(word[9].low.y > 120 * pt);
    free(sheet.word);
}

static void a_part_is_chosen_that_has_the_words(void **state)
{
    (void)state;
    struct paper_word word[40];
    for (int i = 0; i < 40; i++) { /* all in the lower left quarter */
        int column = i % 8;
        int row = i / 8;
        double x = 10 + 10.0 * column;
        double y = 160 + 20.0 * row;
        word[i] = (struct paper_word){{x, y}, {x + 8, y + 4}};
    }
    struct paper_words sheet = {210, 297, 40, word};
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct setting setting;
        struct chance chance = chance_of(seed, 4);
        assert_int_equal(setting_find("garage-quarter25", &setting, NULL), 0);
        assert_int_equal(region_by_words(&setting, &sheet, &chance, NULL), 0);
        struct spot low = setting.part.low;
        struct spot high = setting.part.high;
        assert_true(region_words(&sheet, low, high) >= 25);
        assert_near(high.x - low.x, 105, 1e-9);
        assert_true(low.x >= 0 && high.x <= 210 && high.y <= 297);
        assert_int_equal(setting_find("dim-room-words12", &setting, NULL), 0);
        assert_int_equal(region_by_words(&setting, &sheet, &chance, NULL), 0);
        int seen = region_words(&sheet, setting.part.low, setting.part.high);
        assert_true(seen > 4 && seen < 20);
    }
    struct setting setting;
    struct chance chance = chance_of(1, 4);
    assert_int_equal(setting_find("garage-quarter41", &setting, NULL), 0);
    assert_int_equal(region_by_words(&setting, &sheet, &chance, NULL),
                     STING_E_ABSENT);
}

static void every_setting_makes_a_picture(void **state)
{
    (void)state;
    const char *name;
    for (size_t i = 0; (name = setting_name(i)); i++) {
        struct buffer one STING_AUTO(buffer_release) = photograph(name, 5);
        struct buffer two STING_AUTO(buffer_release) = photograph(name, 5);
        assert_true(one.size > 1000);
        assert_true(bytes_equal(buffer_bytes(&one), buffer_bytes(&two)));
    }
}

/* The square of the sample sheet: its middle, and how much ink it has. */
static struct spot square_middle(const struct plane_f *grey, double *ink)
{
    struct spot sum = {0, 0};
    *ink = 0;
    for (int y = 0; y < grey->height_px; y++) {
        for (int x = 0; x < grey->width_px; x++) {
            double dark = (double)plane_f_row(grey, y)[x] < 0.4 ? 1 : 0;
            sum.x += dark * (x + 0.5);
            sum.y += dark * (y + 0.5);
            *ink += dark;
        }
    }
    return (struct spot){sum.x / *ink, sum.y / *ink};
}

static void three_photocopies_keep_places_within_a_few_millimetres(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 6; seed++) {
        struct paper paper STING_AUTO(paper_release) = {0};
        struct chance chance = chance_of(seed, 5);
        double ink;
        assert_int_equal(paper_render(square_pdf(), 0, 300, &paper, NULL), 0);
        assert_int_equal(paper_print(&paper, seed), 0);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(photocopy_make(&paper, &chance), 0);
        }
        struct spot at = square_middle(&paper.ink.channel[1], &ink);
        assert_near(at.x / 300 * 25.4, 9.525, 6);
        assert_near(at.y / 300 * 25.4, 15.875, 6);
        assert_near(ink / (75 * 75), 1, 0.12);
        assert_true(fabs(at.x / 300 * 25.4 - 9.525) > 1e-3);
    }
}

static void rows_of_texture_are_its_noise(void **state)
{
    (void)state;
    struct texture_rows rows STING_AUTO(texture_rows_release) = {0};
    static const float down[] = {0.1F, 0.9F, 1.0F, 1.7F, 5.2F, 4.9F};
    assert_int_equal(texture_rows_init(&rows, 0.37F, 100, 9), 0);
    for (size_t i = 0; i < sizeof down / sizeof *down; i++) {
        const float *row = texture_rows_at(&rows, down[i]);
        for (int x = 0; x < 100; x++) {
            float want = texture_noise(0.37F * (float)x, down[i], 9);
            assert_near((double)row[x], (double)want, 1e-5);
        }
    }
}

static void a_shake_moves_no_mean_and_spreads_as_its_length(void **state)
{
    (void)state;
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    double sum = 0, middle = 0, spread = 0;
    assert_int_equal(plane_f_init(&plane, 41, 41), 0);
    plane_f_row(&plane, 20)[20] = 1;
    assert_int_equal(blur_motion(&plane, 6, 0), 0);
    for (int x = 0; x < 41; x++) {
        double light = (double)plane_f_row(&plane, 20)[x];
        sum += light;
        middle += light * (x - 20);
        spread += light * (x - 20) * (x - 20);
    }
    assert_near(sum, 1, 1e-5);
    assert_near(middle, 0, 1e-4);
    assert_near(sqrt(spread), 6 / sqrt(12), 0.1);
}

/* Light from the side of a small sheet: where is the square's middle? */
static struct spot square_seen(double merge_px, uint64_t seed)
{
    struct paper paper STING_AUTO(paper_release) = {0};
    struct colour light STING_AUTO(colour_release) = {0};
    struct setting setting;
    struct stand stand;
    double ink;
    assert_int_equal(setting_find("half-light", &setting, NULL), 0);
    setting.merge_px = merge_px;
    setting.motion_px = 0;
    setting.ambient = 1;
    setting.shadow = 0;
    setting.dpi = 300;
    assert_int_equal(paper_render(square_pdf(), 0, 300, &paper, NULL), 0);
    assert_int_equal(stand_init(&stand, &setting, 25.4, 50.8, seed), 0);
    assert_int_equal(stand_project(&stand, &paper, &light), 0);
    /* The desk is dark too: look at the sheet alone. */
    struct spot low = view_place(&stand.view, (struct spot){5, 11});
    struct spot high = view_place(&stand.view, (struct spot){14, 21});
    for (int y = 0; y < light.channel[1].height_px; y++) {
        for (int x = 0; x < light.channel[1].width_px; x++) {
            bool is_near = x > low.x && x < high.x && y > low.y && y < high.y;
            float *pixel = plane_f_row(&light.channel[1], y) + x;
            *pixel = is_near ? *pixel : 1;
        }
    }
    return square_middle(&light.channel[1], &ink);
}

static void merged_frames_lie_beside_their_place_as_far_as_said(void **state)
{
    (void)state;
    double squares = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct spot still = square_seen(0, seed);
        struct spot moved = square_seen(0.5, seed);
        squares += pow(moved.x - still.x, 2) / 24;
        squares += pow(moved.y - still.y, 2) / 24;
    }
    /* The square is two or three tiles wide, which evens some of it out. */
    assert_true(sqrt(squares) > 0.1 && sqrt(squares) < 0.5);
}

static void a_printer_puts_rows_a_hundredth_of_a_millimetre_off(void **state)
{
    (void)state;
    double squares = 0;
    int rows = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct paper paper STING_AUTO(paper_release) = {0};
        assert_int_equal(paper_render(square_pdf(), 0, 100, &paper, NULL), 0);
        assert_int_equal(paper_feed(&paper, seed), 0);
        for (int y = 0; y < colour_height(&paper.ink); y++, rows++) {
            squares += pow(paper.slip[y].y, 2);
        }
    }
    assert_near(sqrt(squares / rows), 0.010, 0.003);
}

static void a_feed_wobbles_as_much_as_it_says(void **state)
{
    (void)state;
    double squares = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct chance chance = chance_of(seed, 5);
        struct feed feed = feed_of(0.03, &chance);
        for (int i = 0; i < 50; i++) {
            squares += pow(feed_at(&feed, i * 6.0), 2) / (200 * 50);
        }
    }
    assert_near(sqrt(squares), 0.03, 0.002);
}

static void a_fax_is_black_and_white_with_its_own_dots(void **state)
{
    (void)state;
    struct paper paper STING_AUTO(paper_release) = {0};
    struct colour fax STING_AUTO(colour_release) = {0};
    struct setting setting;
    struct chance chance = chance_of(3, 6);
    assert_int_equal(setting_find("fax", &setting, NULL), 0);
    assert_int_equal(paper_render(square_pdf(), 0, 400, &paper, NULL), 0);
    assert_int_equal(paper_print(&paper, 3), 0);
    assert_int_equal(flatbed_fax(&paper, &setting, &chance, &fax), 0);
    for (int i = 0; i < colour_width(&fax) * colour_height(&fax); i++) {
        float dot = fax.channel[0].data[i];
        assert_true(dot == 0 || dot == 1);
    }
    double ink;
    struct spot at = square_middle(&fax.channel[1], &ink);
    assert_near(ink / (51 * 49), 1, 0.06);
    assert_near(at.x / 204 * 25.4, 3 + 9.525, 1.5);
    assert_near(at.y / 196 * 25.4, 3 + 15.875, 1.5);
}

static void a_picture_turned_four_times_is_itself(void **state)
{
    (void)state;
    struct colour colour STING_AUTO(colour_release) = {0};
    assert_int_equal(colour_init(&colour, 3, 2), 0);
    plane_f_row(&colour.channel[2], 0)[2] = 1;
    assert_int_equal(colour_turn(&colour, 1), 0);
    assert_int_equal(colour_width(&colour), 2);
    assert_near((double)plane_f_row(&colour.channel[2], 2)[1], 1, 0);
    assert_int_equal(colour_turn(&colour, 3), 0);
    assert_near((double)plane_f_row(&colour.channel[2], 0)[2], 1, 0);
    colour_mirror(&colour);
    assert_near((double)plane_f_row(&colour.channel[2], 0)[0], 1, 0);
}

static void another_page_lies_beside_or_covers_a_corner(void **state)
{
    (void)state;
    struct paper other STING_AUTO(paper_release) = {0};
    struct paper beside STING_AUTO(paper_release) = {0};
    struct paper over STING_AUTO(paper_release) = {0};
    struct chance chance = chance_of(2, 8);
    float seen[3];
    assert_int_equal(paper_render(square_pdf(), 0, 100, &other, NULL), 0);
    assert_int_equal(paper_render(square_pdf(), 0, 100, &beside, NULL), 0);
    assert_int_equal(paper_render(square_pdf(), 0, 100, &over, NULL), 0);
    assert_int_equal(lay_beside(&beside, &other, &chance), 0);
    assert_true(beside.width_mm > 2 * 25.4 + 3);
    struct paper_dots dots = paper_dots_of(&beside);
    assert_true(paper_at(&dots, 9.5F, 15.9F, seen));
    assert_near((double)seen[0], 0, 1e-3);
    assert_false(paper_at(&dots, 27, 15, seen)); /* the gap */
    for (int i = 0; i < 100 * 200; i++) {
        other.ink.channel[0].data[i] = 0.5F;
    }
    lay_over(&over, &other, &chance);
    assert_near(over.width_mm, 25.4, 1e-6);
    dots = paper_dots_of(&over);
    assert_true(paper_at(&dots, 24, 46, seen)); /* its lower right corner */
    assert_near((double)seen[0], 0.5, 1e-3);
    assert_true(paper_at(&dots, 2, 2, seen));
    assert_near((double)seen[0], 1, 1e-3);
}

static struct stand stand_of(const char *name, uint64_t seed)
{
    struct setting setting;
    struct stand stand;
    assert_int_equal(setting_find(name, &setting, NULL), 0);
    assert_int_equal(stand_init(&stand, &setting, 210, 297, seed), 0);
    return stand;
}

/* Gauss and Jordan, with the largest of each column as pivot. */
static void solve(double m[8][9])
{
    for (int c = 0; c < 8; c++) {
        int best = c;
        double swap[9];
        for (int r = c + 1; r < 8; r++) {
            best = fabs(m[r][c]) > fabs(m[best][c]) ? r : best;
        }
        memcpy(swap, m[c], sizeof swap);
        memmove(m[c], m[best], sizeof swap);
        memcpy(m[best], swap, sizeof swap);
        for (int r = 0; r < 8; r++) {
            double factor = r == c ? 0 : m[r][c] / m[c][c];
            for (int k = 0; k < 9; k++) {
                m[r][k] -= factor * m[c][k];
            }
        }
    }
}

/* Solve the 8 equations of the homography through four pairs. */
static void homography_of(const struct spot from[4], const struct spot to[4],
                          double h[8])
{
    double m[8][9] = {{0}};
    for (int i = 0; i < 4; i++) {
        double row[2][9] = {
            {from[i].x, from[i].y, 1, 0, 0, 0, -from[i].x * to[i].x,
             -from[i].y * to[i].x, to[i].x},
            {0, 0, 0, from[i].x, from[i].y, 1, -from[i].x * to[i].y,
             -from[i].y * to[i].y, to[i].y}};
        memcpy(m[2 * (size_t)i], row, sizeof row);
    }
    solve(m);
    for (int i = 0; i < 8; i++) {
        h[i] = m[i][8] / m[i][i];
    }
}

static void a_flat_sheet_follows_the_homography_of_its_corners(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 20; seed++) {
        struct stand stand = stand_of("garage", seed);
        stand.view.lift_mm = 0;
        stand.view.distortion = 0;
        memset(stand.view.wave, 0, sizeof stand.view.wave);
        struct spot from[4] = {{0, 0}, {210, 0}, {210, 297}, {0, 297}};
        struct spot to[4];
        for (int i = 0; i < 4; i++) {
            to[i] = view_place(&stand.view, from[i]);
        }
        double h[8];
        homography_of(from, to, h);
        for (int i = 0; i < 100; i++) {
            int row = i / 10;
            struct spot p = {i % 10 * 23.0, row * 31.0};
            double w = h[6] * p.x + h[7] * p.y + 1;
            struct spot at = view_place(&stand.view, p);
            assert_near(at.x, (h[0] * p.x + h[1] * p.y + h[2]) / w, 1e-6);
            assert_near(at.y, (h[3] * p.x + h[4] * p.y + h[5]) / w, 1e-6);
        }
    }
}

static void tracing_a_ray_undoes_placing_a_point(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 40; seed++) {
        struct stand stand = stand_of("dungeon", seed);
        for (int i = 0; i < 100; i++) {
            int row = i / 10;
            struct spot p = {i % 10 * 23.0, row * 32.0};
            struct spot back =
                view_trace(&stand.view, view_place(&stand.view, p));
            assert_near(back.x, p.x, 1e-3);
            assert_near(back.y, p.y, 1e-3);
        }
    }
}

static void the_camera_sees_as_many_dpi_as_the_setting_says(void **state)
{
    (void)state;
    struct stand stand = stand_of("dim-room", 4);
    stand.view.lift_mm = 0;
    struct spot a = stand.view.aim;
    struct spot b = {a.x + 0.1, a.y};
    struct spot c = {a.x, a.y + 0.1};
    struct spot pa = view_place(&stand.view, a);
    struct spot pb = view_place(&stand.view, b);
    struct spot pc = view_place(&stand.view, c);
    double area =
        fabs((pb.x - pa.x) * (pc.y - pa.y) - (pb.y - pa.y) * (pc.x - pa.x));
    double dpi = sqrt(area) / 0.1 * 25.4;
    assert_true(dpi > 88 && dpi < 90.5);
}

static void the_whole_region_is_in_the_picture(void **state)
{
    (void)state;
    static const char *const name[] = {"garage", "garage-half",
                                       "garage-quarter", "dungeon"};
    for (int i = 0; i < 4; i++) {
        for (uint64_t seed = 1; seed < 30; seed++) {
            struct stand stand = stand_of(name[i], seed);
            struct spot corner[2] = {stand.low, stand.high};
            for (int k = 0; k < 4; k++) {
                struct spot p = {corner[k % 2].x, corner[k / 2].y};
                struct spot at = view_place(&stand.view, p);
                assert_true(at.x > 0 && at.x < stand.width_px);
                assert_true(at.y > 0 && at.y < stand.height_px);
            }
        }
    }
}

static void fill(struct colour *colour, float value)
{
    for (int c = 0; c < 3; c++) {
        struct plane_f *plane = &colour->channel[c];
        for (int i = 0; i < plane->width_px * plane->height_px; i++) {
            plane->data[i] = value;
        }
    }
}

static double spread(const struct plane_f *plane, double *mean)
{
    double sum = 0;
    double squares = 0;
    int count = plane->width_px * plane->height_px;
    for (int i = 0; i < count; i++) {
        sum += (double)plane->data[i];
        squares += (double)plane->data[i] * (double)plane->data[i];
    }
    *mean = sum / count;
    return sqrt(squares / count - *mean * *mean);
}

static void noise_is_what_the_setting_says(void **state)
{
    (void)state;
    static const double snr[] = {5, 9, 20, 45};
    for (int i = 0; i < 4; i++) {
        struct colour light STING_AUTO(colour_release) = {0};
        struct plane_f raw STING_AUTO(plane_f_release) = {0};
        struct sensor sensor = {snr[i], 0.15, 12};
        struct chance chance = chance_of(1, (uint64_t)i);
        double mean;
        assert_int_equal(colour_init(&light, 200, 200), 0);
        fill(&light, 0.5F); /* photons: half of them, so sqrt of the noise */
        assert_int_equal(sensor_expose(&sensor, &light, &chance, &raw), 0);
        double sd = spread(&raw, &mean);
        double expected = sqrt((0.85 * 0.5 + 0.15) / (snr[i] * snr[i]));
        assert_near(mean, 0.5, 4 * sd / 200);
        assert_near(sd / expected, 1, 0.02);
    }
}

static void a_grey_mosaic_develops_to_grey(void **state)
{
    (void)state;
    struct plane_f raw STING_AUTO(plane_f_release) = {0};
    struct colour colour STING_AUTO(colour_release) = {0};
    assert_int_equal(plane_f_init(&raw, 20, 14), 0);
    for (int i = 0; i < 20 * 14; i++) {
        raw.data[i] = 0.25F;
    }
    assert_int_equal(develop_mosaic(&raw, &colour), 0);
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 20 * 14; i++) {
            assert_near((double)colour.channel[c].data[i], 0.25, 1e-6);
        }
    }
}

static void a_blurred_point_has_the_spread_asked_for(void **state)
{
    (void)state;
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    assert_int_equal(plane_f_init(&plane, 41, 31), 0);
    plane_f_row(&plane, 15)[20] = 1;
    assert_int_equal(blur_gauss(&plane, 2), 0);
    assert_int_equal(blur_motion(&plane, 6, 0), 0);
    double sum = 0;
    double across = 0;
    double down = 0;
    for (int y = 0; y < 31; y++) {
        for (int x = 0; x < 41; x++) {
            double value = (double)plane_f_row(&plane, y)[x];
            sum += value;
            across += value * (x - 20) * (x - 20);
            down += value * (y - 15) * (y - 15);
        }
    }
    assert_near(sum, 1, 1e-4);
    assert_near(down, 4, 0.1);
    assert_near(across, 4 + 36 / 12.0, 0.2);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_page_is_drawn_to_scale),
        cmocka_unit_test(what_is_no_pdf_or_page_is_refused),
        cmocka_unit_test(the_seed_decides_every_byte),
        cmocka_unit_test(settings_are_found_with_their_regions),
        cmocka_unit_test(a_flat_sheet_follows_the_homography_of_its_corners),
        cmocka_unit_test(tracing_a_ray_undoes_placing_a_point),
        cmocka_unit_test(the_camera_sees_as_many_dpi_as_the_setting_says),
        cmocka_unit_test(the_whole_region_is_in_the_picture),
        cmocka_unit_test(words_of_a_page_have_their_places),
        cmocka_unit_test(a_part_is_chosen_that_has_the_words),
        cmocka_unit_test(every_setting_makes_a_picture),
        cmocka_unit_test(
            three_photocopies_keep_places_within_a_few_millimetres),
        cmocka_unit_test(rows_of_texture_are_its_noise),
        cmocka_unit_test(a_shake_moves_no_mean_and_spreads_as_its_length),
        cmocka_unit_test(merged_frames_lie_beside_their_place_as_far_as_said),
        cmocka_unit_test(a_printer_puts_rows_a_hundredth_of_a_millimetre_off),
        cmocka_unit_test(a_feed_wobbles_as_much_as_it_says),
        cmocka_unit_test(a_fax_is_black_and_white_with_its_own_dots),
        cmocka_unit_test(a_picture_turned_four_times_is_itself),
        cmocka_unit_test(another_page_lies_beside_or_covers_a_corner),
        cmocka_unit_test(noise_is_what_the_setting_says),
        cmocka_unit_test(a_grey_mosaic_develops_to_grey),
        cmocka_unit_test(a_blurred_point_has_the_spread_asked_for),
    };
    return cmocka_run_group_tests_name("photograph", test, NULL, NULL);
}
