#include "mark/trial.h"

#include <math.h>
#include <stdlib.h>

#include "mark/budget.h"

#define ROOM 0.0015    /* of the size, at least: copies differ from the trial */
#define ROOM_BYTES 6.0 /* and times the root of the units: four deviations */
#define DEVIATIONS 5
#define FAR_BEYOND (1.5 * MARK_GROWTH)
#define TIGHT_DRAWS 16 /* copies whose deviation is measured */
#define SMALL_BYTES 65536
#define SMALL_DRAWS 4 /* trial copies of a file that is smaller */

void trial_release(struct trial *trial)
{
    for (int p = 0; p < trial->pages; p++) {
        if (trial->all) {
            mark_page_release(&trial->all[p]);
        }
        if (trial->rank) {
            free(trial->rank[p]);
        }
        if (trial->move) {
            free(trial->move[p]);
        }
    }
    free(trial->all);
    free(trial->rank);
    free(trial->moves);
    free(trial->move);
}

/* A unit is as often a one as in a true code: 54 or 202 times of 256. Any
 * sequence that is the same each time will do; keys are not to be had in the
 * process that plans. The generator is that of Numerical Recipes. */
static bool next_bit(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    uint32_t threshold = *state >> 31 ? 202 : 54;
    *state = *state * 1664525 + 1013904223;
    return *state >> 24 < threshold;
}

static enum sting_status set_page(struct trial *trial, int p, int8_t *sign)
{
    if (!sign) {
        return STING_E_NOMEM;
    }
    mark_moves(&trial->page[p], sign, trial->move[p], trial->moves[p].moves);
    free(sign);
    return STING_OK;
}

static enum sting_status draw_page(struct trial *trial, int p, int draw)
{
    uint32_t state = (uint32_t)p + (uint32_t)draw * 0x10000U,
             units = trial->page[p].units;
    int8_t *sign = calloc((size_t)units + 1, sizeof *sign);
    for (uint32_t u = 0; sign && u < units; u++) {
        sign[u] = next_bit(&state) ? 1 : -1;
    }
    return set_page(trial, p, sign);
}

/* All of a page's words the same way. */
enum sting_status trial_push(struct trial *trial, int p, int8_t way)
{
    uint32_t units = trial->page[p].units;
    int8_t *sign = calloc((size_t)units + 1, sizeof *sign);
    for (uint32_t u = 0; sign && u < units; u++) {
        sign[u] = way;
    }
    return set_page(trial, p, sign);
}

/* All pages' words as far as they go: what every copy is made of; what has no
 * stencil is packed so. */
static enum sting_status prepare(struct trial *trial, enum pack_effort pack,
                                 enum flate_effort effort, struct fault *fault)
{
    enum sting_status status = STING_OK;
    pdf_file_pack(trial->file, pack);
    for (int p = 0; !status && p < trial->pages; p++) {
        status = trial_push(trial, p, 1);
    }
    return status ? status
                  : pdf_file_prepare(trial->file, trial->moves, effort, fault);
}

/* What the trial copy may grow by, so that others grow by no more than
 * MARK_GROWTH. */
static double aim_of(const struct trial *trial)
{
    double units = 0;
    for (int p = 0; p < trial->pages; p++) {
        units += trial->page[p].units;
    }
    double size = (double)pdf_file_size(trial->file);
    return MARK_GROWTH - fmax(ROOM, ROOM_BYTES * sqrt(units) / size);
}

/* Write a copy that nobody gets. */
static enum sting_status write_trial(struct trial *trial, int draw,
                                     size_t *bytes, struct fault *fault)
{
    struct buffer copy STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < trial->pages; p++) {
        status = draw_page(trial, p, draw);
    }
    if (!status) {
        status = pdf_file_write(trial->file, trial->moves, &copy, fault);
    }
    *bytes += copy.size;
    return status;
}

/* Does it fit? Of small files, in which copies differ by much of what they may
 * grow, the mean of some: one that fits would be one that happens to. */
enum sting_status trial_try_copy(struct trial *trial, bool *fits,
                                 struct fault *fault)
{
    enum sting_status status = STING_OK;
    size_t bytes = 0, size = pdf_file_size(trial->file);
    int draws = size < SMALL_BYTES ? SMALL_DRAWS : 1;
    for (int draw = 0; !status && draw < draws; draw++) {
        status = write_trial(trial, draw, &bytes, fault);
    }
    trial->growth = (double)bytes / draws / (double)size - 1;
    *fits = trial->growth <= aim_of(trial);
    return status;
}

enum sting_status trial_try_prepared(struct trial *trial, bool *fits,
                                     struct fault *fault)
{
    enum sting_status status = prepare(trial, PACK_FAIR, FLATE_QUICK, fault);
    return status ? status : trial_try_copy(trial, fits, fault);
}

enum sting_status trial_try_tight(struct trial *trial, bool *fits,
                                  struct fault *fault)
{
    enum sting_status status = prepare(trial, PACK_TIGHT, FLATE_TIGHT, fault);
    double size = (double)pdf_file_size(trial->file), sum = 0, squares = 0;
    bool may = true; /* else the first is far beyond, and so would all be */
    for (int draw = 0; !status && may && draw < TIGHT_DRAWS; draw++) {
        size_t bytes = 0;
        status = write_trial(trial, draw, &bytes, fault);
        double growth = (double)bytes / size - 1;
        may = draw > 0 || growth < FAR_BEYOND;
        sum += growth;
        squares += growth * growth;
    }
    double mean = sum / (may ? TIGHT_DRAWS : 1);
    double variance = fmax(0, squares - sum * mean) / (double)(TIGHT_DRAWS - 1);
    trial->growth = mean;
    *fits = may && mean + DEVIATIONS * sqrt(variance) <= MARK_GROWTH;
    return status;
}

/* As quickly as fits, or as tight as can be. */
enum sting_status trial_try_packs(struct trial *trial, bool *fits,
                                  struct fault *fault)
{
    enum sting_status status = STING_OK;
    *fits = false;
    for (int e = PACK_QUICK; !status && !*fits && e <= PACK_TIGHT; e++) {
        pdf_file_pack(trial->file, (enum pack_effort)e);
        status = trial_try_copy(trial, fits, fault);
    }
    return status;
}

enum sting_status trial_make_room(struct trial *trial, int p, uint32_t words)
{
    trial->move[p] = calloc((size_t)words + 1, sizeof **trial->move);
    trial->moves[p] =
        (struct pdf_moves){.move = trial->move[p], .moves = words};
    return trial->move[p] ? STING_OK : STING_E_NOMEM;
}
