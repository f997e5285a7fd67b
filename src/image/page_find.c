#include "image/page_find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TURN_BINS 72
#define MOST_TURN 0.61F /* radians from the photograph's own, 35 degrees */
#define QUARTERS 4
#define QUARTER ((float)M_PI / 2)
#define LN_BIN 0.45F     /* of the scale */
#define CENTRE_PT 100.8F /* side of a bin for the page's middle: 1.4 inches */
#define GRIDS 8          /* two of scales, four of middles */
#define CLOSE_PAGES 64   /* looked at by consensus */
#define CLOSE_MATCHES 400
#define FEWEST_VOTES 4

/* One page's votes, and what they add up to. */
struct ballot {
    size_t begin, end;
    float turn; /* of the photograph against this page */
    float score;
};

/* What is known of one vote once it is unpacked. */
struct lead {
    float x, y;   /* where the page's middle would be, photo pixels */
    float ln;     /* of photo pixels a point */
    float weight; /* 0: turned otherwise than its page */
};

/* A table of bins by hash, empty again for each page at no cost. */
struct bins {
    size_t mask;
    uint32_t turn;   /* slots of another turn are empty */
    struct bin *bin; /* owned */
};

struct bin {
    uint64_t key;
    uint32_t turn;
    float sum;
};

static void bins_release(struct bins *bins)
{
    free(bins->bin);
}

static float turned(float angle)
{
    return remainderf(angle, 2 * (float)M_PI);
}

static struct match match_of(const struct page_index *index,
                             const struct feature_list *photo,
                             const struct page_vote *vote)
{
    const struct page_size *size = &index->page[vote->page];
    const struct feature *f = &photo->feature[vote->feature];
    return (struct match){
        page_record_place(vote->place, size->width_pt, size->height_pt),
        {f->x, f->y, f->scale, f->angle},
        vote->weight};
}

/* Angles of places without unpacking the rest. */
static float turn_of(const struct feature_list *photo,
                     const struct page_vote *vote)
{
    float angle = ((float)(vote->place >> 25) + 0.5F) / 128 * 2 * (float)M_PI;
    return turned(photo->feature[vote->feature].angle - angle);
}

/* How the photograph is turned: pages that are not in it have upright text
 * as well, most of them, so that all votes tell. */
