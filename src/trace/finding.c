/* How a finding is told to programs. */
#include <math.h>

#include "trace/moments.h"
#include "trace/telling.h"

static const struct shelf *shelf_of(const struct trace_run *run,
                                    const struct trace_finding *finding)
{
    return &run->library->shelf[finding->shelf];
}

struct trace_run trace_run_sealed(const struct trace_run *run)
{
    struct trace_run sealed = *run;
    sealed.is_unnamed = operation_config(run->library->operation)->blind;
    return sealed;
}

static const char *holder_named(const struct trace_run *run,
                                const struct trace_finding *finding,
                                uint32_t number)
{
    struct register_copy copy;
    return !run->is_unnamed &&
                   library_copy(shelf_of(run, finding), number, &copy)
               ? register_name(copy.holder)
               : NULL;
}

/* Whom the named copy was issued to; NULL when none is named. */
static const char *holder_of(const struct trace_run *run,
                             const struct trace_finding *finding)
{
    if (finding->verdict != TRACE_ATTRIBUTED) {
        return NULL;
    }
    return holder_named(run, finding, finding->name[0].copy);
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
    if (finding->page >= 0) {
        json_add_integer(line, "page", finding->page + 1);
    } else {
        json_add_null(line, "page");
    }
    if (is_named) {
        json_add_integer(line, "copy", finding->name[0].copy);
    } else {
        json_add_null(line, "copy");
    }
    json_add_text(line, "issued_to", holder_of(run, finding));
    handover_add(line, &run->library->handover,
                 is_named ? finding->name[0].copy : 0);
    json_add_number(line, "log10_lr", rounded(finding->score.log10_lr));
    json_add_number(line, "log10_false", rounded(finding->log10_false));
    moments_add(line, run, finding);
}

/* Every copy that is named, the first one too. */
static void names_add(struct json *line, const struct trace_run *run,
                      const struct trace_finding *finding)
{
    struct json *names = json_new_array();
    for (size_t i = 0; i < finding->names; i++) {
        const struct trace_name *name = &finding->name[i];
        struct json *one = json_new_object();
        json_add_integer(one, "copy", name->copy);
        json_add_text(one, "issued_to", holder_named(run, finding, name->copy));
        json_add_number(one, "log10_lr", rounded(name->log10_lr));
        json_add_number(one, "log10_false", rounded(name->log10_false));
        json_add_integer(one, "given", (int64_t)name->given);
        json_add_child(names, NULL, &one);
    }
    json_add_child(line, "copies", &names);
    json_add_bool(line, "mixed", finding->is_mixed);
}

int trace_finding_moved(const struct trace_finding *finding)
{
    const double sure = 5; /* natural logarithm of a ratio of 150 */
    if (finding->page < 0) {
        return 0;
    }
    return (finding->reading.moved > sure) - (finding->reading.moved < -sure);
}

static const char *words_text(const struct trace_finding *finding)
{
    static const char *const text[] = {"unmoved", "unclear", "moved"};
    return finding->page >= 0 && finding->score.units > 0
               ? text[trace_finding_moved(finding) + 1]
               : NULL;
}

/* What there was to see: without it a "no" says nothing. */
static void power_add(struct json *line, const struct trace_run *run,
                      const struct trace_finding *finding)
{
    json_add_number(line, "expected_log10_lr",
                    rounded(finding->power.median_log10_lr));
    json_add_number(line, "power", rounded(finding->power.share));
    json_add_text(line, "words", words_text(finding));
    json_add_bool(line, "excluded", trace_finding_excludes(run, finding));
}

static void numbers_add(struct json *line, const struct trace_run *run,
                        const struct trace_finding *finding)
{
    const struct score *score = &finding->score;
    json_add_integer(line, "tried", (int64_t)run->tried);
    json_add_number(line, "control_log10_lr", rounded(score->control_log10_lr));
    json_add_integer(line, "units", score->units);
    json_add_integer(line, "run", finding->run);
    json_add_integer(line, "random_codes", SCORE_RANDOM_CODES);
    json_add_number(line, "random_log10_lr", rounded(score->random_log10_lr));
    json_add_number(line, "noise_pt", round(finding->noise_pt * 1e4) / 1e4);
    json_add_number(line, "word_noise_pt",
                    round(finding->noise.along_pt * 1e4) / 1e4);
    json_add_number(line, "word_noise_across_pt",
                    round(finding->noise.across_pt * 1e4) / 1e4);
    json_add_number(line, "seen", round(finding->noise.seen * 1e4) / 1e4);
    json_add_number(line, "strange", rounded(finding->strange));
    names_add(line, run, finding);
    power_add(line, run, finding);
}

