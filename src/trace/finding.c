/* How a finding is told to programs. */
#include <math.h>

#include "trace/trace.h"

static const struct shelf *shelf_of(const struct trace_run *run,
                                    const struct trace_finding *finding)
{
    return &run->library->shelf[finding->shelf];
}

/* Whom the named copy was issued to; NULL when none is named. */
static const char *holder_of(const struct trace_run *run,
                             const struct trace_finding *finding)
{
    if (finding->verdict != TRACE_ATTRIBUTED) {
        return NULL;
    }
    struct register_copy copy;
    return library_copy(shelf_of(run, finding), finding->score.copy, &copy)
               ? copy.holder
               : NULL;
}

/* Two decimals tell all that a logarithm of a chance can. */
static double rounded(double v)
{
    return isfinite(v) ? round(v * 100) / 100 : v;
}

static void text_or_null(struct json *line, const char *key, const char *text)
{
    json_add_text(line, key, text[0] ? text : NULL);
}

/* Which picture of the file, and what the file says of its making. */
static void source_add(struct json *line, const struct trace_picture *picture)
{
    text_or_null(line, "kind", picture->file.kind);
    if (picture->file.sheets > 1) {
        json_add_integer(line, "sheet", picture->sheet + 1);
    } else {
        json_add_null(line, "sheet");
    }
    if (picture->at_us >= 0) {
        json_add_number(line, "at_s", rounded((double)picture->at_us / 1e6));
    } else {
        json_add_null(line, "at_s");
    }
    text_or_null(line, "taken", picture->file.taken);
    text_or_null(line, "camera", picture->file.camera);
}

static void page_add(struct json *line, const struct trace_run *run,
                     const struct trace_finding *finding)
{
    bool is_named = finding->verdict == TRACE_ATTRIBUTED;
    json_add_text(line, "bait", shelf_of(run, finding)->bait.name);
    json_add_integer(line, "page", finding->page + 1);
    if (is_named) {
        json_add_integer(line, "copy", finding->score.copy);
    } else {
        json_add_null(line, "copy");
    }
    json_add_text(line, "issued_to", holder_of(run, finding));
    json_add_text(line, "handover", "none");
    json_add_number(line, "log10_lr", rounded(finding->score.log10_lr));
    json_add_number(line, "log10_false", rounded(finding->log10_false));
}

static void numbers_add(struct json *line, const struct trace_run *run,
                        const struct trace_picture *picture,
                        const struct trace_finding *finding)
{
    const struct score *score = &finding->score;
    json_add_integer(line, "tried", (int64_t)run->tried);
    json_add_number(line, "control_log10_lr", rounded(score->control_log10_lr));
    json_add_integer(line, "units", score->units);
    json_add_number(line, "seconds", rounded(picture->seconds));
    json_add_integer(line, "run", picture->run);
    json_add_integer(line, "random_codes", SCORE_RANDOM_CODES);
    json_add_number(line, "random_log10_lr", rounded(score->random_log10_lr));
    json_add_number(line, "noise_pt", round(finding->noise_pt * 1e4) / 1e4);
    json_add_number(line, "strange", rounded(finding->strange));
}

static void nothing_add(struct json *line, const struct trace_run *run,
                        const struct trace_picture *picture)
{
    static const char *const absent[] = {"bait",       "page",     "copy",
                                         "issued_to",  "handover", "log10_lr",
                                         "log10_false"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        json_add_null(line, absent[i]);
    }
    json_add_integer(line, "tried", (int64_t)run->tried);
    json_add_null(line, "control_log10_lr");
    json_add_integer(line, "units", 0);
    json_add_number(line, "seconds", rounded(picture->seconds));
    json_add_integer(line, "run", picture->run);
    json_add_text(line, "why", picture->why[0] ? picture->why : NULL);
}

enum sting_status trace_finding_json(const struct trace_run *run,
                                     const struct trace_picture *picture,
                                     size_t finding, struct buffer *out)
{
    struct json *line STING_AUTO(json_free) = json_new_object();
    const struct trace_finding *f = &picture->finding[finding];
    json_add_text(line, "picture", picture->name);
    json_add_text(line, "verdict", trace_verdict_text(f->verdict));
    if (f->page < 0) {
        nothing_add(line, run, picture);
    } else {
        page_add(line, run, f);
        numbers_add(line, run, picture, f);
    }
    source_add(line, picture);
    return json_line(line, out);
}
