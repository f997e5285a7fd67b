/* What a sheet shows, worked out at once and place by place. */
#include <math.h>
#include <stdlib.h>

#include "drill/chance.h"
#include "drill/develop.h"
#include "drill/paper.h"
#include "tests/check.h"

#define DOTS 40

/* A sheet of 10 x 10 mm of random dots, with a hole, slips as asked. */
static void sheet_fill(struct paper *out, bool is_grey, bool slips)
{
    struct chance chance = chance_of(4, 1);
    *out = (struct paper){.is_grey = is_grey,
                          .dpi = DOTS * 2.54,
                          .width_mm = 10,
                          .height_mm = 10};
    assert_int_equal(colour_init(&out->ink, DOTS, DOTS), STING_OK);
    for (int i = 0; i < DOTS * DOTS; i++) {
        float grey = (float)chance_uniform(&chance);
        for (int c = 0; c < 3; c++) {
            float own = is_grey ? grey : (float)chance_uniform(&chance);
            out->ink.channel[c].data[i] = i / DOTS == 21 ? -1 : own;
        }
    }
    out->slip = slips ? calloc(DOTS, sizeof *out->slip) : NULL;
    for (int y = 0; slips && y < DOTS; y++) {
        out->slip[y] = (struct spot){chance_normal(&chance) / 10,
                                     chance_normal(&chance) / 10};
    }
}

static void assert_line_is_its_places(const struct paper *paper,
                                      const struct paper_line *line)
{
    struct paper_dots dots = paper_dots_of(paper);
    float got[3] = {0};
    float want[3] = {0};
    int missing = 0;
    for (int i = 0; i < line->places; i++) {
        float s = line->first + ((float)i + 0.5F) * line->step;
        float seen[3];
        if (!paper_at(&dots, line->u + s * line->way_u,
                      line->v + s * line->way_v, seen)) {
            missing++;
            continue;
        }
        for (int c = 0; c < 3; c++) {
            want[c] += seen[c];
        }
    }
    assert_int_equal(paper_sum(&dots, line, got), missing);
    assert_memory_equal(got, want, sizeof got);
}

static void a_line_adds_up_what_its_places_show(void **state)
{
    (void)state;
    struct chance chance = chance_of(5, 1);
    for (int kind = 0; kind < 4; kind++) {
        struct paper paper STING_AUTO(paper_release) = {0};
        sheet_fill(&paper, (kind & 1) != 0, (kind & 2) != 0);
        for (int n = 0; n < 500; n++) {
            struct paper_line line = {
                .u = (float)chance_between(&chance, -1, 11),
                .v = (float)chance_between(&chance, -1, 11),
                .way_u = (float)chance_between(&chance, -2, 2),
                .way_v = (float)chance_between(&chance, -2, 2),
                .step = 0.2F,
                .places = 5};
            assert_line_is_its_places(&paper, &line);
        }
    }
}

static double dot(const struct paper *paper, int x, int y)
{
    x = x < 0 ? 0 : x >= DOTS ? DOTS - 1 : x;
    y = y < 0 ? 0 : y >= DOTS ? DOTS - 1 : y;
    return (double)plane_f_row(&paper->ink.channel[0], y)[x];
}

static void between_dots_straight_lines_run_and_rims_are_held(void **state)
{
    (void)state;
    struct paper paper STING_AUTO(paper_release) = {0};
    struct chance chance = chance_of(6, 1);
    sheet_fill(&paper, true, false);
    struct paper_dots dots = paper_dots_of(&paper);
    for (int n = 0; n < 3000; n++) {
        double u = chance_between(&chance, 0, 10);
        double v = chance_between(&chance, 0, 10);
        double x = u * DOTS / 10 - 0.5;
        double y = v * DOTS / 10 - 0.5;
        int i = (int)floor(x);
        int j = (int)floor(y);
        double s = x - i;
        double t = y - j;
        bool is_hole = j == 21 || j + 1 == 21;
        double want = (1 - t) * ((1 - s) * dot(&paper, i, j) +
                                 s * dot(&paper, i + 1, j)) +
                      t * ((1 - s) * dot(&paper, i, j + 1) +
                           s * dot(&paper, i + 1, j + 1));
        float seen[3];
        assert_int_equal(paper_at(&dots, (float)u, (float)v, seen), !is_hole);
        if (!is_hole && fabs((double)seen[2] - want) > 1e-4) {
            fail_msg("%g, not %g, at %g, %g", (double)seen[2], want, u, v);
        }
    }
}

/* The sigma filter as it is written down: those neighbours of 5 x 5 that
 * noise could explain. */
static float plain_mean(const struct plane_f *plane, int x, int y, float reach)
{
    float centre = plane_f_row(plane, y)[x];
    float sum = 0;
    int count = 0;
    for (int j = y - 2; j <= y + 2; j++) {
        for (int i = x - 2; i <= x + 2; i++) {
            if (i < 0 || j < 0 || i >= plane->width_px ||
                j >= plane->height_px) {
                continue;
            }
            float value = plane_f_row(plane, j)[i];
            sum += fabsf(value - centre) <= reach ? value : 0;
            count += fabsf(value - centre) <= reach;
        }
    }
    return sum / (float)count;
}

static void a_row_is_denoised_as_its_pixels_one_by_one(void **state)
{
    (void)state;
    struct chance chance = chance_of(7, 1);
    const int sizes[][2] = {{1, 1}, {2, 3}, {3, 2}, {37, 9}};
    for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
        struct plane_f noisy STING_AUTO(plane_f_release) = {0};
        struct plane_f got STING_AUTO(plane_f_release) = {0};
        int width = sizes[n][0];
        int height = sizes[n][1];
        assert_int_equal(plane_f_init(&noisy, width, height), STING_OK);
        assert_int_equal(plane_f_init(&got, width, height), STING_OK);
        for (int i = 0; i < width * height; i++) {
            got.data[i] = noisy.data[i] = (float)chance_uniform(&chance);
        }
        assert_int_equal(develop_denoise(&got, 0.3F, 0.7F), STING_OK);
        for (int i = 0; i < width * height; i++) {
            float mean = plain_mean(&noisy, i % width, i / width, 0.3F);
            float want = noisy.data[i] + 0.7F * (mean - noisy.data[i]);
            assert_memory_equal(&got.data[i], &want, sizeof want);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_adds_up_what_its_places_show),
        cmocka_unit_test(between_dots_straight_lines_run_and_rims_are_held),
        cmocka_unit_test(a_row_is_denoised_as_its_pixels_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
