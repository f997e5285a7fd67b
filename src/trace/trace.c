#include "trace/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "image/negative.h"
#include "mark/read.h"

#define TIP_ENLARGED 20.0F

static const char *const verdict_text[] = {"attributed", "lead", "none",
                                           "no-page", "unreadable"};

const char *trace_verdict_text(enum trace_verdict verdict)
{
    return verdict_text[verdict];
}

void trace_finding_release(struct trace_finding *finding)
{
    page_reading_release(&finding->reading);
    free(finding->mark);
    finding->mark = NULL;
}

void trace_joint_release(struct trace_joint *joint)
{
    trace_finding_release(&joint->finding);
    free(joint->picture);
    free(joint->silent);
    free(joint->part);
}

static void picture_free(struct trace_picture **picture)
{
    for (size_t i = 0; *picture && i < (*picture)->scored; i++) {
        trace_finding_release(&(*picture)->finding[i]);
    }
    if (*picture) {
        free((*picture)->name);
    }
    free(*picture);
    *picture = NULL;
}

void trace_run_release(struct trace_run *run)
{
    for (size_t i = 0; i < run->pictures; i++) {
        picture_free(&run->picture[i]);
    }
    for (size_t i = 0; i < run->joined; i++) {
        trace_joint_release(&run->joint[i]);
    }
    free(run->joint);
    free(run->asked);
    free(run->picture);
    *run = (struct trace_run){0};
}

static struct point unit_corner(const struct mark_unit *unit, int corner)
{
    bool is_right = corner == 1 || corner == 2;
    bool is_low = corner >= 2;
    return (struct point){(double)(is_right ? unit->x1_pt : unit->x0_pt),
                          (double)(is_low ? unit->y1_pt : unit->y0_pt)};
}

static struct trace_mark mark_of(const struct page_map *map,
                                 const struct mark_unit *unit,
                                 const struct unit_reading *reading)
{
    struct trace_mark mark = {.axis = unit->axis,
                              .a = reading->a,
                              .sign = (int8_t)(reading->a > 0 ? 1 : -1)};
    for (int i = 0; i < 4; i++) {
        struct point p = page_map_at(map, unit_corner(unit, i));
        mark.x[i] = (float)p.x;
        mark.y[i] = (float)p.y;
    }
    float far = TIP_ENLARGED * (float)mark.sign * unit->shift_pt;
    struct point tip = page_map_at(
        map,
        (struct point){
            (double)(0.5F * (unit->x0_pt + unit->x1_pt) + far * unit->ux),
            (double)(0.5F * (unit->y0_pt + unit->y1_pt) + far * unit->uy)});
    mark.tip_x = (float)tip.x;
    mark.tip_y = (float)tip.y;
    if (reading->a == 0) {
        mark.sign = 0;
    }
    return mark;
}

static enum sting_status marks_fill(const struct page_map *map,
                                    const struct mark_page *page,
                                    const struct page_reading *reading,
                                    struct trace_finding *finding)
{
    finding->mark = calloc((size_t)page->units + 1, sizeof *finding->mark);
    if (!finding->mark) {
        return STING_E_NOMEM;
    }
    finding->marks = page->units;
    for (uint32_t u = 0; u < page->units; u++) {
        finding->mark[u] = mark_of(map, &page->unit[u], &reading->unit[u]);
    }
    return STING_OK;
}

/* A page of ours whose words are not where they should be is none: it is left
 * out again, and paid for all the same. */
static void finding_keep(struct trace_picture *picture)
{
    struct trace_finding *finding = &picture->finding[picture->findings];
    if (page_reading_fits(&finding->reading)) {
        picture->findings++;
        picture->scored++;
    } else {
        trace_finding_release(finding);
        *finding = (struct trace_finding){.page = -1};
    }
}

/* Read and score one page found in the picture. */
static enum sting_status finding_fill(struct trace_run *run,
                                      const struct photo *photo,
                                      const struct search_hit *hit,
                                      struct trace_finding *out)
{
    const struct library_place *place = &run->library->place[hit->number];
    const struct shelf *shelf = &run->library->shelf[place->shelf];
    const struct mark_page *page = &shelf->bait.page[place->page];
    struct page_reading *reading = &out->reading;
    *out = (struct trace_finding){.verdict = TRACE_NONE,
                                  .shelf = place->shelf,
                                  .page = place->page,
                                  .spot = hit->spot,
                                  .left = hit->left,
                                  .run = 1};
    struct mark_letters letters STING_AUTO(mark_letters_release) = {0};
    enum sting_status status =
        library_letters(run->library, hit->number, &letters, NULL);
    status = status ? status
                    : mark_read(photo, &hit->map, &hit->original, page,
                                &letters, reading);
    if (!status) {
        const struct score_request request = {&shelf->document,
                                              (uint32_t)place->page,
                                              shelf->copy, shelf->copies};
        status = score_page(&request, reading, &out->score);
    }
    if (!status) {
        status = marks_fill(&hit->map, page, reading, out);
    }
    if (!status) {
        out->noise = mark_noise_of(page, reading);
    }
    out->noise_pt = reading->noise_along_pt;
    out->strange = reading->strange;
    run->tried += (double)shelf->copies;
    return status;
}

