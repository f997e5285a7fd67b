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
 * one JSON object a line. Pages of text have 150 words and more; with SPARSE in
 * the environment only those with fewer are taken: drawings and scans. With
 * KEEP=FOLDER in it, pictures stay there to be looked at.
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
#include "tests/campaign/look.h"

enum { MOST_PICTURES = 8, MOST_TRIES = 300, FEWEST_WORDS = 150 };

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
    uint32_t units, copy, names;
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
    bool is_sparse = getenv("SPARSE") != NULL;
    for (int i = 0; i < MOST_TRIES; i++) {
        int page = chance_below(chance, bait->pages);
        bool fits = bait->page[page].state == MARK_PAGE_OK &&
                    (desk_words(desk, trial->order.shelf, page) <
                     FEWEST_WORDS) == is_sparse;
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
    for (int i = 0; !status && i < trial->pictures; i++) {
        status = picture_keep(trial, i, fault);
    }
    return status;
}

/* Is this page (-1: several) of that document in the picture, and made of
 * this copy? */
static bool is_right(const struct trial *trial,
                     const struct trace_finding *finding, uint32_t copy)
{
    int copies = trial->kind == SHEET_COPY      ? 1
                 : trial->kind >= SHEET_AVERAGE ? DESK_COLLUDERS
                                                : 0;
    bool is_it = false;
    for (int i = 0; i < copies; i++) {
        is_it = is_it || copy == trial->order.copy[i];
    }
    bool is_page = finding->page < 0;
    for (int i = 0; i < trial->pictures; i++) {
        is_page = is_page || finding->page == trial->page[i];
    }
    return is_it && is_page && !trial->foreign.size &&
           finding->shelf == trial->order.shelf;
}

/* The strongest finding is told; one wrong name makes the trial wrong. */
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
        if (!is_right(trial, finding, finding->name[i].copy)) {
            snprintf(trial->outcome, sizeof trial->outcome, "wrong");
        } else if (strcmp(trial->outcome, "wrong") != 0) {
            snprintf(trial->outcome, sizeof trial->outcome, "traced");
        }
        trial->names++;
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
    json_add_integer(json, "names", trial->names);
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
    status = status ? status : judge(desk, trial, fault);
    return status;
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
