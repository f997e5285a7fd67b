/* The first page: what this is about, in short, and what it cannot show. */
#include <string.h>

#include "dossier/section.h"

/* The limits of README.md: stated on the first page of what we give out. */
static const char *const limit[] = {
    "A copy names a copy, not a person. It tells which copy a picture was "
    "taken of, not who took it.",
    "Nothing stops a staged scene in front of the lens, nor someone who owned "
    "the machine before it recorded.",
    "What was written after the last outside anchor can be cut off without "
    "trace; the verification below says how far an anchor reaches.",
    "Old keys may survive on flash memory.",
    "Two copies laid over each other show that marks exist.",
};

static void facts(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<table class=facts>\n");
    html_fact(html, "Legal basis", dossier->legal_basis);
    html_fact(html, "Decided by", dossier->decided_by);
    html_fact(html, "Began", section_time(dossier->began_us, time));
    html_fact(html, "Until",
              dossier->until_us ? section_time(dossier->until_us, time)
                                : "no end was set");
    html_fact(html, "Exit criteria",
              dossier->exit_criteria[0] ? dossier->exit_criteria
                                        : "none were written down");
    html_fact(html, "Operation", dossier->fingerprint);
    html_markup(html, "</table>\n");
}

static size_t verdicts(const struct dossier *dossier, const char *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < dossier->traces; i++) {
        count += !strcmp(dossier->trace[i].verdict, verdict);
    }
    return count;
}

static size_t touches(const struct dossier *dossier)
{
    size_t count = 0;
    for (size_t i = 0; i < dossier->incidents; i++) {
        count += !strcmp(dossier->incident[i].tier, "touch");
    }
    return count;
}

static void in_short(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    size_t attributed = verdicts(dossier, "attributed");
    size_t leads = verdicts(dossier, "lead");

    html_markup(html, "<h3>In short</h3>\n<ul>");
    html_element_printf(html, "li",
                        "%zu incident%s recorded; in %zu of them a document "
                        "was touched, lifted or photographed.",
                        dossier->incidents,
                        dossier->incidents == 1 ? " was" : "s were",
                        touches(dossier));
    html_element_printf(html, "li",
                        "%zu cop%s issued, each with marks of its "
                        "own.",
                        dossier->copies,
                        dossier->copies == 1 ? "y was" : "ies were");
    html_element_printf(html, "li",
                        "%zu finding%s from pictures: %zu attributed to a "
                        "copy, %zu a lead only, %zu named no copy.",
                        dossier->traces, dossier->traces == 1 ? "" : "s",
                        attributed, leads,
                        dossier->traces - attributed - leads);
    html_element_printf(
        html, "li", "The record is %s. %s%s.", dossier->verdict,
        dossier->anchored_us ? "An outsider vouches for it until "
                             : "Nobody outside vouches for it yet",
        dossier->anchored_us ? section_time(dossier->anchored_us, time) : "");
    html_markup(html, "</ul>\n");
}

/* The picture that says most: of a touch if there is one. */
static void lead_picture(struct html *html, const struct dossier *dossier)
{
    const struct dossier_incident *best = NULL;
    for (size_t i = 0; i < dossier->incidents; i++) {
        const struct dossier_incident *one = &dossier->incident[i];
        if (one->pictures > 0 && one->picture[0].jpeg.size > 0 &&
            (!best || (!strcmp(one->tier, "touch") &&
                       strcmp(best->tier, "touch") != 0))) {
            best = one;
        }
    }
    if (!best) {
        return;
    }
    size_t middle = best->pictures / 3;
    const struct dossier_picture *picture =
        &best->picture[best->picture[middle].jpeg.size > 0 ? middle : 0];
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<figure class=lead>");
    html_jpeg(html, buffer_bytes(&picture->jpeg), picture->shows);
    html_element_printf(html, "figcaption", "Incident %u, camera %s, %s: %s",
                        best->number, best->camera,
                        section_time(picture->at_us, time), picture->shows);
    html_markup(html, "</figure>\n");
}

void section_front(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<section id=front>\n<header>");
    html_element_printf(html, "p",
                        "Dossier of a covert observation, written %s",
                        section_time(dossier->made_us, time));
    html_element(html, "h1", dossier->goal);
    html_markup(html, "</header>\n");
    facts(html, dossier);
    in_short(html, dossier);
    lead_picture(html, dossier);
    html_markup(html, "<h3>What this cannot show</h3>\n<ul>");
    for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
        html_element(html, "li", limit[i]);
    }
    html_markup(html, "</ul>\n</section>\n");
}
