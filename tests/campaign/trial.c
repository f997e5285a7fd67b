/*
 * campaign_trial OP PASSPHRASE-FILE [COPIES]
 *
 * Photographs with a known answer before the reader, one a line of stdin:
 *
 *     SEED KIND SETTING PICTURES LOOK [PDF]
 *
 * The seed decides bait, page, copy and everything else that is random.
 * PICTURES pages of one document are judged in one run, each alone and all as
 * one; LOOK is how many random codes to score beside. With PDF, a page of
 * that file is photographed, which the operation does not know. Answers are
 * one JSON object a line. In the environment: WORDS=40-79 takes pages with so
 * many words that move (else 150 and more); CHOOSE=1 tells which page a trial
 * is of and what is foretold for it, and photographs nothing, which is right
 * for settings that do not ask for words; with KEEP=FOLDER pictures stay there
 * to be looked at.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/workers.h"
#include "drill/photograph.h"
#include "mark/predict.h"
#include "tests/campaign/look.h"

enum { MOST_PICTURES = 8, MOST_TRIES = 300 };

/* Words that move, of pages that are taken. */
static uint32_t fewest_words = 150, most_words = UINT32_MAX;

struct trial {
    uint64_t seed;
    enum sheet_kind kind;
    char setting[64];
    int pictures;
    uint32_t look;
    struct buffer foreign; /* PDF that is not ours */

    struct sheet_order order;
    struct buffer sheet[DESK_COLLUDERS];
    int page[MOST_PICTURES];
    struct buffer jpeg[MOST_PICTURES];
    struct look seen;

    char outcome[16], verdict[16];
    double log10_lr, log10_false, noise_pt, strange, tried;
    uint32_t units, copy;
    unsigned named;    /* a bit for each of order.copy */
    uint32_t stranger; /* a copy that was named wrongly; 0: none */
    bool is_foretold;
    struct mark_prediction foretold;
    double picture_s, trace_s;
};

static void trial_release(struct trial *trial)
{
    buffer_release(&trial->foreign);
    for (int i = 0; i < DESK_COLLUDERS; i++) {
        buffer_release(&trial->sheet[i]);
    }
    for (int i = 0; i < MOST_PICTURES; i++) {
        buffer_release(&trial->jpeg[i]);
    }
}

/* Of this process and of those that ended; workers go on, so theirs count
 * from the clock of their owner at the end only. */
static double cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
}

static void order_choose(const struct desk *desk, struct chance *chance,
                         struct trial *trial)
{
    const struct library *library = &desk->library;
    trial->order = (struct sheet_order){
        .kind = trial->kind,
        .shelf = (size_t)chance_below(chance, (int)library->shelves)};
    int copies = (int)library->shelf[0].copies;
    for (int i = 0; i < DESK_COLLUDERS; i++) {
        trial->order.copy[i] = 1 + (uint32_t)chance_below(chance, copies);
    }
}

/* A marked page with enough words, others than those chosen before. */
static bool page_choose(const struct desk *desk, struct chance *chance,
                        struct trial *trial, int at)
{
    const struct bait *bait = &desk->library.shelf[trial->order.shelf].bait;
    for (int i = 0; i < MOST_TRIES; i++) {
        int page = chance_below(chance, bait->pages);
        uint32_t words = desk_words(desk, trial->order.shelf, page);
        bool fits = bait->page[page].state == MARK_PAGE_OK &&
                    words >= fewest_words && words <= most_words;
        for (int k = 0; k < at; k++) {
            fits = fits && trial->page[k] != page;
        }
        trial->page[at] = page;
        if (fits) {
            return true;
        }
    }
    return false;
}

static enum sting_status shoot(struct trial *trial, int at, uint64_t seed,
                               struct fault *fault)
{
    struct setting setting;
    bool is_foreign = trial->foreign.size > 0;
    struct bytes pdf =
        buffer_bytes(is_foreign ? &trial->foreign : &trial->sheet[0]);
    struct bytes more[] = {buffer_bytes(&trial->sheet[1]),
                           buffer_bytes(&trial->sheet[2])};
    enum sting_status status = setting_find(trial->setting, &setting, fault);
    if (!status && trial->kind == SHEET_AVERAGE) {
        setting.part.blend = more;
        setting.part.blends = DESK_COLLUDERS - 1;
    }
    return status ? status
                  : photograph_take(pdf, trial->page[at], &setting, seed,
                                    &trial->jpeg[at], fault);
}

static enum sting_status foreign_shoot(struct trial *trial,
                                       struct chance *chance,
                                       struct fault *fault)
{
    int pages = 0;
    enum sting_status status =
        paper_pages(buffer_bytes(&trial->foreign), &pages, fault);
    if (status) {
        return status;
    }
    trial->page[0] = chance_below(chance, pages);
    return shoot(trial, 0, chance_bits(chance), fault);
}

