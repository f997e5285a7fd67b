#include "image/page_votes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROBES 128 /* cells a feature */
#define MOST_APART 20
#define KEPT 300      /* likenesses a feature, in a small operation */
#define KEPT_SHARE 20 /* in a large one, one a so many pages */
#define TIES 4        /* so many times that may be as near */

/* What a feature of the photograph has found so far. */
struct asker {
    uint64_t bits;
    uint32_t found[MOST_APART + 1]; /* by distance */
    uint32_t total;                 /* of those up to `limit` */
    int limit;                      /* farther ones are not taken */
};

/* A likeness: who asked, what answered. */
struct likeness {
    uint32_t entry;
    uint16_t asker;
    uint8_t apart;
};

struct inquiry {
    const struct page_index *index;
    uint32_t most; /* likenesses a feature, before its limit falls */
    size_t askers;
    struct asker *asker; /* owned */
    uint32_t *begin;     /* owned: of each cell's askers, in `who` */
    uint16_t *who;       /* owned */
    size_t count, capacity;
    struct likeness *likeness; /* owned */
};

static void inquiry_release(struct inquiry *inquiry)
{
    free(inquiry->asker);
    free(inquiry->begin);
    free(inquiry->who);
    free(inquiry->likeness);
}

void page_votes_release(struct page_votes *votes)
{
    free(votes->vote);
    *votes = (struct page_votes){0};
}

/* Cells that each feature asks, then features that each cell is asked by. */
static enum sting_status probes_fill(struct inquiry *inquiry,
                                     const struct feature_list *photo)
{
    size_t askers = inquiry->askers;
    uint16_t *cell = reallocarray(NULL, askers * PROBES + 1, sizeof *cell);
    inquiry->asker = calloc(askers + 1, sizeof *inquiry->asker);
    inquiry->begin = calloc(SIGN_CELLS + 1, sizeof *inquiry->begin);
    inquiry->who =
        reallocarray(NULL, askers * PROBES + 1, sizeof *inquiry->who);
    if (!cell || !inquiry->asker || !inquiry->begin || !inquiry->who) {
        free(cell);
        return STING_E_NOMEM;
    }
    for (size_t i = 0; i < askers; i++) {
        struct sign sign;
        uint16_t probe[SIGN_MOST_PROBES];
        (void)sign_probe(&photo->feature[i], PROBES, &sign, probe);
        inquiry->asker[i] =
            (struct asker){.bits = sign.bits, .limit = MOST_APART};
        memcpy(&cell[i * PROBES], probe, PROBES * sizeof *cell);
        for (int k = 0; k < PROBES; k++) {
            inquiry->begin[probe[k]]++;
        }
    }
    for (size_t c = 1; c <= SIGN_CELLS; c++) {
        inquiry->begin[c] += inquiry->begin[c - 1];
    }
    for (size_t i = askers * PROBES; i-- > 0;) {
        inquiry->who[--inquiry->begin[cell[i]]] = (uint16_t)(i / PROBES);
    }
    free(cell);
    return STING_OK;
}

static void likeness_note(struct inquiry *inquiry, size_t who, uint32_t entry,
                          int apart)
{
    struct asker *asker = &inquiry->asker[who];
    inquiry->likeness[inquiry->count++] =
        (struct likeness){entry, (uint16_t)who, (uint8_t)apart};
    asker->found[apart]++;
    asker->total++;
    while (asker->total > inquiry->most) {
        asker->total -= asker->found[asker->limit--];
    }
}

/* One asker before one cell. There is room for all that it can find. */
static inline __attribute__((always_inline)) void cell_ask(
    struct inquiry *inquiry, size_t who, uint32_t begin, uint32_t end)
{
    const uint64_t *bits = inquiry->index->bits;
    uint64_t own = inquiry->asker[who].bits;
    int limit = inquiry->asker[who].limit;
    for (uint32_t e = begin; e < end; e++) {
        int apart = sign_distance(own, bits[e]);
        if (apart <= limit) {
            likeness_note(inquiry, who, e, apart);
            limit = inquiry->asker[who].limit;
        }
    }
}

static void cell_ask_plain(struct inquiry *inquiry, size_t who, uint32_t begin,
                           uint32_t end)
{
    cell_ask(inquiry, who, begin, end);
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) static void cell_ask_popcnt(
    struct inquiry *inquiry, size_t who, uint32_t begin, uint32_t end)
{
    cell_ask(inquiry, who, begin, end);
}
#endif

typedef void asking(struct inquiry *inquiry, size_t who, uint32_t begin,
                    uint32_t end);

static asking *asking_choose(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) {
        return cell_ask_popcnt;
    }
#endif
    return cell_ask_plain;
}

static enum sting_status room_make(struct inquiry *inquiry, size_t more)
{
    if (inquiry->capacity - inquiry->count >= more) {
        return STING_OK;
    }
    size_t wanted = inquiry->capacity * 2 + more + 65536;
    void *grown =
        reallocarray(inquiry->likeness, wanted, sizeof *inquiry->likeness);
    if (!grown) {
        return STING_E_NOMEM;
    }
    inquiry->likeness = grown;
    inquiry->capacity = wanted;
    return STING_OK;
}