/* Other pages that look like this one, and were read and scored as it was. */
static void alike_add(struct json *line, const struct trace_run *run,
                      const struct trace_picture *picture,
                      const struct trace_finding *finding)
{
    struct json *pages = json_new_array();
    for (size_t i = 0; i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (other == finding || other->spot != finding->spot) {
            continue;
        }
        struct json *one = json_new_object();
        json_add_text(one, "bait", shelf_of(run, other)->bait.name);
        json_add_integer(one, "page", other->page + 1);
        json_add_number(one, "log10_lr", rounded(other->score.log10_lr));
        json_add_integer(one, "units", other->score.units);
        json_add_child(pages, NULL, &one);
    }
    json_add_child(line, "alike", &pages);
    json_add_integer(line, "alike_left", (int64_t)finding->left);
}

/* What would have been seen. */
static void presence_add(struct json *line, const struct presence *presence)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < presence->sizes; i++) {
        struct json *one = json_new_object();
        json_add_number(one, "part", presence->size[i].part);
        json_add_integer(one, "put", (int64_t)presence->put);
        json_add_integer(one, "found", (int64_t)presence->size[i].found);
        json_add_child(list, NULL, &one);
    }
    if (presence->sizes > 0) {
        json_add_child(line, "would_be_seen", &list);
    } else {
        json_free(&list);
        json_add_null(line, "would_be_seen");
    }
}

static void nothing_add(struct json *line, const struct trace_run *run,
                        const struct trace_picture *picture)
{
    static const char *const absent[] = {
        "bait", "page", "copy", "issued_to", "log10_lr", "log10_false"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        json_add_null(line, absent[i]);
    }
    handover_add_null(line);
    json_add_integer(line, "tried", (int64_t)run->tried);
    json_add_null(line, "control_log10_lr");
    json_add_integer(line, "units", 0);
    json_add_number(line, "seconds", rounded(picture->seconds));
    json_add_integer(line, "run", picture->run);
    json_add_text(line, "why", picture->why[0] ? picture->why : NULL);
    presence_add(line, &picture->presence);
}

/* Why it is no part of what several pictures say together. */
static void share_add(struct json *line, const struct trace_finding *finding)
{
    static const char *const text[] = {
        [TRACE_SHARE_ALIKE] = "alike",
        [TRACE_SHARE_UNSETTLED] = "unsettled",
        [TRACE_SHARE_AGAINST] = "against",
        [TRACE_SHARE_ELSEWHERE] = "elsewhere",
    };
    json_add_text(line, "left_out", text[finding->share]);
}

enum sting_status trace_finding_json(const struct trace_run *run,
                                     const struct trace_picture *picture,
                                     size_t finding, struct buffer *out)
{
    struct json *line STING_AUTO(json_free) = json_new_object();
    const struct trace_finding *f = &picture->finding[finding];
    json_add_text(line, "picture", run->is_unnamed ? NULL : picture->name);
    json_add_text(line, "verdict", trace_verdict_text(f->verdict));
    if (f->page < 0) {
        nothing_add(line, run, picture);
    } else {
        page_add(line, run, f);
        numbers_add(line, run, f);
        alike_add(line, run, picture, f);
        share_add(line, f);
        json_add_number(line, "seconds", rounded(picture->seconds));
    }
    source_add(line, picture);
    return json_line(line, out);
}

static void pictures_add(struct json *line, const struct trace_run *run,
                         const struct trace_joint *joint)
{
    struct json *names = json_new_array();
    struct json *pages = json_new_array();
    struct json *silent = json_new_array();
    double seconds = 0;
    for (size_t i = 0; i < joint->pictures; i++) {
        const struct trace_picture *picture = run->picture[joint->picture[i]];
        json_add_text(names, NULL, run->is_unnamed ? NULL : picture->name);
        seconds += picture->seconds;
    }
    for (size_t i = 0; i < joint->parts; i++) {
        json_add_integer(pages, NULL, joint->part[i].page + 1);
    }
    for (size_t i = 0; joint->finding.names > 0 && i < joint->silents; i++) {
        json_add_text(silent, NULL,
                      run->is_unnamed ? NULL
                                      : run->picture[joint->silent[i]]->name);
    }
    json_add_child(line, "pictures", &names);
    json_add_child(line, "adding_nothing", &silent);
    json_add_child(line, "page_list", &pages);
    json_add_number(line, "seconds", rounded(seconds));
}

enum sting_status trace_joint_json(const struct trace_run *run, size_t joint,
                                   struct buffer *out)
{
    struct json *line STING_AUTO(json_free) = json_new_object();
    const struct trace_finding *f = &run->joint[joint].finding;
    json_add_null(line, "picture");
    json_add_text(line, "verdict", trace_verdict_text(f->verdict));
    page_add(line, run, f);
    numbers_add(line, run, f);
    pictures_add(line, run, &run->joint[joint]);
    return json_line(line, out);
}
