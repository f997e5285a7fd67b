#include "mark/budget.h"

#include <stdlib.h>

#include "mark/cell.h"
#include "mark/plan.h"
#include "mark/trial.h"
#include "mark/unit_twin.h"

#define PARTS 64      /* steps in which units of the first turn are left out */
#define MORE_PARTS 32 /* and of each other turn */
#define ALL_PARTS (PARTS + (MARK_TURNS - 1) * MORE_PARTS)
#define LEAST_PARTS 20 /* of them are always kept: near a third */
#define FAST_PARTS 48  /* so many are worth more than what packs smaller */
#define LEAST_UNITS 24 /* a page; fewer cannot name a copy */

/* Units of one turn in one line of text, which are neighbours in the table. */
struct line {
    uint32_t first, end, units;
    float worth; /* what it tells for its bytes */
};

/* What a unit tells goes with the square of its shift. A line of n moved
 * words changes n + 1 numbers. */
static uint32_t gather_lines(const struct mark_page *page, int turn,
                             struct line *line)
{
    uint32_t lines = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        if (unit->turn != turn) {
            continue;
        }
        if (lines == 0 ||
            unit->line != page->unit[line[lines - 1].first].line) {
            line[lines++] = (struct line){.first = u};
        }
        line[lines - 1].units++;
        line[lines - 1].end = u + 1;
        line[lines - 1].worth += unit->shift_pt * unit->shift_pt;
    }
    for (uint32_t i = 0; i < lines; i++) {
        line[i].worth /= (float)(line[i].units + 1);
    }
    return lines;
}

static int by_worth(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    if (a->worth > b->worth || a->worth < b->worth) {
        return a->worth > b->worth ? -1 : 1;
    }
    return a->first < b->first ? -1 : 1;
}

/* The units of one turn, line by line, from *next on. */
static void rank_turn(const struct mark_page *page, int turn,
                      const struct line *line, uint32_t lines, uint32_t *next,
                      uint32_t *rank)
{
    for (uint32_t i = 0; i < lines; i++) {
        for (uint32_t u = line[i].first; u < line[i].end; u++) {
            if (page->unit[u].turn == turn) {
                rank[u] = (*next)++;
            }
        }
    }
}

/* Turn by turn; in each the best lines come first, and all units of a line
 * together. */
static enum sting_status rank_units(const struct mark_page *page,
                                    uint32_t *rank)
{
    uint32_t next = 0;
    struct line *line = calloc((size_t)page->units + 1, sizeof *line);
    if (!line) {
        return STING_E_NOMEM;
    }
    for (int turn = 0; turn < MARK_TURNS; turn++) {
        uint32_t lines = gather_lines(page, turn, line);
        qsort(line, lines, sizeof *line, by_worth);
        rank_turn(page, turn, line, lines, &next, rank);
    }
    free(line);
    return STING_OK;
}

/* How many units so many parts are: of the first turn, then of the others. */
static uint32_t units_of(const struct mark_page *all, int parts)
{
    uint32_t of[MARK_TURNS] = {0};
    uint32_t units = 0;
    for (uint32_t u = 0; u < all->units; u++) {
        of[all->unit[u].turn]++;
    }
    for (int turn = 0; turn < MARK_TURNS && parts > 0; turn++) {
        int whole = turn == 0 ? PARTS : MORE_PARTS;
        int some = parts < whole ? parts : whole;
        units +=
            (uint32_t)((uint64_t)of[turn] * (unsigned)some / (unsigned)whole);
        parts -= whole;
    }
    return units < LEAST_UNITS ? LEAST_UNITS : units;
}

static void keep(struct trial *trial, int parts)
{
    for (int p = 0; p < trial->pages; p++) {
        const struct mark_page *all = &trial->all[p];
        struct mark_page *page = &trial->page[p];
        uint32_t most = units_of(all, parts);
        page->units = 0;
        for (uint32_t u = 0; u < all->units; u++) {
            if (trial->rank[p][u] < most) {
                page->unit[page->units++] = all->unit[u];
            }
        }
    }
}

typedef enum sting_status (*attempt_fn)(struct trial *, bool *, struct fault *);

/* The most parts that fit, from `low` on, which do, up to `high`, which do
 * not. `fits` tells whether the trial at hand is that of `low`. */