/* Cell by cell, so that its signatures are read from memory once. */
static enum sting_status cells_ask(struct inquiry *inquiry)
{
    asking *ask = asking_choose();
    enum sting_status status = STING_OK;
    for (size_t c = 0; !status && c < SIGN_CELLS; c++) {
        uint32_t begin = inquiry->index->begin[c];
        uint32_t end = inquiry->index->begin[c + 1];
        for (uint32_t i = inquiry->begin[c];
             !status && end > begin && i < inquiry->begin[c + 1]; i++) {
            status = room_make(inquiry, end - begin);
            if (!status) {
                ask(inquiry, inquiry->who[i], begin, end);
            }
        }
    }
    return status;
}

/* Weight of a likeness by how many of the feature's are nearer. */
static void weights_fill(const struct asker *asker, double kept,
                         float weight[MOST_APART + 1])
{
    double nearer = 0;
    for (int d = 0; d <= MOST_APART; d++) {
        double rank = nearer + 0.5 * asker->found[d] + 0.5;
        double value = d <= asker->limit ? log(1.5 * kept / rank) : 0;
        weight[d] = value > 0.05 ? (float)value : 0;
        nearer += asker->found[d];
    }
}

/* Likenesses that count, as votes, in no order. */
static size_t votes_weigh(const struct inquiry *inquiry, double kept,
                          struct page_vote *vote)
{
    float(*weight)[MOST_APART + 1] =
        reallocarray(NULL, inquiry->askers + 1, sizeof *weight);
    size_t count = 0;
    for (size_t i = 0; weight && i < inquiry->askers; i++) {
        weights_fill(&inquiry->asker[i], kept, weight[i]);
    }
    for (size_t i = 0; weight && i < inquiry->count; i++) {
        const struct likeness *l = &inquiry->likeness[i];
        float w = weight[l->asker][l->apart];
        if (w > 0) {
            vote[count++] = (struct page_vote){
                inquiry->index->page_of[l->entry],
                inquiry->index->place[l->entry], l->asker, w};
        }
    }
    free(weight);
    return weight ? count : 0;
}

/* Sort by one key below `keys`, keeping the order among equals. */
static void votes_order(const struct page_vote *from, struct page_vote *to,
                        size_t count, uint32_t *begin, size_t keys,
                        bool by_page)
{
    memset(begin, 0, (keys + 1) * sizeof *begin);
    for (size_t i = 0; i < count; i++) {
        begin[(by_page ? from[i].page : from[i].feature) + 1]++;
    }
    for (size_t k = 1; k <= keys; k++) {
        begin[k] += begin[k - 1];
    }
    for (size_t i = 0; i < count; i++) {
        to[begin[by_page ? from[i].page : from[i].feature]++] = from[i];
    }
}

/* A feature's heaviest vote for a page counts, and no other. */
static size_t votes_thin(struct page_vote *vote, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct page_vote *last = kept ? &vote[kept - 1] : NULL;
        if (last && last->page == vote[i].page &&
            last->feature == vote[i].feature) {
            if (vote[i].weight > last->weight) {
                *last = vote[i];
            }
        } else {
            vote[kept++] = vote[i];
        }
    }
    return kept;
}

static enum sting_status votes_fill(const struct inquiry *inquiry, double kept,
                                    struct page_votes *out)
{
    size_t keys = inquiry->index->pages > inquiry->askers
                      ? inquiry->index->pages
                      : inquiry->askers;
    struct page_vote *other =
        reallocarray(NULL, inquiry->count + 1, sizeof *other);
    uint32_t *begin = calloc(keys + 2, sizeof *begin);
    out->vote = reallocarray(NULL, inquiry->count + 1, sizeof *out->vote);
    bool is_made = other && begin && out->vote;
    if (is_made) {
        size_t count = votes_weigh(inquiry, kept, out->vote);
        votes_order(out->vote, other, count, begin, inquiry->askers, false);
        votes_order(other, out->vote, count, begin, inquiry->index->pages,
                    true);
        out->count = votes_thin(out->vote, count);
    }
    free(other);
    free(begin);
    return is_made ? STING_OK : STING_E_NOMEM;
}

enum sting_status page_votes_init(struct page_votes *out,
                                  const struct page_index *index,
                                  const struct feature_list *photo)
{
    struct inquiry inquiry STING_AUTO(inquiry_release) = {.index = index};
    struct page_votes votes STING_AUTO(page_votes_release) = {0};
    double kept = fmax(KEPT, floor((double)index->pages / KEPT_SHARE));
    inquiry.most = (uint32_t)(TIES * kept);
    inquiry.askers = photo->count < PAGE_VOTES_MOST_FEATURES
                         ? photo->count
                         : PAGE_VOTES_MOST_FEATURES;
    enum sting_status status = probes_fill(&inquiry, photo);
    if (!status) {
        status = cells_ask(&inquiry);
    }
    if (!status) {
        status = votes_fill(&inquiry, kept, &votes);
    }
    if (!status) {
        *out = votes;
        votes = (struct page_votes){0};
    }
    return status;
}
