#include "detect/page_judge.h"

#include <math.h>

#define HERE_WHOLE 0.85F /* so much of the known in place */
#define HIDDEN_PAPER 0.88F
#define HIDDEN_PRINT 0.93F
#define LEFT 0.35F      /* less of the known in place */
#define SEEN_RING 0.6F  /* enough of the table to judge by */
#define CLEAR_RING 0.8F /* enough to see where the sheet lay */
#define PLAIN_RING 0.9F
#define FREE_RING 0.88F /* nothing but table and sheet */
#define CALM 0.03F      /* part of the blocks that may change */
#define UNLIKE 0.045F   /* flat is likelier below */
#define STILL_US 500000
#define CALM_US 1000000 /* of a sheet that the picture cuts off */
#define PAPER_ALL 0.8F  /* of a sheet that lies: no hand is on it */
#define ONLY_RING 0.94F
#define BARE_US 900000
#define PLAIN_US 8000000 /* nobody leans over a table so still for so long */
#define LEAST_SIZE 0.15F
#define PIECE 0.08F
#define MOST_RELIT 1.12F
#define MOST_HERE 0.75F /* less: what lies there is worth a comparison */
#define SURE 0.12F
#define PRINT 0.4F
#define TELLING 2.0F    /* deviations: no noise makes this of many looks */
#define SAME_RING 0.97F /* a table to the shade what it was: the ring, .. */
#define MOST_SAME 1.04F /* .. and the light */
#define NONE 0.12F
#define WHOLE_SIZE 0.4F /* less is a piece, of which much is hidden */
#define LEAST_AWAY 0.18F
#define AWAY_UNLIKE 0.15F
#define PIECE_UNLIKE 0.5F
#define AWAY_PART 0.52F
#define AWAY_HERE 0.25F
#define AWAY_SOLID 0.85F /* a hand is at it */
#define BESIDE_SOLID 0.7F
#define BESIDE_SIZE 0.1F
#define BESIDE_HERE 0.03F
#define SHIFTED_SIZE 0.5F
#define SHIFTED_OUT 0.05F

static bool is_relit(const struct page_sight *s, float most)
{
    return s->relit >= most || s->relit <= 1 / most;
}

/* Light that changed while the page was out of sight may be no light but
 * somebody before it, of one colour and as large as the zone. */
static bool is_light_as_was(const struct page_sight *s)
{
    return !is_relit(s, MOST_RELIT);
}

/* Is it the table that is seen around the sheet? */
static bool is_table(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    return is_light_as_was(s) &&
           (e->ring_unsure > SURE || e->ring_print > PRINT);
}

/* A table without structure to know it by may be somebody as dark, who leaves
 * but the rim, or a border of the page in its place, or nothing at all. */
static bool is_table_plain(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    return is_table(s) && !s->is_ring_gone && e->ring > PLAIN_RING &&
           e->edge_here < NONE;
}

/* And where no sheet is seen? The paper was seen to go, or the table's
 * structure is seen, or it is to the shade what it was. */
static bool is_table_alone(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    bool is_structure = !s->is_ring_gone && e->ring_print > PRINT &&
                        e->ring_print > TELLING * e->ring_unsure;
    return is_light_as_was(s) && (s->was_away || is_structure ||
                                  (is_table_plain(s) && e->ring > SAME_RING &&
                                   !is_relit(s, MOST_SAME)));
}

static bool is_sheet(const struct page_sight *s)
{
    return s->has_sheet && s->size > LEAST_SIZE && s->size < 1.9F &&
           s->solid > SOLID;
}

bool page_judge_lies(const struct page_sight *sight)
{
    const struct page_sight *s = sight;
    const struct page_evidence *e = &s->seen;
    if (!is_sheet(s) || e->here > MOST_HERE || e->ring < FREE_RING ||
        e->moving > CALM || !is_table(s) ||
        e->bright_in + e->bright_out < PAPER_ALL * fminf(s->size, 1)) {
        return false;
    }
    if (!s->is_whole) {
        return e->here < LEFT && e->ring > ONLY_RING && s->calm_us >= CALM_US;
    }
    return s->unlike < UNLIKE && s->still_us >= STILL_US;
}