static enum sting_status fit_more(struct trial *trial, int low, int high,
                                  attempt_fn attempt, bool *fits,
                                  struct fault *fault)
{
    enum sting_status status = STING_OK;
    while (!status && high - low > 1) {
        int middle = (low + high) / 2;
        keep(trial, middle);
        status = attempt(trial, fits, fault);
        *(*fits ? &low : &high) = middle;
    }
    keep(trial, low);
    if (!status && !*fits) {
        status = attempt(trial, fits, fault);
    }
    return status;
}

/* The same, where `low` are kept in any case. */
static enum sting_status fit_parts(struct trial *trial, int low, int high,
                                   attempt_fn attempt, bool *fits,
                                   struct fault *fault)
{
    keep(trial, low);
    enum sting_status status = attempt(trial, fits, fault);
    return status || !*fits ? status
                            : fit_more(trial, low, high, attempt, fits, fault);
}

static enum sting_status coarsen(struct trial *trial, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < trial->pages; p++) {
        struct pdf_text text;
        status = pdf_file_text(trial->file, p, &text, fault);
        if (!status) {
            mark_plan_coarsen(&text, &trial->all[p]);
        }
    }
    return status;
}

/* Copies that are prepared for are made fastest; some units are given for
 * that, but not many. Then all units as tight as needed, then as many as fit,
 * or the least that are kept whatever they cost. */
static enum sting_status fit_first(struct trial *trial, struct fault *fault)
{
    bool fits = false;
    enum sting_status status =
        fit_parts(trial, FAST_PARTS, PARTS, trial_try_prepared, &fits, fault);
    if (!status && !fits) {
        keep(trial, PARTS);
        status = trial_try_packs(trial, &fits, fault);
    }
    if (!status && !fits) {
        status =
            fit_parts(trial, LEAST_PARTS, PARTS, trial_try_copy, &fits, fault);
    }
    return status;
}

/* Shifts of any size where the first turn fits so; else of few. What room is
 * left then is for the other turns. */
static enum sting_status fit(struct trial *trial, struct fault *fault)
{
    bool fits = false;
    keep(trial, PARTS);
    enum sting_status status = trial_try_prepared(trial, &fits, fault);
    if (!status && !fits) {
        status = coarsen(trial, fault);
        keep(trial, PARTS);
        status = status ? status : trial_try_prepared(trial, &fits, fault);
    }
    if (status || !fits) {
        return status ? status : fit_first(trial, fault);
    }
    keep(trial, ALL_PARTS);
    status = trial_try_prepared(trial, &fits, fault);
    return status || fits ? status
                          : fit_more(trial, PARTS, ALL_PARTS,
                                     trial_try_prepared, &fits, fault);
}

static enum sting_status plan_page(struct trial *trial, int p,
                                   struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status = pdf_file_text(trial->file, p, &text, fault);
    if (!status) {
        status = mark_plan(&text, trial->reach, &trial->page[p]);
    }
    if (!status) {
        status = trial_make_room(trial, p, text.words);
    }
    return status ? status : mark_plan(&text, trial->reach, &trial->all[p]);
}

/* What is left of a page's units, and in what order. */
static enum sting_status settle_page(struct trial *trial, int p,
                                     struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status = pdf_file_text(trial->file, p, &text, fault);
    if (status) {
        return status;
    }
    mark_plan_judge(&text, &trial->page[p]);
    mark_plan_judge(&text, &trial->all[p]);
    trial->rank[p] =
        calloc((size_t)trial->all[p].units + 1, sizeof **trial->rank);
    if (!trial->rank[p]) {
        return STING_E_NOMEM;
    }
    return rank_units(&trial->all[p], trial->rank[p]);
}

static enum sting_status plan_pages(struct trial *trial, struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < trial->pages; p++) {
        status = plan_page(trial, p, fault);
    }
    if (!status) {
        status =
            mark_twins_settle(trial->file, trial->reach, trial->page, fault);
    }
    if (!status) {
        status =
            mark_twins_settle(trial->file, trial->reach, trial->all, fault);
    }
    for (int p = 0; !status && p < trial->pages; p++) {
        status = settle_page(trial, p, fault);
    }
    return status;
}

