/*
 * read_probe: what the reader makes of photographs of which all is known.
 *
 *     read_probe PDF PAGE[,PAGE..] SETTING[,..] FROM TO [DIR [WHAT [CODES]]]
 *
 * For each seed from FROM to TO and each page (from 1) a copy of the PDF is
 * photographed by the camera model, found and read. WHAT is
 *     one       copy number seed + 1, the default; then one line a picture:
 *               units seen, inliers, likeness, log10 LR of the true copy, the
 *               error of a word along and across its line (by its median),
 *               the same by the reader's own model, the share of the mark
 *               that map or trend swallowed, and the log10 LR of evidence
 *               whose noise is known
 *     original  nobody's: an innocent picture
 *     foreign   copy seed + 1 of another operation
 *     average, pieces, majority, minority  of the three copies from 3 seed + 1
 * With several pages they are also judged together, by all numbers up to
 * 1,000,000. With CODES, so many random codes are scored on each picture and
 * those counted whose LR exceeds 1e1, 1e2 .. 1e8. Photographs are kept in DIR.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "drill/photograph.h"
#include "mark/budget.h"
#include "mark/code.h"
#include "mark/plan.h"
#include "mark/read.h"
#include "mark/strength.h"
#include "mark/sweep.h"
#include "media/picture.h"
#include "trace/score.h"
#include "trace/search.h"

#define MOST_PAGES 8
#define COLLUDERS 3
#define REGISTERED 1000000
#define BEYOND 8

enum what { ONE, ORIGINAL, FOREIGN, AVERAGE, PIECES, MAJORITY, MINORITY };
static const char *const what_name[] = {
    "one", "original", "foreign", "average", "pieces", "majority", "minority"};

struct job {
    struct buffer file;
    struct pdf_file *pdf;
    struct mark_page *page; /* of all pages */
    int pages, at;
    int list[MOST_PAGES]; /* pages asked for */
    int listed;
    enum what what;
    long codes;
    struct secret document, other;
    struct setting setting;
    const char *name, *label;
    const char *dir;
    struct page_index index;
    struct buffer record; /* that the index is made of */
    uint8_t *threshold, *bit;
};

struct shot {
    struct photo photo;
    struct page_reading reading;
    size_t inliers;
    double likeness;
    double seconds[3]; /* photo, registration, reading */
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum sting_status status, const char *what)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", what, sting_status_text(status));
        exit(2);
    }
}

static void code_of(const struct job *job, const struct secret *document,
                    uint64_t copy, uint8_t *bit)
{
    struct secret bias, key;
    uint32_t page = (uint32_t)job->at;
    uint32_t units = job->page[page].units;
    mark_bias_key(document, page, &bias);
    mark_bias(&bias, units, job->threshold);
    mark_copy_key(document, copy, &key);
    mark_code(&key, page, job->threshold, units, bit);
}

/* How far a unit moves, -1 to 1, out of the bits of three copies. */
static double mixed(const struct job *job, const uint8_t *const bit[COLLUDERS],
                    uint32_t u)
{
    int ones = bit[0][u] + bit[1][u] + bit[2][u];
    switch (job->what) {
    case ORIGINAL:
        return 0;
    case AVERAGE:
        return 2.0 * ones / COLLUDERS - 1;
    case PIECES:
        return 2 * bit[rand() / 64 % COLLUDERS][u] - 1;
    case MAJORITY:
        return ones > 1 ? 1 : -1;
    case MINORITY:
        return ones == 3 || ones == 1 ? 1 : -1;
    default:
        return 2 * bit[0][u] - 1;
    }
}