/* KEEP/SETTING-SEED-AT.jpg */
static enum sting_status picture_keep(const struct trial *trial, int at,
                                      struct fault *fault)
{
    const char *folder = getenv("KEEP");
    char path[512];
    if (!folder) {
        return STING_OK;
    }
    snprintf(path, sizeof path, "%s/%s-%" PRIu64 "-%d.jpg", folder,
             trial->setting, trial->seed, at + 1);
    return file_write(AT_FDCWD, path, buffer_bytes(&trial->jpeg[at]), 0644,
                      fault);
}

/* Another document or page when this one has too few words. */
static enum sting_status try_once(struct desk *desk, struct chance *chance,
                                  struct trial *trial, struct fault *fault)
{
    if (trial->foreign.size) {
        return foreign_shoot(trial, chance, fault);
    }
    order_choose(desk, chance, trial);
    for (int i = 0; i < trial->pictures; i++) {
        if (!page_choose(desk, chance, trial, i)) {
            return STING_E_ABSENT;
        }
    }
    if (getenv("CHOOSE")) {
        return STING_OK;
    }
    enum sting_status status =
        desk_make(desk, &trial->order, chance, trial->sheet, fault);
    for (int i = 0; !status && i < trial->pictures; i++) {
        status = shoot(trial, i, chance_bits(chance), fault);
    }
    return status;
}

static enum sting_status pictures_take(struct desk *desk, struct chance *chance,
                                       struct trial *trial, struct fault *fault)
{
    enum sting_status status = STING_E_ABSENT;
    for (int i = 0; i < MOST_TRIES && status == STING_E_ABSENT; i++) {
        for (int k = 0; k < DESK_COLLUDERS; k++) {
            trial->sheet[k].size = 0;
        }
        for (int k = 0; k < trial->pictures; k++) {
            trial->jpeg[k].size = 0;
        }
        status = try_once(desk, chance, trial, fault);
    }
    for (int i = 0; !status && !getenv("CHOOSE") && i < trial->pictures; i++) {
        status = picture_keep(trial, i, fault);
    }
    return status;
}

/* What sting bait strength would tell of it, were all these copies issued:
 * of the light that the picture was taken in or is nearest to. */
static const struct {
    const char *setting;
    const char *foretold; /* as sting drill --setting calls it */
    enum mark_part part;
} foretold_as[] = {
    {"desk", "room", MARK_PART_WHOLE},
    {"scan150", "room", MARK_PART_WHOLE},
    {"room", "room", MARK_PART_WHOLE},
    {"half-light", "half-light", MARK_PART_WHOLE},
    {"half-light-quarter", "half-light", MARK_PART_QUARTER},
    {"garage", "garage", MARK_PART_WHOLE},
    {"garage-half", "garage", MARK_PART_HALF},
    {"garage-quarter250", "garage", MARK_PART_QUARTER},
    {"garage-quarter120", "garage", MARK_PART_QUARTER},
};

static const struct mark_noise *noise_named(const char *drill)
{
    const struct mark_setting *setting;
    for (size_t i = 0; (setting = mark_setting(i)); i++) {
        if (!strcmp(setting->drill, drill)) {
            return &setting->noise;
        }
    }
    return NULL;
}

static enum sting_status foretell(const struct desk *desk, struct trial *trial)
{
    const struct shelf *shelf = &desk->library.shelf[trial->order.shelf];
    enum sting_status status = STING_OK;
    if (trial->foreign.size || trial->kind != SHEET_COPY) {
        return STING_OK;
    }
    for (size_t i = 0; i < sizeof foretold_as / sizeof *foretold_as; i++) {
        const struct mark_noise *noise = noise_named(foretold_as[i].foretold);
        if (noise && !strcmp(foretold_as[i].setting, trial->setting)) {
            status = mark_predict(
                &shelf->bait.page[trial->page[0]], noise, foretold_as[i].part,
                (double)shelf->copies * shelf->bait.pages, &trial->foretold);
            trial->is_foretold = !status;
        }
    }
    return status;
}

/* Which of the copies in the picture this is, -1: none. */
static int copy_place(const struct trial *trial, uint32_t copy)
{
    int copies = trial->kind == SHEET_COPY      ? 1
                 : trial->kind >= SHEET_AVERAGE ? DESK_COLLUDERS
                                                : 0;
    for (int i = 0; i < copies; i++) {
        if (copy == trial->order.copy[i]) {
            return i;
        }
    }
    return -1;
}