/* Every word as far one way as it goes, then the other: what any copy does to
 * a word lies between, since words move by themselves. */
static enum sting_status check_extremes(struct trial *trial,
                                        struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (int sign = -1; !status && sign <= 1; sign += 2) {
        struct buffer copy STING_AUTO(buffer_release) = {0};
        for (int p = 0; !status && p < trial->pages; p++) {
            status = trial_push(trial, p, (int8_t)sign);
        }
        if (!status) {
            status = pdf_file_write(trial->file, trial->moves, &copy, fault);
        }
        if (!status) {
            status = pdf_file_check(trial->file, buffer_bytes(&copy),
                                    MARK_MOST_PT, fault);
        }
    }
    return status;
}

/* The units that were counted before few words and few lines made marks
 * together (cell.h), so that how copies are packed does not depend on these. */
static void leave_out_few(const struct pdf_text *text, struct mark_page *page)
{
    uint32_t words = 0, along = 0;
    for (uint32_t u = 0; u < page->units; u++) {
        along += page->unit[u].axis == MARK_ALONG;
        words += !mark_is_cell(&page->unit[u]);
    }
    if (page->units - words < LEAST_UNITS || !mark_is_drawing(text)) {
        page->units = words;
    }
    if (along < LEAST_UNITS) {
        page->unit += words;
        page->units -= words;
    }
}

/* The first of the ways to pack that keeps copies small. */
static enum sting_status pack(struct trial *trial, enum mark_packing packing,
                              struct fault *fault)
{
    bool fits = false;
    enum sting_status status = trial_try_prepared(trial, &fits, fault);
    if (!status && !fits && packing >= MARK_PACKING_TIGHT) {
        status = trial_try_tight(trial, &fits, fault);
    }
    return status || fits ? status : trial_try_packs(trial, &fits, fault);
}

enum sting_status mark_pack(struct pdf_file *file, const struct mark_page *page,
                            enum mark_packing packing, struct fault *fault)
{
    size_t pages = (size_t)pdf_file_pages(file);
    struct trial trial STING_AUTO(trial_release) = {
        .file = file,
        .pages = (int)pages,
        .moves = calloc(pages, sizeof *trial.moves),
        .move = calloc(pages, sizeof *trial.move),
    };
    struct mark_page *own = calloc(pages, sizeof *own);
    enum sting_status status =
        own && trial.moves && trial.move ? STING_OK : STING_E_NOMEM;
    trial.page = own;
    pdf_file_spell(file, packing >= MARK_PACKING_FINE ? CONTENT_FINE
                                                      : CONTENT_ROUNDED);
    for (int p = 0; !status && p < trial.pages; p++) {
        struct pdf_text text;
        own[p] = page[p];
        status = pdf_file_text(file, p, &text, fault);
        status = status ? status : trial_make_room(&trial, p, text.words);
        if (!status) {
            leave_out_few(&text, &own[p]);
        }
    }
    if (!status) {
        status = pack(&trial, packing, fault);
    }
    free(own);
    return status;
}

enum sting_status mark_plan_file(struct pdf_file *file, enum mark_reach reach,
                                 struct mark_page *page,
                                 struct mark_budget *out, struct fault *fault)
{
    size_t pages = (size_t)pdf_file_pages(file);
    struct trial trial STING_AUTO(trial_release) = {
        .file = file,
        .pages = (int)pages,
        .reach = reach,
        .page = page,
        .all = calloc(pages, sizeof *trial.all),
        .rank = calloc(pages, sizeof *trial.rank),
        .moves = calloc(pages, sizeof *trial.moves),
        .move = calloc(pages, sizeof *trial.move),
    };
    if (!trial.all || !trial.rank || !trial.moves || !trial.move) {
        return STING_E_NOMEM;
    }
    enum sting_status status = plan_pages(&trial, fault);
    if (!status) {
        status = fit(&trial, fault);
    }
    if (!status) {
        status = check_extremes(&trial, fault);
    }
    *out = (struct mark_budget){.growth = trial.growth};
    for (int p = 0; p < trial.pages; p++) {
        out->left_out += trial.all[p].units - page[p].units;
    }
    return status;
}