static enum sting_status hits_take(struct trace_run *run,
                                   const struct photo *photo,
                                   struct search_hit *hit, size_t hits,
                                   struct trace_picture *picture)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < hits; i++) {
        if (!status) {
            status = finding_fill(run, photo, &hit[i],
                                  &picture->finding[picture->findings]);
            finding_keep(picture);
        }
        search_hit_release(&hit[i]);
    }
    return status;
}

static void finding_only(struct trace_picture *picture,
                         enum trace_verdict verdict)
{
    picture->findings = 1;
    picture->scored = 1;
    picture->finding[0] =
        (struct trace_finding){.verdict = verdict, .page = -1};
}

/* Look for pages in a picture, and read them. Where all that was found is none
 * after all, by chance alone, the page may be in the mirror yet. */
static enum sting_status photo_trace(struct trace_run *run,
                                     const struct photo *photo,
                                     struct trace_picture *picture,
                                     struct fault *fault)
{
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    struct search_source source = library_source(run->library);
    size_t hits = 0;
    enum sting_status status =
        search_run(photo, &run->library->index, &source, hit, &hits, fault);
    bool is_plain = hits > 0 && !hit[0].is_mirrored;
    status = status ? status : hits_take(run, photo, hit, hits, picture);
    if (!status && is_plain && picture->findings == 0) {
        status = search_mirrored(photo, &run->library->index, &source, hit,
                                 &hits, fault);
        status = status ? status : hits_take(run, photo, hit, hits, picture);
    }
    return status;
}

/* The same of a page that is light on dark. */
static enum sting_status negative_trace(struct trace_run *run,
                                        const struct plane *plane,
                                        struct trace_picture *picture,
                                        struct fault *fault)
{
    struct plane turned STING_AUTO(plane_release) = {0};
    struct photo photo STING_AUTO(photo_release) = {0};
    enum sting_status status = negative_turn(plane, &turned);
    status = status ? status : photo_init(&photo, &turned);
    return status ? status : photo_trace(run, &photo, picture, fault);
}

static enum sting_status plane_trace(struct trace_run *run,
                                     const struct plane *plane,
                                     struct trace_picture *picture,
                                     struct fault *fault)
{
    struct photo photo STING_AUTO(photo_release) = {0};
    enum sting_status status = photo_init(&photo, plane);
    if (status == STING_E_ARG) {
        snprintf(picture->why, sizeof picture->why, "the picture is too small");
        finding_only(picture, TRACE_UNREADABLE);
        return STING_OK;
    }
    if (!status) {
        status = photo_trace(run, &photo, picture, fault);
    }
    if (!status && picture->findings == 0 && negative_is(plane)) {
        status = negative_trace(run, plane, picture, fault);
    }
    if (!status && picture->findings == 0) {
        const struct search_source source = library_source(run->library);
        finding_only(picture, TRACE_NO_PAGE);
        status = presence_find(plane, &run->library->index, &source,
                               &picture->presence, NULL);
        if (status && status != STING_E_NOMEM) {
            picture->presence = (struct presence){.put = 0}; /* not known */
            status = STING_OK;
        }
    }
    return status;
}

static enum sting_status run_keep(struct trace_run *run,
                                  struct trace_picture **picture)
{
    struct trace_picture **kept =
        array_add(&run->picture, &run->pictures, sizeof *run->picture);
    if (!kept) {
        return STING_E_NOMEM;
    }
    *kept = *picture;
    *picture = NULL;
    return STING_OK;
}

static enum sting_status picture_new(const struct trace_picture *about,
                                     struct trace_picture **out)
{
    struct trace_picture *picture = calloc(1, sizeof *picture);
    char *name = strdup(about->name);
    if (!picture || !name) {
        free(picture);
        free(name);
        return STING_E_NOMEM;
    }
    picture->name = name;
    picture->digest = about->digest;
    picture->file = about->file;
    picture->sheet = about->sheet;
    picture->at_us = about->at_us;
    picture->run = about->run;
    picture->is_foreign = about->is_foreign;
    memcpy(picture->why, about->why, sizeof picture->why);
    memcpy(picture->todo, about->todo, sizeof picture->todo);
    *out = picture;
    return STING_OK;
}

enum sting_status trace_run_take(struct trace_run *run,
                                 const struct trace_picture *about,
                                 const struct plane *plane, struct fault *fault)
{
    struct trace_picture *picture STING_AUTO(picture_free) = NULL;
    struct moment start = clock_now();
    enum sting_status status = picture_new(about, &picture);
    if (!status && plane) {
        picture->width_px = plane->width_px;
        picture->height_px = plane->height_px;
        status = plane_trace(run, plane, picture, fault);
    } else if (!status) {
        finding_only(picture, TRACE_UNREADABLE);
    }
    if (status) {
        return fault && fault->why[0] ? status
                                      : fault_set(fault, status, "", "%s",
                                                  sting_status_text(status));
    }
    picture->seconds =
        about->seconds + (double)(clock_now().boot_us - start.boot_us) / 1e6;
    return run_keep(run, &picture);
}
