/* What happened in front of the cameras, with pictures. */
#include <string.h>

#include "dossier/section.h"

/* What the words of the ledger mean to somebody who never saw them. */
static const char *kind_told(const char *kind)
{
    static const char *const table[][2] = {
        {"person", "a person was seen"},
        {"page", "a document was touched, lifted, photographed or taken"},
        {"light", "the light changed"},
        {"tamper", "the camera was covered, turned or blinded"},
        {"loss", "the camera was gone"},
        {"learning", "the scene was new to the detector"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strcmp(table[i][0], kind)) {
            return table[i][1];
        }
    }
    return kind;
}

static void picture(struct html *html, const struct dossier_picture *picture)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<figure data-at=\"");
    html_printf(html, "%lld", (long long)picture->at_us);
    html_markup(html, "\">");
    if (picture->jpeg.size > 0) {
        html_jpeg(html, buffer_bytes(&picture->jpeg), picture->shows);
    } else {
        html_element_printf(html, "p class=bad", "No picture: %s",
                            picture->why_not);
    }
    html_element_printf(html, "figcaption", "%s UTC: %s",
                        section_clock(picture->at_us, time), picture->shows);
    html_markup(html, "</figure>\n");
}

static void incident(struct html *html, const struct dossier_incident *one)
{
    char time[SECTION_TIME_SIZE];
    html_element_printf(html, "h3", "Incident %u: %s", one->number,
                        kind_told(one->kind));
    html_markup(html, "<table class=facts>\n");
    html_fact(html, "Began", section_time(one->start_us, time));
    html_fact(html, "Ended",
              one->end_us ? section_time(one->end_us, time)
                          : "not by the time of writing");
    html_fact(html, "Camera", one->camera);
    if (one->zone[0]) {
        html_fact(html, "Zone", one->zone);
    }
    if (one->bait[0]) {
        html_fact(html, "Document there", one->bait);
    }
    html_markup(html, "<tr><th>Alerts</th><td>");
    html_printf(html, "%zu told, tier %s (ledger entry %llu)", one->alerts,
                one->tier, (unsigned long long)one->seq);
    html_markup(html, "</td></tr>\n</table>\n<div class=strip>\n");
    for (size_t i = 0; i < one->pictures; i++) {
        picture(html, &one->picture[i]);
    }
    html_markup(html, "</div>\n");
}

void section_incidents(struct html *html, const struct dossier *dossier)
{
    html_markup(html, "<section id=incidents>\n<h2>Incidents</h2>\n");
    html_markup(
        html,
        dossier->incidents
            ? "<p>Pictures are taken from the sealed recording, unchanged "
              "but for their size as JPEG. Times are the recording "
              "machine's, in UTC.</p>\n"
            : "<p>No incident was recorded.</p>\n");
    for (size_t i = 0; i < dossier->incidents; i++) {
        incident(html, &dossier->incident[i]);
    }
    html_markup(html, "</section>\n");
}