static void job_open(struct job *job, const char *path)
{
    struct fault fault = {"", ""};
    struct mark_budget budget;
    struct secret mark;
    memset(&mark, 0x42, sizeof mark);
    must(file_read(AT_FDCWD, path, (size_t)1 << 28, &job->file, &fault), path);
    must(pdf_file_open(buffer_bytes(&job->file), &job->pdf, &fault), path);
    job->pages = pdf_file_pages(job->pdf);
    job->page = calloc((size_t)job->pages, sizeof *job->page);
    must(mark_plan_file(job->pdf, job->page, &budget, &fault), "plan");
    mark_document_key(&mark, digest_of(buffer_bytes(&job->file)),
                      &job->document);
    memset(&job->other, 0x24, sizeof job->other);
    job->threshold = calloc(MARK_MOST_UNITS, 1);
    job->bit = calloc(MARK_MOST_UNITS, 1);
}

/* Turn to a page. */
static void job_turn(struct job *job, int page)
{
    struct fault fault = {"", ""};
    struct plane plane STING_AUTO(plane_release) = {0};
    struct layout layout STING_AUTO(layout_release) = {0};
    struct page_record record;
    page_index_release(&job->index);
    job->record.size = 0;
    job->at = page;
    must(pdf_file_render(job->pdf, page, 100, &plane, &fault), "render");
    must(layout_of_page(&plane, 100, &layout), "layout");
    page_record_of(&layout, &record);
    must(page_record_write(&record, &job->record), "record");
    const struct page_records part = {buffer_bytes(&job->record), 1};
    must(page_index_init(&job->index, &part, 1, NULL), "index");
}

/* Moves of each word by a part of its units' shifts. */
static void moves_mix(const struct job *job, uint64_t seed,
                      struct pdf_move *move, uint32_t words)
{
    static uint8_t bit[COLLUDERS][MARK_MOST_UNITS];
    static int8_t sign[2][MARK_MOST_UNITS];
    const uint8_t *const bits[COLLUDERS] = {bit[0], bit[1], bit[2]};
    const struct mark_page *page = &job->page[job->at];
    struct pdf_move *most = calloc((size_t)words + 1, sizeof *most);
    static double part[MARK_MOST_UNITS];
    const struct secret *whose =
        job->what == FOREIGN ? &job->other : &job->document;
    for (uint64_t i = 0; i < COLLUDERS; i++) {
        uint64_t first = job->what >= AVERAGE ? 3 * seed : seed;
        code_of(job, whose, first + 1 + i, bit[i]);
    }
    for (uint32_t u = 0; u < page->units; u++) {
        part[u] = mixed(job, bits, u);
        sign[0][u] = part[u] < 0 ? -1 : part[u] > 0 ? 1 : 0;
        sign[1][u] = fabs(part[u]) > 0.5 ? sign[0][u] : 0;
    }
    mark_moves(page, sign[0], move, words);
    mark_moves(page, sign[1], most, words);
    /* An average of three moves a unit wholly or by a third. */
    for (uint32_t w = 0; w < words; w++) {
        move[w].along_pt = most[w].along_pt != 0 || job->what != AVERAGE
                               ? move[w].along_pt
                               : move[w].along_pt / 3;
        move[w].across_pt = most[w].across_pt != 0 || job->what != AVERAGE
                                ? move[w].across_pt
                                : move[w].across_pt / 3;
    }
    free(most);
}

/* The copy as a file: only the page in question is marked, it is enough. */
static void copy_write(struct job *job, uint64_t seed, struct buffer *out)
{
    struct fault fault = {"", ""};
    struct pdf_text text;
    struct pdf_moves *moves = calloc((size_t)job->pages, sizeof *moves);
    must(pdf_file_text(job->pdf, job->at, &text, &fault), "text");
    struct pdf_move *move = calloc((size_t)text.words + 1, sizeof *move);
    moves_mix(job, seed, move, text.words);
    moves[job->at] = (struct pdf_moves){.move = move, .moves = text.words};
    must(pdf_file_write(job->pdf, moves, out, &fault), "write");
    free(moves);
    free(move);
}