static float turn_find(const struct feature_list *photo,
                       const struct page_votes *votes)
{
    double bin[TURN_BINS] = {0};
    int best = 0;
    double most = 0;
    for (size_t i = 0; i < votes->count; i++) {
        float part = turn_of(photo, &votes->vote[i]) / (2 * (float)M_PI);
        int at = (int)((part + 1) * TURN_BINS) % TURN_BINS;
        bin[at] += (double)votes->vote[i].weight;
    }
    for (int i = 0; i < TURN_BINS; i++) {
        double sum = bin[i] + 0.7 * (bin[(i + 1) % TURN_BINS] +
                                     bin[(i + TURN_BINS - 1) % TURN_BINS]);
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    return turned(((float)best + 0.5F) / TURN_BINS * 2 * (float)M_PI);
}

/* The same for one page, whose text may run up, down or upside down on it, as
 * on a page that its document turns, or of a wide table. */
static float turn_of_page(const struct feature_list *photo,
                          const struct page_vote *vote, size_t votes,
                          float turn)
{
    float sum[QUARTERS] = {0};
    int best = 0;
    for (size_t i = 0; i < votes; i++) {
        float off = turned(turn_of(photo, &vote[i]) - turn);
        int quarter = (int)lrintf(off / QUARTER + QUARTERS) % QUARTERS;
        bool is_near =
            fabsf(turned(off - (float)quarter * QUARTER)) < MOST_TURN;
        sum[quarter] += is_near ? vote[i].weight : 0;
    }
    for (int i = 1; i < QUARTERS; i++) {
        best = sum[i] > sum[best] ? i : best;
    }
    return turned(turn + (float)best * QUARTER);
}

static struct lead lead_of(const struct match *match, struct page_size size,
                           float turn, float own)
{
    float scale = match->photo.scale / match->page.scale;
    float x = size.width_pt / 2 - match->page.x;
    float y = size.height_pt / 2 - match->page.y;
    float c = scale * cosf(turn);
    float s = scale * sinf(turn);
    float off = turned(own - turn);
    return (struct lead){match->photo.x + c * x - s * y,
                         match->photo.y + s * x + c * y, logf(scale),
                         fabsf(off) < MOST_TURN ? match->weight : 0};
}

static float bins_add(struct bins *bins, uint64_t key, float weight)
{
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
    struct bin *bin = &bins->bin[at & bins->mask];
    while (bin->turn == bins->turn && bin->key != key) {
        bin = &bins->bin[++at & bins->mask];
    }
    if (bin->turn != bins->turn) {
        *bin = (struct bin){key, bins->turn, 0};
    }
    bin->sum += weight;
    return bin->sum;
}

/* The lead's bin in one of the shifted grids. */
static uint64_t key_of(const struct lead *lead, int grid)
{
    float level = floorf(lead->ln / LN_BIN + (grid & 1 ? 0.5F : 0));
    float side = CENTRE_PT * expf((level + (grid & 1 ? 0 : 0.5F)) * LN_BIN);
    float x = floorf(lead->x / side + (grid & 2 ? 0.5F : 0));
    float y = floorf(lead->y / side + (grid & 4 ? 0.5F : 0));
    uint64_t key = (uint64_t)(uint16_t)(int)x;
    key = key << 16 | (uint16_t)(int)y;
    return key << 16 | (uint64_t)(uint8_t)(int)level << 8 | (uint64_t)grid;
}

static float lead_vote(struct bins *bins, const struct lead *lead)
{
    float most = 0;
    for (int grid = 0; grid < GRIDS; grid++) {
        float sum = bins_add(bins, key_of(lead, grid), lead->weight);
        most = sum > most ? sum : most;
    }
    return most;
}

static enum sting_status bins_reserve(struct bins *bins, size_t votes)
{
    size_t wanted = 1024;
    while (wanted < (size_t)2 * GRIDS * votes) {
        wanted *= 2;
    }
    if (bins->bin && bins->mask + 1 >= wanted) {
        return STING_OK;
    }
    free(bins->bin);
    bins->bin = calloc(wanted, sizeof *bins->bin);
    bins->mask = wanted - 1;
    bins->turn = 0;
    return bins->bin ? STING_OK : STING_E_NOMEM;
}

/* What is looked for, and by whom. */
struct hunt {
    const struct page_index *index;
    const struct feature_list *photo;
    const struct page_votes *votes;
    float turn;
    struct bins bins;      /* owned */
    struct ballot *ballot; /* owned: the best so far, best first */
    size_t ballots;
};

static void hunt_release(struct hunt *hunt)
{
    bins_release(&hunt->bins);
    free(hunt->ballot);
}

static enum sting_status ballot_count(struct hunt *hunt, struct ballot *ballot)
{
    size_t votes = ballot->end - ballot->begin;
    enum sting_status status = bins_reserve(&hunt->bins, votes);
    hunt->bins.turn++;
    for (size_t i = ballot->begin; !status && i < ballot->end; i++) {
        const struct page_vote *vote = &hunt->votes->vote[i];
        struct match match = match_of(hunt->index, hunt->photo, vote);
        struct lead lead = lead_of(&match, hunt->index->page[vote->page],
                                   ballot->turn, turn_of(hunt->photo, vote));
        if (lead.weight > 0) {
            float sum = lead_vote(&hunt->bins, &lead);
            ballot->score = sum > ballot->score ? sum : ballot->score;
        }
    }
    return status;
}

/* Keep the best CLOSE_PAGES, sorted. */
static void ballot_keep(struct hunt *hunt, const struct ballot *ballot)
{
    size_t at = hunt->ballots;
    if (at == CLOSE_PAGES) {
        if (ballot->score <= hunt->ballot[at - 1].score) {
            return;
        }
        at--;
    } else {
        hunt->ballots++;
    }
    for (; at > 0 && hunt->ballot[at - 1].score < ballot->score; at--) {
        hunt->ballot[at] = hunt->ballot[at - 1];
    }
    hunt->ballot[at] = *ballot;
}

static enum sting_status ballots_count(struct hunt *hunt)
{
    enum sting_status status = STING_OK;
    const struct page_votes *votes = hunt->votes;
    size_t begin = 0;
    for (size_t i = 1; !status && i <= votes->count; i++) {
        if (i < votes->count &&
            votes->vote[i].page == votes->vote[begin].page) {
            continue;
        }
        if (i - begin >= FEWEST_VOTES) {
            float turn = turn_of_page(hunt->photo, &votes->vote[begin],
                                      i - begin, hunt->turn);
            struct ballot ballot = {begin, i, turn, 0};
            status = ballot_count(hunt, &ballot);
            ballot_keep(hunt, &ballot);
        }
        begin = i;
    }
    return status;
}

static int heavier(const void *left, const void *right)
{
    const struct match *a = left;
    const struct match *b = right;
    return (a->weight < b->weight) - (a->weight > b->weight);
}

/* The heaviest matches of a page that are turned as most of them are. */
static enum sting_status matches_fill(const struct hunt *hunt,
                                      const struct ballot *ballot,
                                      struct match *out, size_t *count)
{
    struct match *all =
        reallocarray(NULL, ballot->end - ballot->begin + 1, sizeof *all);
    *count = 0;
    for (size_t i = ballot->begin; all && i < ballot->end; i++) {
        const struct page_vote *vote = &hunt->votes->vote[i];
        if (fabsf(turned(turn_of(hunt->photo, vote) - ballot->turn)) <
            MOST_TURN) {
            all[(*count)++] = match_of(hunt->index, hunt->photo, vote);
        }
    }
    if (!all) {
        return STING_E_NOMEM;
    }
    qsort(all, *count, sizeof *all, heavier);
    *count = *count < CLOSE_MATCHES ? *count : CLOSE_MATCHES;
    memcpy(out, all, *count * sizeof *all);
    free(all);
    return STING_OK;
}

/* A page by its consensus. */
struct contender {
    const struct ballot *ballot;
    struct consensus consensus;
};

static int more_votes(const void *left, const void *right)
{
    const struct contender *a = left;
    const struct contender *b = right;
    double x = a->consensus.votes;
    double y = b->consensus.votes;
    return (x < y) - (x > y);
}

static enum sting_status contenders_fill(const struct hunt *hunt,
                                         struct contender *contender)
{
    struct match match[CLOSE_MATCHES];
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < hunt->ballots; i++) {
        size_t count;
        status = matches_fill(hunt, &hunt->ballot[i], match, &count);
        contender[i].ballot = &hunt->ballot[i];
        if (!status) {
            contender[i].consensus = sighting_consensus(match, count);
        }
    }
    qsort(contender, hunt->ballots, sizeof *contender, more_votes);
    return status;
}

