#include "dossier/dossier.h"

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
    free(dossier->place);
    free(dossier->trace);
    free(dossier->remark);
    free(dossier->deed);
    free(dossier->gap);
    free(dossier->count);
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

char *section_clock(int64_t utc_us, char text[SECTION_TIME_SIZE])
{
    char iso[CLOCK_TEXT_SIZE];
    clock_text(utc_us, iso);
    (void)snprintf(text, SECTION_TIME_SIZE, "%.8s", iso + 11);
    return text;
}

bool section_is_attributed(const struct dossier_trace *trace)
{
    return !strcmp(trace->verdict, "attributed");
}

enum sting_status dossier_write(const struct dossier *dossier,
                                struct buffer *out)
{
    static void (*const section[])(struct html *, const struct dossier *) = {
        section_front,  section_incidents, section_matrix, section_copies,
        section_traces, section_record,    section_custody};
    struct html html = {0};

    html_markup(&html, "<!doctype html>\n<html lang=\"en\"><head>"
                       "<meta charset=\"utf-8\">\n<title>");
    html_printf(&html, "Dossier: %s", dossier->goal);
    html_markup(&html, "</title>\n<meta name=\"viewport\" content=\"width="
                       "device-width\">\n<meta http-equiv=\"Content-Security-"
                       "Policy\" content=\"default-src 'none'; img-src data:; "
                       "style-src 'unsafe-inline'\">\n<style>");
    html_markup(&html, dossier_style);
    html_markup(&html, "</style></head>\n<body>\n");
    for (size_t i = 0; i < sizeof section / sizeof *section; i++) {
        section[i](&html, dossier);
    }
    html_markup(&html, "</body></html>\n");

    enum sting_status status =
        html.is_broken ? STING_E_NOMEM
                       : buffer_append(out, buffer_bytes(&html.out));
    buffer_release(&html.out);
    return status;
}