/* In full view and at rest, and paper all over, but not what was known. Some
 * of the known edges are in their place: the one below lies on. */
static bool is_other_on_top(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    return e->ring > FREE_RING && e->moving < CALM && e->bright_in > 0.95F &&
           e->bright_out < 0.2F && e->edge_here > LEFT && e->here < MOST_HERE &&
           s->has_sheet && s->is_whole && s->calm_us >= CALM_US && is_table(s);
}

bool page_judge_whole(const struct page_evidence *seen)
{
    return seen->here > HERE_WHOLE &&
           (seen->bright_in > HIDDEN_PAPER || seen->print_here > HIDDEN_PRINT);
}

bool page_judge_calm(const struct page_sight *sight)
{
    return sight->seen.moving < CALM;
}

bool page_judge_bare(const struct page_sight *sight)
{
    const struct page_evidence *e = &sight->seen;
    return e->ring > FREE_RING && e->moving < CALM && e->exposed > 0.85F &&
           e->bright_in < PIECE && e->bright_out < PIECE &&
           (is_table_alone(sight) || is_table_plain(sight));
}

/* Paper with straight borders, of which no border and no print is where it
 * was, and some is where none was: where coding left nothing of the grain of
 * the table, this tells of it. */
static bool is_shifted(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    return s->size > SHIFTED_SIZE && e->here < NONE && e->edge_here < NONE &&
           e->bright_out > SHIFTED_OUT;
}

/* A piece of it that lies as it did shows as much of the known in place. */
static bool is_off_its_place(const struct page_sight *s)
{
    float most = fminf(AWAY_PART * s->size, AWAY_HERE);
    bool is_piece = s->size < WHOLE_SIZE;
    return s->solid > AWAY_SOLID && s->size > LEAST_AWAY &&
           s->unlike > (is_piece ? PIECE_UNLIKE : AWAY_UNLIKE) &&
           s->seen.here < most && s->seen.edge_here < most;
}

/* Or it sticks out, a hand at it, and nothing of the known is in place. */
static bool is_beside_its_place(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    return s->solid > BESIDE_SOLID && s->size > BESIDE_SIZE &&
           e->here < BESIDE_HERE && e->edge_here < BESIDE_HERE &&
           e->bright_out > SHIFTED_OUT;
}

bool page_judge_away(const struct page_sight *sight)
{
    const struct page_sight *s = sight;
    const struct page_evidence *e = &s->seen;
    bool sticks_out = s->solid > AWAY_SOLID && s->size > 0.25F &&
                      e->here < NONE && e->edge_here < NONE &&
                      e->bright_out > SHIFTED_OUT;
    return s->has_sheet && is_light_as_was(s) &&
           (sticks_out || is_off_its_place(s) || is_beside_its_place(s));
}

/* Seen to be elsewhere, or not to be where it was. */
static bool has_left(const struct page_sight *s)
{
    const struct page_evidence *e = &s->seen;
    bool is_cut = e->ring > CLEAR_RING && (is_table(s) || is_shifted(s));
    bool elsewhere = is_sheet(s) && s->size > 0.25F && is_light_as_was(s) &&
                     (s->is_whole ? e->ring > SEEN_RING : is_cut);
    bool exposed =
        e->exposed > 0.4F && e->ring > CLEAR_RING && is_table_alone(s);
    return e->here < LEFT && (elsewhere || exposed);
}

enum page_state page_judge(const struct page_sight *sight)
{
    const struct page_sight *s = sight;
    if (page_judge_whole(&s->seen)) {
        return PAGE_IN_VIEW;
    }
    if (page_judge_lies(s) || is_other_on_top(s)) {
        return PAGE_MOVED;
    }
    bool is_sure = s->is_gone || is_table_alone(s);
    if (s->bare_us >= (is_sure ? BARE_US : PLAIN_US)) {
        return PAGE_GONE;
    }
    return has_left(s) ? PAGE_LIFTED : PAGE_COVERED;
}