/* Is this page (-1: several) of that document in the picture? */
static bool is_page_right(const struct trial *trial,
                          const struct trace_finding *finding)
{
    bool is_page = finding->page < 0;
    for (int i = 0; i < trial->pictures; i++) {
        is_page = is_page || finding->page == trial->page[i];
    }
    return is_page && !trial->foreign.size &&
           finding->shelf == trial->order.shelf;
}

/* One wrong name makes the trial wrong. */
static void name_take(const struct trace_finding *finding, uint32_t copy,
                      struct trial *trial)
{
    int place = is_page_right(trial, finding) ? copy_place(trial, copy) : -1;
    if (place < 0) {
        snprintf(trial->outcome, sizeof trial->outcome, "wrong");
        trial->stranger = copy;
        return;
    }
    trial->named |= 1U << place;
    if (strcmp(trial->outcome, "wrong") != 0) {
        snprintf(trial->outcome, sizeof trial->outcome, "traced");
    }
}

/* The strongest finding is told. */
static void finding_take(const struct trace_finding *finding,
                         struct trial *trial)
{
    bool is_scored = finding->page >= 0 || finding->score.units > 0;
    if (!trial->verdict[0] ||
        (is_scored && finding->score.log10_lr > trial->log10_lr)) {
        snprintf(trial->verdict, sizeof trial->verdict, "%s",
                 trace_verdict_text(finding->verdict));
        if (is_scored) {
            trial->log10_lr = finding->score.log10_lr;
            trial->log10_false = finding->log10_false;
            trial->noise_pt = finding->noise_pt;
            trial->strange = finding->strange;
            trial->units = finding->score.units;
            trial->copy = finding->score.copy;
        }
    }
    for (size_t i = 0; i < finding->names; i++) {
        name_take(finding, finding->name[i].copy, trial);
    }
}

static void run_take(const struct trace_run *run, struct trial *trial)
{
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->findings; f++) {
            finding_take(&run->picture[i]->finding[f], trial);
        }
    }
    for (size_t i = 0; i < run->joints; i++) {
        finding_take(&run->joint[i].finding, trial);
    }
    trial->tried = run->tried;
}

static enum sting_status judge(struct desk *desk, struct trial *trial,
                               struct fault *fault)
{
    struct trace_run run STING_AUTO(trace_run_release) = {.library =
                                                              &desk->library};
    enum sting_status status = STING_OK;
    double start = cpu_s();
    snprintf(trial->outcome, sizeof trial->outcome, "missed");
    for (int i = 0; !status && i < trial->pictures; i++) {
        status = trace_run_add(&run, "trial.jpg", buffer_bytes(&trial->jpeg[i]),
                               1, fault);
    }
    status = status ? status : trace_run_judge(&run);
    trial->trace_s = cpu_s() - start;
    if (status) {
        return status;
    }
    run_take(&run, trial);
    const struct trace_finding *first = &run.picture[0]->finding[0];
    bool is_known = trial->kind == SHEET_COPY && !trial->foreign.size &&
                    first->page == trial->page[0] &&
                    first->shelf == trial->order.shelf;
    const struct look_question question = {
        .finding = first,
        .sign = is_known ? desk->press[trial->order.shelf].sign[trial->page[0]]
                         : NULL,
        .codes = trial->look,
        .seed = trial->seed,
    };
    return look_at(desk, buffer_bytes(&trial->jpeg[0]), &question, &trial->seen,
                   fault);
}

static void look_tell(struct json *json, const struct look *seen)
{
    struct json *exceed STING_AUTO(json_free) = json_new_array();
    json_add_integer(json, "words", seen->words);
    json_add_number(json, "pixel_noise", seen->pixel_noise);
    json_add_number(json, "blur_pt", seen->blur_pt);
    json_add_number(json, "along_pt", seen->along_pt);
    json_add_number(json, "across_pt", seen->across_pt);
    json_add_number(json, "error_pt", seen->error_pt);
    json_add_number(json, "error_y_pt", seen->error_y_pt);
    json_add_number(json, "shift_pt", seen->shift_pt);
    json_add_integer(json, "codes", seen->has_page ? seen->codes : 0);
    for (int d = 0; d < LOOK_DECADES; d++) {
        json_add_integer(exceed, NULL, seen->exceed[d]);
    }
    json_add_child(json, "exceed", &exceed);
}

