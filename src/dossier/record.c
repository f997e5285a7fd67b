/* Whether the record is whole, how to check that, and who handled it. */
#include <string.h>

#include "dossier/section.h"

static void gaps(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html, "<p>");
    html_printf(html,
                "The verification found %zu gap%s; the ledger itself tells of "
                "%zu.",
                dossier->gaps_found, dossier->gaps_found == 1 ? "" : "s",
                dossier->gaps);
    html_markup(html, "</p>\n");
    if (dossier->gaps == 0) {
        return;
    }
    html_markup(html, "<table><thead><tr><th class=number>Entry<th>When"
                      "<th>Gap</tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->gaps; i++) {
        const struct dossier_deed *gap = &dossier->gap[i];
        html_markup(html, "<tr>");
        html_element_printf(html, "td class=number", "%llu",
                            (unsigned long long)gap->seq);
        html_element(html, "td class=time", section_time(gap->at_us, time));
        html_element(html, "td", gap->words);
        html_markup(html, "</tr>\n");
    }
    html_markup(html, "</tbody></table>\n");
}

void section_record(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    bool is_whole = !strncmp(dossier->verdict, "INTACT", 6);
    html_markup(html, "<section id=verification>\n<h2>Verification</h2>\n<p>");
    html_printf(html, "Checked when this was written: ");
    html_markup(html, is_whole ? "<span class=strong>" : "<span class=bad>");
    html_printf(html, "%s", dossier->verdict);
    html_markup(html, "</span>");
    html_printf(html, "%s%s.", dossier->reason[0] ? ", " : "", dossier->reason);
    html_markup(html, "</p>\n<table class=facts>\n<tr><th>Record</th><td>");
    html_printf(html, "%llu ledger entries, %llu segments, %.1f MB",
                (unsigned long long)dossier->entries,
                (unsigned long long)dossier->segments,
                (double)dossier->bytes / 1e6);
    html_markup(html, "</td></tr>\n<tr><th>Tail</th><td>");
    html_printf(html, "%.0f s written after the last checkpoint",
                dossier->tail_s);
    html_markup(html, "</td></tr>\n");
    html_fact(html, "Vouched for until",
              dossier->anchored_us
                  ? section_time(dossier->anchored_us, time)
                  : "by nobody outside: whoever held the machine and its keys "
                    "could have written another record from the start");
    html_markup(html, "</table>\n<h3>Gaps</h3>\n");
    gaps(html, dossier);
    html_markup(html,
                "<h3>To check it again</h3>\n<p>The evidence folder can be "
                "checked without any key, and opened by whoever holds one of "
                "the recipients' identities, with the program "
                "<code>age</code>:</p>\n<pre>sting verify OPERATION\n"
                "age -d -i IDENTITY init-SSSS.mp4.age &gt; clip.mp4\n"
                "age -d -i IDENTITY NNNNNNNN.m4s.age &gt;&gt; clip.mp4</pre>\n"
                "</section>\n");
}

static void counts(struct html *html, const struct dossier *dossier)
{
    html_markup(html, "<h3>Everything counted</h3>\n<p>Lines of the ledger by "
                      "kind, also of what speaks against us:</p>\n<p>");
    for (size_t i = 0; i < dossier->counts; i++) {
        html_printf(html, "%s%s %llu", i > 0 ? ", " : "",
                    dossier->count[i].kind,
                    (unsigned long long)dossier->count[i].lines);
    }
    html_markup(html, ".</p>\n");
}

static void other_remarks(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    size_t found = 0;
    for (size_t i = 0; i < dossier->remarks; i++) {
        const struct dossier_remark *one = &dossier->remark[i];
        if (found++ == 0) {
            html_markup(html, "<h3>Written down by hand</h3>\n<table><tbody>");
        }
        html_markup(html, "<tr>");
        html_element(html, "td class=time", section_time(one->at_us, time));
        html_element(html, "td", one->kind);
        html_element_printf(html, "td", "%s%s%s", one->by,
                            one->by[0] && one->text[0] ? ": " : "", one->text);
        html_markup(html, "</tr>\n");
    }
    if (found) {
        html_markup(html, "</tbody></table>\n");
    }
}

void section_custody(struct html *html, const struct dossier *dossier)
{
    char time[SECTION_TIME_SIZE];
    html_markup(html,
                "<section id=custody>\n<h2>Custody</h2>\n<p>Who did what with "
                "the evidence, in the order of the ledger.</p>\n<table><thead>"
                "<tr><th class=number>Entry<th>When<th>Deed<th>Told as"
                "</tr></thead><tbody>\n");
    for (size_t i = 0; i < dossier->deeds; i++) {
        const struct dossier_deed *deed = &dossier->deed[i];
        html_markup(html, "<tr>");
        html_element_printf(html, "td class=number", "%llu",
                            (unsigned long long)deed->seq);
        html_element(html, "td class=time", section_time(deed->at_us, time));
        html_element(html, "td", deed->kind);
        html_element(html, "td class=small", deed->words);
        html_markup(html, "</tr>\n");
    }
    html_markup(html, "</tbody></table>\n");
    other_remarks(html, dossier);
    counts(html, dossier);
    html_markup(html, "</section>\n");
}
