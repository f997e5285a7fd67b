/* What happened in front of the cameras, with pictures. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/section.h"

/* What the words of the ledger mean to somebody who never saw them. */
static const char *kind_told(const char *kind, const char *tier)
{
    static const char *const table[][2] = {
        {"person", "a person was seen"},
        {"page", "a document was touched, lifted, photographed or taken"},
        {"light", "the light changed"},
        {"tamper", "the camera was covered, turned or blinded"},
        {"loss", "the camera was gone"},
        {"learning", "the scene was new to the detector"},
    };
    if (!strcmp(kind, "page") && strcmp(tier, "touch") != 0) {
        return "a page moved, was missed, or was lit by flashes; nobody was "
               "seen";
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!strcmp(table[i][0], kind)) {
            return table[i][1];
        }
    }
    return kind;
}

/* What people said that it was, the last word last. */
static void marks(struct page *page, uint32_t number)
{
    static const char *const table[][2] = {
        {"false-alarm", "Marked a false alarm"},
        {"known-person", "Marked as somebody known"},
        {"acknowledged", "Seen to"},
    };
    const struct dossier *dossier = page->dossier;
    for (size_t i = 0; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        char text[2 * DOSSIER_TEXT_SIZE + SECTION_TIME_SIZE];
        char time[SECTION_TIME_SIZE];
        const char *what = NULL;
        for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
            what = !strcmp(one->kind, table[k][0]) ? table[k][1] : what;
        }
        if (one->incident == number && what) {
            (void)snprintf(text, sizeof text, "%s: %s%s%s",
                           section_time(one->at_us, time), one->by,
                           one->by[0] ? ", " : "", one->text);
            section_fact(page, what, text);
        }
    }
}

/* How long it took until people knew, answered, were there. */
static void answers(struct page *page, const struct dossier_incident *one)
{
    const struct {
        const char *name;
        int64_t at_us;
        const char *who;
    } row[] = {{"First alert out", one->alerted_us, ""},
               {"Acknowledged", one->ack_us, ""},
               {"Own team in the room", one->team_us, one->team}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[DOSSIER_TEXT_SIZE];
        char time[SECTION_TIME_SIZE];
        double after_s = (double)(row[i].at_us - one->start_us) / 1e6;
        if (row[i].at_us) {
            (void)snprintf(text, sizeof text, "%s, %.1f s after it began%s%s",
                           section_time(row[i].at_us, time), after_s,
                           row[i].who[0] ? "; " : "", row[i].who);
            section_fact(page, row[i].name, text);
        }
    }
}

/* What is burned into a picture is not what stands beside it here. */
static void own_clock(struct page *page, const struct dossier_incident *one)
{
    char off[CLOCK_OFF_SIZE];
    char text[DOSSIER_TEXT_SIZE];
    (void)snprintf(text, sizeof text,
                   "%s when it began, as the camera itself said; times in its "
                   "pictures are of that clock",
                   clock_off_text(one->clock_ms, off));
    section_fact(page, "The camera's own clock",
                 one->has_clock ? text : "unknown: the camera did not say");
}

/* How much a picture, or that nobody was told of, can be held to show. */
static void could_see(struct page *page, const struct dossier_incident *one)
{
    char words[INCIDENT_SIGHT_SIZE];
    char text[INCIDENT_SIGHT_SIZE + SECTION_TIME_SIZE];
    char time[SECTION_TIME_SIZE];
    if (strcmp(one->kind, "person") != 0 && strcmp(one->kind, "page") != 0) {
        return; /* of a camera that is covered or gone it would be of before */
    }
    (void)snprintf(text, sizeof text, "%s: %s",
                   section_time(one->sight_us, time),
                   incident_sight_words(&one->sight, words));
    section_fact(page, "What could be seen there",
                 one->sight_us ? text : "unknown: not told in the ledger");
}

static void incident(struct page *page, const struct dossier_incident *one)
{
    char text[DOSSIER_TEXT_SIZE];
    char time[SECTION_TIME_SIZE];
    (void)snprintf(text, sizeof text, "Incident %u: %s", one->number,
                   kind_told(one->kind, one->tier));
    document_subheading(page->document, text);
    section_facts(page);
    section_fact(page, "Began", section_time(one->start_us, time));
    section_fact(page, "Ended",
                 one->end_us ? section_time(one->end_us, time)
                             : "not by the time of writing");
    if (one->is_cut) {
        section_fact(page, "Its end",
                     "was not seen: the recorder ended then without a word");
    }
    if (one->unseen[0]) {
        (void)snprintf(text, sizeof text,
                       "was not seen by %.380s, whose picture was covered, "
                       "changed, broke off or was watched no more while it "
                       "went on",
                       one->unseen);
        section_fact(page, "Its end", text);
    }
    section_fact(page, "Camera", one->camera);
    own_clock(page, one);
    if (one->cameras[0]) {
        section_fact(page, "Seen by", one->cameras);
    }
    if (one->is_walk) {
        section_fact(page, "Walk test",
                     "one of those who watch walked, as a line of the ledger "
                     "says: no visit");
    }
    if (one->zone[0]) {
        section_fact(page, "Zone", one->zone);
    }
    if (one->bait[0]) {
        section_fact(page, "Document there", one->bait);
    }
    could_see(page, one);
    (void)snprintf(text, sizeof text,
                   "%zu told, tier %s (ledger entry %" PRIu64 ")", one->alerts,
                   one->tier, one->seq);
    section_fact(page, "Alerts", text);
    answers(page, one);
    marks(page, one->number);
    for (size_t i = 0; i < one->pictures; i++) {
        const struct dossier_picture *picture = &one->picture[i];
        (void)snprintf(text, sizeof text, "%s: %s",
                       section_time(picture->at_us, time), picture->shows);
        section_picture(page, picture, text, true);
    }
}

void section_incidents(struct page *page)
{
    const struct dossier *dossier = page->dossier;
    document_heading(page->document, "Incidents");
    document_text(page->document, DOCUMENT_PLAIN, "%s",
                  dossier->incidents
                      ? "Pictures are taken from the sealed recording, "
                        "unchanged but for their size as JPEG. Times are the "
                        "recording machine's, in UTC."
                      : "No incident was recorded.");
    for (size_t i = 0; i < dossier->incidents; i++) {
        incident(page, &dossier->incident[i]);
    }
}