static void tell(const struct desk *desk, const struct trial *trial)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    const struct shelf *shelf = &desk->library.shelf[trial->order.shelf];
    json_add_integer(json, "seed", (int64_t)trial->seed);
    json_add_text(json, "bait", trial->foreign.size ? NULL : shelf->bait.name);
    json_add_integer(json, "page", trial->page[0] + 1);
    json_add_text(json, "outcome", trial->outcome);
    json_add_text(json, "verdict", trial->verdict);
    json_add_number(json, "log10_lr", trial->log10_lr);
    json_add_number(json, "log10_false", trial->log10_false);
    json_add_number(json, "tried", trial->tried);
    json_add_integer(json, "units", trial->units);
    json_add_number(json, "noise_pt", trial->noise_pt);
    json_add_number(json, "strange", trial->strange);
    json_add_number(json, "picture_s", trial->picture_s);
    json_add_number(json, "trace_s", trial->trace_s);
    json_add_integer(json, "names", __builtin_popcount(trial->named));
    if (trial->stranger) {
        json_add_integer(json, "stranger", trial->stranger);
    }
    if (trial->is_foretold) {
        json_add_number(json, "foretold_log10_lr", trial->foretold.log10_lr);
        json_add_number(json, "foretold_named", trial->foretold.named);
    }
    look_tell(json, &trial->seen);
    if (!json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
        fflush(stdout);
    }
}

static bool order_read(char *line, struct trial *trial, struct fault *fault)
{
    char kind[32];
    char path[512] = "";
    uint32_t pictures = 0;
    char *rest = NULL;
    trial->seed = strtoull(line, &rest, 10);
    const char *at = rest + strspn(rest, " ");
    int size = 0;
    bool is_right =
        sscanf(at, "%31s %63s %n", kind, trial->setting, &size) == 2;
    at += size;
    is_right = is_right && digits_read(&at, 9, &pictures) && *at++ == ' ' &&
               digits_read(&at, 9, &trial->look) &&
               sheet_kind_find(kind, &trial->kind) && pictures >= 1 &&
               pictures <= MOST_PICTURES;
    trial->pictures = (int)pictures;
    if (is_right) {
        (void)sscanf(at, "%511s", path);
    }
    return is_right && (!path[0] || !file_read(AT_FDCWD, path, 1U << 28,
                                               &trial->foreign, fault));
}

/* Rows differ in all that is random, though seeds are the same. */
static struct chance chance_for(const struct trial *trial)
{
    uint64_t stream = 500 + (uint64_t)trial->kind;
    for (const char *letter = trial->setting; *letter; letter++) {
        stream = stream * 31 + (uint64_t)*letter;
    }
    return chance_of(trial->seed, stream);
}

static enum sting_status trial_run(struct desk *desk, struct trial *trial,
                                   struct fault *fault)
{
    struct chance chance = chance_for(trial);
    double start = cpu_s();
    enum sting_status status = pictures_take(desk, &chance, trial, fault);
    trial->picture_s = cpu_s() - start;
    status = status ? status : foretell(desk, trial);
    return status || getenv("CHOOSE") ? status : judge(desk, trial, fault);
}

/* WORDS=40-79 or WORDS=150- in the environment. */
static bool words_wanted(void)
{
    const char *at = getenv("WORDS");
    if (!at) {
        return true;
    }
    bool is_right = digits_read(&at, 9, &fewest_words) && *at++ == '-';
    return is_right && (!*at || (digits_read(&at, 9, &most_words) && !*at));
}

static int serve(struct desk *desk)
{
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        struct trial trial STING_AUTO(trial_release) = {0};
        struct fault fault = {0};
        if (!order_read(line, &trial, &fault)) {
            fprintf(stderr, "no order: %s", line);
            return 1;
        }
        if (trial_run(desk, &trial, &fault)) {
            printf("{\"seed\":%" PRIu64 ",\"failed\":true}\n", trial.seed);
            fprintf(stderr, "%s: %s\n", trial.setting, fault.why);
            fflush(stdout);
            continue;
        }
        tell(desk, &trial);
    }
    return 0;
}

/* Planes of a hundred megabytes come and go in every trial: let the memory
 * stay, or the kernel clears it each time. */
static void memory_keep(void)
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

int main(int argc, char **argv)
{
    static struct desk desk;
    struct fault fault = {0};
    if (argc > 1 && !strcmp(argv[1], "--worker")) {
        return workers_run(argc - 1, argv + 1);
    }
    if (argc < 3) {
        fprintf(stderr, "usage: campaign_trial OP PASSPHRASE-FILE [COPIES]\n");
        return 1;
    }
    if (!words_wanted()) {
        fprintf(stderr, "campaign_trial: WORDS is FEWEST-MOST or FEWEST-\n");
        return 1;
    }
    memory_keep();
    uint32_t copies = 1000000;
    const char *most = argc > 3 ? argv[3] : "";
    if (*most && (!digits_read(&most, 9, &copies) || *most)) {
        fprintf(stderr, "campaign_trial: %s is no number\n", argv[3]);
        return 1;
    }
    if (desk_open(&desk, argv[1], argv[2], copies, &fault)) {
        fprintf(stderr, "campaign_trial: %s: %s\n", argv[1], fault.why);
        return 2;
    }
    int code = serve(&desk);
    desk_close(&desk);
    return code;
}