static void photograph(struct job *job, uint64_t seed, struct buffer *jpeg)
{
    struct fault fault = {"", ""};
    char path[512] = "";
    if (job->dir) {
        snprintf(path, sizeof path, "%s/%s-%d-%s%s%s-%d.jpg", job->dir,
                 job->name, job->at + 1, job->label, job->what ? "-" : "",
                 job->what ? what_name[job->what] : "", (int)seed);
        if (!file_read(AT_FDCWD, path, (size_t)1 << 28, jpeg, &fault)) {
            return;
        }
    }
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    copy_write(job, seed, &pdf);
    must(photograph_take(buffer_bytes(&pdf), job->at, &job->setting, seed, jpeg,
                         &fault),
         fault.why);
    if (job->dir) {
        must(file_write(AT_FDCWD, path, buffer_bytes(jpeg), 0644, &fault),
             path);
    }
}

static enum sting_status page_render(void *context, size_t number, double dpi,
                                     struct plane *out, struct fault *fault)
{
    const struct job *job = context;
    (void)number;
    return pdf_file_render(job->pdf, job->at, dpi, out, fault);
}

static bool shot_read(struct job *job, struct bytes jpeg, struct shot *shot)
{
    const struct search_source source = {job, page_render};
    struct search_hit hit[SEARCH_MOST_HITS] = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    struct fault fault = {"", ""};
    size_t hits = 0;
    double start = now_s();
    must(picture_decode(jpeg, 0, &grey, &fault), "decode");
    must(photo_init(&shot->photo, &grey), "photo");
    shot->seconds[0] = now_s() - start;
    must(search_run(&shot->photo, &job->index, &source, hit, &hits, &fault),
         "search");
    shot->seconds[1] = now_s() - start;
    if (hits == 0) {
        return false;
    }
    shot->inliers = hit[0].inliers;
    shot->likeness = hit[0].likeness;
    must(mark_read(&shot->photo, &hit[0].map, &hit[0].original,
                   &job->page[job->at], &shot->reading),
         "read");
    shot->seconds[2] = now_s() - start;
    for (size_t i = 0; i < hits; i++) {
        search_hit_release(&hit[i]);
    }
    return true;
}

