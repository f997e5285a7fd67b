/* The first page: what this is about, in short, and what it cannot show. */
#include <inttypes.h>
#include <stdio.h>
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
    "Old keys may survive on flash memory. Who holds the identity of a "
    "recipient opens what is sealed with other tools, and leaves no line.",
    "Two copies laid over each other show that marks exist.",
};

static void facts(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    char time[SECTION_TIME_SIZE];
    section_facts(page);
    section_fact(page, "Legal basis", dossier->legal_basis);
    section_fact(page, "Decided by", dossier->decided_by);
    section_fact(page, "Began", section_time(dossier->began_us, time));
    section_fact(page, "Until",
                 dossier->until_us ? section_time(dossier->until_us, time)
                                   : "no end was set");
    section_fact(page, "Exit criteria",
                 dossier->exit_criteria[0] ? dossier->exit_criteria
                                           : "none were written down");
    section_fact(page, "Operation", dossier->fingerprint);
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

static void in_short(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    struct document *d = page->document;
    char time[SECTION_TIME_SIZE];
    size_t attributed = verdicts(dossier, "attributed");
    size_t leads = verdicts(dossier, "lead");
    document_subheading(d, "In short");
    document_point(d,
                   "%zu incident%s recorded; in %zu of them a document was "
                   "touched, lifted or photographed.",
                   dossier->incidents,
                   dossier->incidents == 1 ? " was" : "s were",
                   touches(dossier));
    document_point(d, "%zu cop%s issued, each with marks of its own.",
                   dossier->copies,
                   dossier->copies == 1 ? "y was" : "ies were");
    document_point(d,
                   "%zu finding%s from pictures: %zu attributed to a copy, %zu "
                   "a lead only, %zu named no copy.",
                   dossier->traces, dossier->traces == 1 ? "" : "s", attributed,
                   leads, dossier->traces - attributed - leads);
    document_point(d,
                   "What was sealed was opened %" PRIu64
                   " times; a wrong passphrase was tried %" PRIu64 " times.",
                   section_lines(dossier, "unlock"),
                   section_lines(dossier, "unlock refused"));
    document_point(
        d, "The record is %s. %s%s.", dossier->verdict,
        dossier->anchored_us ? "An outsider vouches for it until "
                             : "Nobody outside vouches for it yet",
        dossier->anchored_us ? section_time(dossier->anchored_us, time) : "");
}

/* The picture that says most: of a touch if there is one. */
static void lead_picture(struct page *page)
{
    const struct dossier *dossier = page->dossier;
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
    char caption[DOSSIER_TEXT_SIZE];
    (void)snprintf(caption, sizeof caption, "Incident %u, camera %s, %s: %s",
                   best->number, best->camera,
                   section_time(picture->at_us, time), picture->shows);
    section_picture(page, picture, caption, false);
}

void section_front(struct page *page)
{
    facts(page);
    in_short(page);
    document_subheading(page->document, "What this cannot show");
    for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
        document_point(page->document, "%s", limit[i]);
    }
    lead_picture(page);
}
