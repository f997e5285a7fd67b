#include "dossier/dossier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dossier/section.h"

static void pictures_release(struct dossier_incident *incident)
{
    for (size_t i = 0; i < incident->pictures; i++) {
        buffer_release(&incident->picture[i].jpeg);
    }
    free(incident->picture);
}

void dossier_release(struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->incidents; i++) {
        pictures_release(&dossier->incident[i]);
    }
    free(dossier->incident);
    free(dossier->copy);
    handover_list_release(&dossier->handover);
    free(dossier->page);
    free(dossier->trace);
    free(dossier->remark);
    free(dossier->deed);
    free(dossier->gap);
    free(dossier->count);
    watched_release(&dossier->watched);
    *dossier = (struct dossier){0};
}

/* "2026-11-23T21:04:41.250Z" told as people write it. */
char *section_time(int64_t utc_us, char text[SECTION_TIME_SIZE])
{
    static const char *const month[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    char iso[CLOCK_TEXT_SIZE];
    if (utc_us == 0) {
        snprintf(text, SECTION_TIME_SIZE, "unknown");
        return text;
    }
    clock_text(utc_us, iso);
    int index = (iso[5] - '0') * 10 + (iso[6] - '0') - 1;
    int day = (iso[8] - '0') * 10 + (iso[9] - '0');
    (void)snprintf(text, SECTION_TIME_SIZE, "%d %s %.4s, %.8s UTC", day,
                   month[index < 0 || index > 11 ? 0 : index], iso, iso + 11);
    return text;
}

char *section_power(double exponent, char text[SECTION_POWER_SIZE])
{
    static const char *const raised[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
        "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
        "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%.0f", fmin(fabs(exponent), 999999));
    size_t used = (size_t)snprintf(text, SECTION_POWER_SIZE, "10%s",
                                   exponent < 0 ? "\xe2\x81\xbb" : "");
    for (const char *at = digits; *at; at++) {
        used += (size_t)snprintf(text + used, SECTION_POWER_SIZE - used, "%s",
                                 raised[*at - '0']);
    }
    return text;
}

bool section_is_attributed(const struct dossier_trace *trace)
{
    return !strcmp(trace->verdict, "attributed");
}

uint64_t section_lines(const struct dossier *dossier, const char *kind)
{
    for (size_t i = 0; i < dossier->counts; i++) {
        if (!strcmp(dossier->count[i].kind, kind)) {
            return dossier->count[i].lines;
        }
    }
    return 0;
}

void section_facts(struct page *page)
{
    document_table(page->document, 2, NULL, (const double[]){1, 3.2});
}

void section_fact(struct page *page, const char *what, const char *value)
{
    document_row(
        page->document,
        (const char *const[]){what, value && value[0] ? value : "unknown"});
}

void section_picture(struct page *page, const struct dossier_picture *picture,
                     const char *caption, bool is_small)
{
    if (picture->jpeg.size == 0 || picture->width_px == 0) {
        document_text(
            page->document, DOCUMENT_SMALL, "%s. No picture: %s", caption,
            picture->why_not[0] ? picture->why_not : "it cannot be read");
        return;
    }
    struct figure_photo *photo = &page->photo[page->photos++];
    *photo = (struct figure_photo){.jpeg = buffer_bytes(&picture->jpeg),
                                   .width_px = picture->width_px,
                                   .height_px = picture->height_px,
                                   .stroke_scale = 1};
    if (is_small) {
        document_photo_beside(page->document, photo, caption);
    } else {
        document_photo(page->document, photo, caption);
    }
}

/* One for every picture, and one for the first page. */
static size_t photos_of(const struct dossier *dossier)
{
    size_t count = 1;
    for (size_t i = 0; i < dossier->incidents; i++) {
        count += dossier->incident[i].pictures;
    }
    return count;
}

static enum sting_status give_out(const struct page *page,
                                  enum dossier_form form, struct buffer *out)
{
    return form == DOSSIER_PDF ? document_pdf(page->document, out)
                               : document_html(page->document, out);
}

enum sting_status dossier_write(const struct dossier *dossier,
                                enum dossier_form form, struct buffer *out)
{
    static void (*const section[])(struct page *) = {
        section_front,  section_subjects, section_incidents, section_matrix,
        section_copies, section_traces,   section_counted,   section_watched,
        section_record, section_defence,  section_custody};
    struct document *document STING_AUTO(document_free) = NULL;
    struct page page = {.dossier = dossier,
                        .photo =
                            calloc(photos_of(dossier), sizeof *page.photo)};
    char about[SECTION_TIME_SIZE + 64];
    char time[SECTION_TIME_SIZE];
    (void)snprintf(about, sizeof about,
                   "Dossier of a covert observation, written %s",
                   section_time(dossier->made_us, time));
    enum sting_status status =
        page.photo ? document_new(dossier->goal, about, &document)
                   : STING_E_NOMEM;
    page.document = document;
    for (size_t i = 0; i < sizeof section / sizeof *section && !status; i++) {
        section[i](&page);
    }
    if (!status) {
        status = give_out(&page, form, out);
    }
    free(page.photo);
    return status;
}
