#include "trace/report_figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/seeded.h"
#include "mark/code.h"
#include "mark/strength.h"
#include "trace/drawing.h"
#include "trace/report.h"

#define PHOTO_MOST_PX 1800

void report_figure_free(struct report_figure **figure)
{
    struct report_figure *f = *figure;
    if (f) {
        buffer_release(&f->jpeg);
        free(f->stroke);
        free(f->copies);
        free(f->random);
    }
    free(f);
    *figure = NULL;
}

static uint8_t colour_of(const struct trace_mark *mark)
{
    return mark->sign == 0    ? FIGURE_GREY
           : mark->agrees > 0 ? FIGURE_GREEN
           : mark->agrees < 0 ? FIGURE_RED
                              : FIGURE_BLUE;
}

static void mark_strokes(const struct trace_mark *mark,
                         struct report_figure *out)
{
    const float *x = mark->x, *y = mark->y;
    uint8_t colour = colour_of(mark);
    if (trace_mark_is_first(mark)) {
        struct figure_stroke *box = &out->stroke[out->photo.strokes++];
        *box = (struct figure_stroke){.points = 4, .colour = colour};
        memcpy(box->x, x, sizeof box->x);
        memcpy(box->y, y, sizeof box->y);
    }
    if (mark->sign != 0) {
        out->stroke[out->photo.strokes++] = (struct figure_stroke){
            .x = {(x[0] + x[1] + x[2] + x[3]) / 4, mark->tip_x},
            .y = {(y[0] + y[1] + y[2] + y[3]) / 4, mark->tip_y},
            .points = 2,
            .colour = colour};
    }
}

static enum sting_status photo_fill(const struct trace_run *run,
                                    const struct trace_picture *picture,
                                    const struct trace_finding *finding,
                                    struct report_figure *out,
                                    struct fault *fault)
{
    int longer = picture->width_px > picture->height_px ? picture->width_px
                                                        : picture->height_px;
    double scale = longer > PHOTO_MOST_PX ? (double)PHOTO_MOST_PX / longer : 1;
    enum sting_status status = trace_picture_jpeg(
        run->library->worker, picture, PHOTO_MOST_PX, &out->jpeg, fault);
    if (status) {
        return status;
    }
    out->stroke = calloc(2 * (size_t)finding->marks + 1, sizeof *out->stroke);
    if (!out->stroke) {
        return STING_E_NOMEM;
    }
    out->photo = (struct figure_photo){
        .jpeg = buffer_bytes(&out->jpeg),
        .width_px = (int)lround(picture->width_px * scale),
        .height_px = (int)lround(picture->height_px * scale),
        .stroke_scale = scale,
        .stroke = out->stroke};
    for (uint32_t u = 0; u < finding->marks; u++) {
        mark_strokes(&finding->mark[u], out);
    }
    return STING_OK;
}

/* The evidence of a finding, ready to score codes; freed together. */
struct bench {
    const struct trace_finding *finding;
    const struct shelf *shelf;
    struct strength strength;
    double *a;
    uint8_t *threshold, *bit;
};

static void bench_release(struct bench *bench)
{
    free(bench->a);
    free(bench->threshold);
    free(bench->bit);
}

static enum sting_status bench_init(const struct trace_run *run,
                                    const struct trace_finding *finding,
                                    struct bench *out)
{
    size_t room = (size_t)finding->marks + 1;
    struct secret bias STING_AUTO(secret_wipe);
    out->finding = finding;
    out->shelf = &run->library->shelf[finding->shelf];
    out->a = calloc(room, sizeof *out->a);
    out->threshold = calloc(room, 1);
    out->bit = calloc(room, 1);
    mark_bias_key(&out->shelf->document, (uint32_t)finding->page, &bias);
    if (!out->a || !out->threshold || !out->bit) {
        return STING_E_NOMEM;
    }
    const struct score_part part = {(uint32_t)finding->page, &finding->reading};
    const struct score_question question = {.document = &out->shelf->document,
                                            .part = &part,
                                            .parts = 1,
                                            .is_mixed = finding->is_mixed};
    if (score_evidence(&question, &out->a)) {
        return STING_E_NOMEM;
    }
    mark_bias(&bias, finding->marks, out->threshold);
    strength_init(&out->strength);
    strength_add(&out->strength, out->a, out->threshold, finding->marks);
    return STING_OK;
}