static enum sting_status candidate_fill(const struct hunt *hunt,
                                        const struct contender *contender,
                                        struct page_candidate *out)
{
    struct match match[CLOSE_MATCHES];
    size_t count;
    size_t page = hunt->votes->vote[contender->ballot->begin].page;
    struct page_size size = hunt->index->page[page];
    *out = (struct page_candidate){.page = page,
                                   .votes = contender->consensus.votes};
    enum sting_status status =
        matches_fill(hunt, contender->ballot, match, &count);
    if (status || count < FEWEST_VOTES) {
        return status;
    }
    return sighting_fit(match, count, contender->consensus.seed,
                        (double)size.width_pt, (double)size.height_pt,
                        &out->sighting);
}

static int more_inliers(const void *left, const void *right)
{
    const struct page_candidate *a = left;
    const struct page_candidate *b = right;
    if (a->sighting.inliers != b->sighting.inliers) {
        return a->sighting.inliers < b->sighting.inliers ? 1 : -1;
    }
    return (a->votes < b->votes) - (a->votes > b->votes);
}

static enum sting_status candidates_fill(const struct hunt *hunt,
                                         struct page_candidate *candidate,
                                         size_t *found)
{
    struct contender contender[CLOSE_PAGES];
    enum sting_status status = contenders_fill(hunt, contender);
    *found = hunt->ballots < PAGE_FIND_MOST ? hunt->ballots : PAGE_FIND_MOST;
    for (size_t i = 0; !status && i < *found; i++) {
        status = candidate_fill(hunt, &contender[i], &candidate[i]);
    }
    if (!status) {
        qsort(candidate, *found, sizeof *candidate, more_inliers);
    }
    return status;
}

enum sting_status page_find(const struct page_index *index,
                            const struct feature_list *photo,
                            const struct page_votes *votes,
                            struct page_candidate candidate[PAGE_FIND_MOST],
                            size_t *found)
{
    struct hunt hunt STING_AUTO(hunt_release) = {
        .index = index, .photo = photo, .votes = votes};
    *found = 0;
    hunt.ballot = calloc(CLOSE_PAGES, sizeof *hunt.ballot);
    if (!hunt.ballot) {
        return STING_E_NOMEM;
    }
    hunt.turn = turn_find(photo, votes);
    enum sting_status status = ballots_count(&hunt);
    return status ? status : candidates_fill(&hunt, candidate, found);
}

void page_votes_drop(struct page_votes *votes, const struct feature_list *photo,
                     const struct homography *h, struct page_size size)
{
    struct homography back;
    size_t kept = 0;
    if (homography_invert(h, &back)) {
        return;
    }
    for (size_t i = 0; i < votes->count; i++) {
        const struct feature *f = &photo->feature[votes->vote[i].feature];
        struct point p =
            homography_apply(&back, (struct point){(double)f->x, (double)f->y});
        bool is_on = p.x > 0 && p.y > 0 && p.x < (double)size.width_pt &&
                     p.y < (double)size.height_pt;
        if (!is_on) {
            votes->vote[kept++] = votes->vote[i];
        }
    }
    votes->count = kept;
}