static double score(const struct job *job, const double *a)
{
    struct strength strength;
    uint32_t units = job->page[job->at].units;
    strength_init(&strength);
    strength_add(&strength, a, job->threshold, units);
    return strength_log10_lr(&strength,
                             strength_sum(a, job->threshold, job->bit, units));
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Errors of one axis: 1.48 times the median of their sizes. */
static double error_of(const struct job *job, const struct shot *shot, int axis,
                       double *claimed, double *swallowed)
{
    static double error[MARK_MOST_UNITS], model[MARK_MOST_UNITS];
    size_t count = 0;
    double cross = 0, square = 0;
    const struct mark_page *page = &job->page[job->at];
    for (uint32_t u = 0; u < page->units; u++) {
        const struct unit_reading *r = &shot->reading.unit[u];
        const struct mark_unit *unit = &page->unit[u];
        if (r->a == 0 || unit->axis != axis) {
            continue;
        }
        double truth = (job->bit[u] ? 1 : -1) * (double)unit->shift_pt;
        error[count] = fabs((double)r->shift_pt - truth);
        model[count++] = (double)r->noise_pt;
        if (error[count - 1] < 4 * (double)r->noise_pt) {
            cross += (double)r->shift_pt * truth;
            square += truth * truth;
        }
    }
    if (count == 0) {
        *claimed = *swallowed = 0;
        return 0;
    }
    qsort(error, count, sizeof *error, ascending);
    qsort(model, count, sizeof *model, ascending);
    *claimed = model[count / 2];
    *swallowed = 1 - cross / square;
    return 1.4826 * error[count / 2];
}

/* Evidence as it would be, were the noise one known normal law. */
static double ideal(const struct job *job, const struct shot *shot,
                    const double sigma[2])
{
    static double a[MARK_MOST_UNITS];
    const struct mark_page *page = &job->page[job->at];
    double step = strength_g(54, 1) - strength_g(54, 0);
    for (uint32_t u = 0; u < page->units; u++) {
        const struct unit_reading *r = &shot->reading.unit[u];
        double s = sigma[page->unit[u].axis];
        double d = (double)page->unit[u].shift_pt;
        double l = 2 * d * (double)r->shift_pt / (s * s);
        double most = 2 * d * (d + 2.5 * s) / (s * s);
        a[u] = r->a == 0 ? 0 : fmax(-most, fmin(most, l)) / step;
    }
    return score(job, a);
}

static void tell(struct job *job, const struct shot *shot, int seed,
                 bool is_found)
{
    static double a[MARK_MOST_UNITS];
    double claimed[2] = {0, 0}, swallowed[2] = {0, 0}, sigma[2] = {0, 0};
    double lr = 0, best = 0;
    if (is_found) {
        for (uint32_t u = 0; u < job->page[job->at].units; u++) {
            a[u] = shot->reading.unit[u].a;
        }
        lr = score(job, a);
        for (int i = 0; i < 2; i++) {
            sigma[i] = error_of(job, shot, i, &claimed[i], &swallowed[i]);
        }
        best = ideal(job, shot, sigma);
    }
    printf("%s %d %s %d | %u/%u in %zu like %.2f | lr %6.1f ideal %6.1f | "
           "x %.3f (%.3f) y %.3f (%.3f) sw %.2f %.2f | blur %.2f strange %.3f "
           "| %.1f %.1f %.1f s\n",
           job->name, job->at + 1, job->label, seed, shot->reading.seen,
           job->page[job->at].units, shot->inliers, shot->likeness, lr, best,
           sigma[0], claimed[0], sigma[1], claimed[1], swallowed[0],
           swallowed[1], shot->reading.blur_pt, shot->reading.strange,
           shot->seconds[0], shot->seconds[1] - shot->seconds[0],
           shot->seconds[2] - shot->seconds[1]);
    fflush(stdout);
}

/* Random codes on one picture: how many exceed 1e1, 1e2 .. 1e8? */
static void codes_tell(const struct job *job,
                       const struct page_reading *reading)
{
    static double a[MARK_MOST_UNITS];
    static double sum[10000];
    static uint64_t first = 1;
    struct strength strength;
    struct sweep *sweep = NULL;
    long above[BEYOND] = {0};
    double most = -INFINITY;
    for (uint32_t u = 0; u < reading->units; u++) {
        a[u] = reading->unit[u].a;
    }
    strength_init(&strength);
    strength_add(&strength, a, job->threshold, reading->units);
    const struct sweep_page page = {(uint32_t)job->at, reading->units, a,
                                    job->threshold};
    must(sweep_new(&sweep, &job->document, &page, 1), "sweep");
    for (long done = 0; done < job->codes; done += 10000, first += 10000) {
        sweep_random(sweep, first, 10000, sum);
        for (int i = 0; i < 10000; i++) {
            double lr = strength_log10_lr(&strength, sum[i]);
            most = fmax(most, lr);
            for (int k = 0; k < BEYOND; k++) {
                above[k] += lr >= k + 1;
            }
        }
    }
    sweep_free(&sweep);
    printf("codes %ld most %.2f above", job->codes, most);
    for (int k = 0; k < BEYOND; k++) {
        printf(" %ld", above[k]);
    }
    puts("");
}

/* All numbers on all pages together; then further ones, given those. */
static void joint_tell(const struct job *job, const struct score_part *part,
                       size_t parts, int seed)
{
    static uint32_t copy[REGISTERED];
    uint32_t name[SCORE_TOPS];
    size_t names = 0;
    struct score_question question = {.document = &job->document,
                                      .copy = copy,
                                      .copies = REGISTERED,
                                      .part = part,
                                      .parts = parts,
                                      .given = name};
    for (uint32_t i = 0; i < REGISTERED; i++) {
        copy[i] = i + 1;
    }
    printf("joint %s %d %s %zu pages:", job->label, seed, what_name[job->what],
           parts);
    for (size_t before = SIZE_MAX; before != names && names < 4;) {
        struct score score;
        before = names;
        question.givens = names;
        must(score_run(&question, &score), "score");
        for (size_t i = 0; i < score.tops && names < SCORE_TOPS; i++) {
            uint64_t first =
                job->what >= AVERAGE ? 3 * (uint64_t)seed : (uint64_t)seed;
            uint64_t last = job->what >= AVERAGE ? first + 3 : first + 1;
            bool is_in = score.top[i].copy > first && score.top[i].copy <= last;
            if (i == 0 || score.top[i].log10_lr > 6) {
                printf(" %s%.1f", is_in ? "" : "!", score.top[i].log10_lr);
            }
            if (score.top[i].log10_lr < 6 + log10(REGISTERED) + log10(6)) {
                break;
            }
            printf("=named");
            name[names++] = score.top[i].copy;
        }
        printf(" |");
    }
    puts("");
}

static void seed_run(struct job *job, int seed)
{
    struct shot shot[MOST_PAGES] = {0};
    struct score_part part[MOST_PAGES];
    size_t parts = 0;
    for (int i = 0; i < job->listed; i++) {
        struct buffer jpeg STING_AUTO(buffer_release) = {0};
        job_turn(job, job->list[i]);
        srand((unsigned)seed);
        photograph(job, (uint64_t)seed, &jpeg);
        code_of(job, &job->document,
                (uint64_t)(job->what >= AVERAGE ? 3 * seed + 1 : seed + 1),
                job->bit);
        bool is_found = shot_read(job, buffer_bytes(&jpeg), &shot[i]);
        tell(job, &shot[i], seed, is_found);
        if (is_found) {
            part[parts++] =
                (struct score_part){(uint32_t)job->at, &shot[i].reading};
        }
        if (is_found && job->codes) {
            codes_tell(job, &shot[i].reading);
        }
        photo_release(&shot[i].photo);
    }
    if (job->listed > 1 || job->what >= AVERAGE) {
        joint_tell(job, part, parts, seed);
    }
    fflush(stdout);
    for (int i = 0; i < job->listed; i++) {
        page_reading_release(&shot[i].reading);
    }
}

static void pages_read(struct job *job, char *list)
{
    char *rest = NULL;
    for (char *page = strtok_r(list, ",", &rest);
         page && job->listed < MOST_PAGES; page = strtok_r(NULL, ",", &rest)) {
        job->list[job->listed++] = atoi(page) - 1;
    }
}

int main(int argc, char **argv)
{
    struct job job = {0};
    struct fault fault = {"", ""};
    if (argc < 6) {
        fputs("usage: read_probe PDF PAGES SETTINGS FROM TO [DIR [WHAT "
              "[CODES]]]\n",
              stderr);
        return 1;
    }
    const char *slash = strrchr(argv[1], '/');
    job.name = slash ? slash + 1 : argv[1];
    job.dir = argc > 6 ? argv[6] : NULL;
    while (argc > 7 && strcmp(argv[7], what_name[job.what])) {
        job.what++;
    }
    job.codes = argc > 8 ? atol(argv[8]) : 0;
    pages_read(&job, argv[2]);
    job_open(&job, argv[1]);
    char *rest = NULL;
    for (char *name = strtok_r(argv[3], ",", &rest); name;
         name = strtok_r(NULL, ",", &rest)) {
        job.label = name;
        must(setting_find(name, &job.setting, &fault), name);
        for (int seed = atoi(argv[4]); seed <= atoi(argv[5]); seed++) {
            seed_run(&job, seed);
        }
    }
    return 0;
}