static double bits_score(const struct bench *bench)
{
    return strength_log10_lr(&bench->strength,
                             strength_sum(bench->a, bench->threshold,
                                          bench->bit, bench->finding->marks));
}

static double copy_score(const struct bench *bench, uint32_t number)
{
    struct secret key STING_AUTO(secret_wipe);
    mark_copy_key(&bench->shelf->document, number, &key);
    mark_code(&key, (uint32_t)bench->finding->page, bench->threshold,
              bench->finding->marks, bench->bit);
    return bits_score(bench);
}

/* All copies but the one that is named, or so many of them, evenly taken. The
 * best of all is known, whether it is among them or not. */
static void others_score(const struct bench *bench, struct report_figure *out)
{
    const struct shelf *shelf = bench->shelf;
    const struct score *score = &bench->finding->score;
    bool is_named = bench->finding->verdict == TRACE_ATTRIBUTED;
    const char *other = is_named ? "other " : "";
    size_t step = shelf->copies / REPORT_MOST_COPIES + 1;
    out->most_other = is_named ? score->second_log10_lr : score->log10_lr;
    for (size_t i = 0; i < shelf->copies; i += step) {
        if (!is_named || shelf->copy[i] != score->copy) {
            out->copies[out->plot.fews++] = copy_score(bench, shelf->copy[i]);
        }
    }
    if (step > 1) {
        snprintf(out->few_name, sizeof out->few_name,
                 "blue: %zu of the %zu %scopies issued", out->plot.fews,
                 shelf->copies - is_named, other);
    } else {
        snprintf(out->few_name, sizeof out->few_name,
                 "blue: all %scopies issued", other);
    }
}

static void random_score(const struct bench *bench, struct report_figure *out)
{
    struct seeded seeded = {bench->finding->marks + 7};
    out->most_random = -INFINITY;
    for (size_t i = 0; i < REPORT_RANDOM_CODES; i++) {
        for (uint32_t u = 0; u < bench->finding->marks; u++) {
            bench->bit[u] = seeded_next(&seeded) >> 56 < bench->threshold[u];
        }
        out->random[i] = bits_score(bench);
        out->most_random = fmax(out->most_random, out->random[i]);
    }
    out->plot.manys = REPORT_RANDOM_CODES;
}

static enum sting_status plot_fill(const struct trace_run *run,
                                   const struct trace_finding *finding,
                                   struct report_figure *out)
{
    struct bench bench STING_AUTO(bench_release) = {0};
    enum sting_status status = bench_init(run, finding, &bench);
    out->copies = calloc(REPORT_MOST_COPIES + 1, sizeof *out->copies);
    out->random = calloc(REPORT_RANDOM_CODES, sizeof *out->random);
    if (status || !out->copies || !out->random) {
        return STING_E_NOMEM;
    }
    others_score(&bench, out);
    random_score(&bench, out);
    bool is_named = finding->verdict == TRACE_ATTRIBUTED;
    out->plot.many = out->random;
    out->plot.few = out->copies;
    out->plot.many_name = "grey: 10,000 codes drawn at random";
    out->plot.few_name = out->few_name;
    out->plot.axis = "log10 of the likelihood ratio";
    out->plot.mark[out->plot.marks++] =
        (struct figure_mark){finding->score.control_log10_lr,
                             "copy 0, which nobody has", FIGURE_GREY};
    if (is_named) {
        snprintf(out->name, sizeof out->name, "copy %u", finding->score.copy);
        out->plot.mark[out->plot.marks++] = (struct figure_mark){
            finding->score.log10_lr, out->name, FIGURE_RED};
    }
    return STING_OK;
}

enum sting_status report_figure_new(const struct trace_run *run,
                                    const struct trace_picture *picture,
                                    const struct trace_finding *finding,
                                    struct report_figure **out,
                                    struct fault *fault)
{
    struct report_figure *figure STING_AUTO(report_figure_free) =
        calloc(1, sizeof *figure);
    if (!figure) {
        return STING_E_NOMEM;
    }
    enum sting_status status = photo_fill(run, picture, finding, figure, fault);
    if (!status) {
        status = plot_fill(run, finding, figure);
    }
    if (!status) {
        *out = figure;
        figure = NULL;
    }
    return status;
}
