#include "pdf/flate_net.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define NONE UINT32_MAX
#define MOST_PLACE ((1U << 20) - 1) /* more than FLATE_MOST_TIGHT */

/* A place beside the seams: in the fixed text, in that run; behind the run's
 * end it is in the way that follows. */
struct place {
    uint32_t at, run;
};

/* A match as it was chosen. */
struct thread {
    struct place begin, end, from;
};

/* Where matches begin and end. */
struct knot {
    struct place place;
    uint32_t first; /* of its meshes; those of the next knot end them */
};

/* A match that begins at some knot. Small, for a variant is made as fast as
 * these come from memory. */
struct mesh {
    uint64_t at : 20, run : 20; /* where it comes from */
    uint64_t ahead : 20;        /* its end, in knots */
    uint64_t is_sure : 1;       /* it holds in every variant */
};

struct flate_net {
    struct thread *thread; /* owned, all */
    size_t threads;
    struct knot *knot; /* and one behind the last */
    uint32_t knots;
    struct mesh *mesh;
    /* Scratch, for the variant at hand; by knot. */
    uint32_t *at; /* places in it */
    uint32_t *cost;
    uint32_t *chosen; /* mesh, or NONE */
};

struct flate_net *flate_net_new(void)
{
    return calloc(1, sizeof(struct flate_net));
}

void flate_net_free(struct flate_net **net)
{
    struct flate_net *n = *net;
    if (n) {
        free(n->thread);
        free(n->knot);
        free(n->mesh);
        free(n->at);
        free(n->cost);
        free(n->chosen);
    }
    free(n);
    *net = NULL;
}

/* The last run that begins there or before. */
static struct place place_of(const struct flate *f, uint32_t at)
{
    uint32_t low = 0, high = f->seams;
    while (low < high) {
        uint32_t middle = (low + high + 1) / 2;
        if (flate_begin(f, middle) <= at) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return (struct place){at - f->before[low], low};
}

static enum sting_status add_thread(struct flate_net *net, struct thread thread)
{
    struct thread *added =
        array_add(&net->thread, &net->threads, sizeof *added);
    if (!added) {
        return STING_E_NOMEM;
    }
    *added = thread;
    return STING_OK;
}

enum sting_status flate_net_keep(struct flate *flate, uint32_t begin,
                                 uint32_t length, uint32_t from)
{
    return add_thread(flate->net, (struct thread){
                                      place_of(flate, begin),
                                      place_of(flate, begin + length),
                                      place_of(flate, from),
                                  });
}

static int by_place(const struct place *a, const struct place *b)
{
    if (a->run != b->run) {
        return a->run < b->run ? -1 : 1;
    }
    return a->at < b->at ? -1 : a->at > b->at;
}

static int by_thread(const void *left, const void *right)
{
    const struct thread *a = left, *b = right;
    int order = by_place(&a->begin, &b->begin);
    order = order ? order : by_place(&a->end, &b->end);
    return order ? order : by_place(&b->from, &a->from); /* nearest first */
}

static int by_knot(const void *left, const void *right)
{
    const struct knot *a = left, *b = right;
    return by_place(&a->place, &b->place);
}

static bool is_in_run(const struct flate *f, struct place place)
{
    return place.at <= f->run[place.run].end;
}

static bool is_sure(const struct flate *f, const struct thread *t)
{
    struct place last = t->from;
    last.at += t->end.at - t->begin.at;
    return t->begin.run == t->end.run && is_in_run(f, t->end) &&
           is_in_run(f, last);
}

/* The second is as long as the first, which is nearer and always holds. */
static bool is_vain(const struct flate *f, const struct thread *first,
                    const struct thread *second)
{
    return !by_place(&first->begin, &second->begin) &&
           !by_place(&first->end, &second->end) && is_sure(f, first);
}

/* Each thread once, in order. */
static void sort_threads(const struct flate *f, struct flate_net *net)
{
    size_t kept = 0;
    if (net->threads > 0) {
        qsort(net->thread, net->threads, sizeof *net->thread, by_thread);
    }
    for (size_t i = 0; i < net->threads; i++) {
        const struct thread *last = &net->thread[kept > 0 ? kept - 1 : 0];
        if (by_place(&net->thread[i].end, &net->thread[i].begin) <= 0) {
            continue; /* cut to nothing */
        }
        if (kept == 0 || (by_thread(last, &net->thread[i]) &&
                          !is_vain(f, last, &net->thread[i]))) {
            net->thread[kept++] = net->thread[i];
        }
    }
    net->threads = kept;
}

/* A match over a seam may hold in part where another way is taken: as far as
 * the last way, and as far as behind it. */
static enum sting_status add_shorter(const struct flate *f,
                                     struct flate_net *net)
{
    enum sting_status status = STING_OK;
    size_t threads = net->threads;
    for (size_t i = 0; !status && i < threads; i++) {
        struct thread shorter = net->thread[i];
        struct place *end = &shorter.end;
        bool is_in_way = !is_in_run(f, *end);
        if (end->run == shorter.begin.run && !is_in_way) {
            continue;
        }
        end->at = is_in_way ? f->run[end->run].end : f->run[end->run].begin;
        status = add_thread(net, shorter);
        if (!status && end->run > shorter.begin.run) {
            end->run--;
            end->at = f->run[end->run].end;
            status = add_thread(net, shorter);
        }
    }
    return status;
}

/* Begin and end of every thread, and of every block. */
static void list_knots(const struct flate *f, struct flate_net *net)
{
    uint32_t all = 0, kept = 0;
    for (uint32_t b = 0; b < f->blocks; b++) {
        uint32_t run = f->block[b].first;
        net->knot[all++].place = (struct place){f->run[run].begin, run};
    }
    net->knot[all++].place = (struct place){f->run[f->seams].end, f->seams};
    for (size_t i = 0; i < net->threads; i++) {
        net->knot[all++].place = net->thread[i].begin;
        net->knot[all++].place = net->thread[i].end;
    }
    qsort(net->knot, all, sizeof *net->knot, by_knot);
    for (uint32_t i = 0; i < all; i++) {
        if (kept == 0 || by_knot(&net->knot[kept - 1], &net->knot[i])) {
            net->knot[kept++] = net->knot[i];
        }
    }
    net->knots = kept;
}

static uint32_t knot_of(const struct flate_net *net, struct place place)
{
    const struct knot key = {.place = place};
    const struct knot *found =
        bsearch(&key, net->knot, net->knots, sizeof *net->knot, by_knot);
    return found ? (uint32_t)(found - net->knot) : 0;
}

static struct mesh mesh_of(const struct flate *f, const struct thread *t,
                           uint32_t begin)
{
    return (struct mesh){
        .at = t->from.at & MOST_PLACE,
        .run = t->from.run & MOST_PLACE,
        .ahead = (knot_of(f->net, t->end) - begin) & MOST_PLACE,
        .is_sure = is_sure(f, t),
    };
}

static void knit(const struct flate *f, struct flate_net *net)
{
    uint32_t next = 0;
    for (size_t i = 0; i < net->threads; i++) {
        uint32_t begin = knot_of(net, net->thread[i].begin);
        while (next <= begin) {
            net->knot[next++].first = (uint32_t)i;
        }
        net->mesh[i] = mesh_of(f, &net->thread[i], begin);
    }
    while (next <= net->knots) {
        net->knot[next++].first = (uint32_t)net->threads;
    }
}

enum sting_status flate_net_weave(struct flate *flate)
{
    struct flate_net *net = flate->net;
    sort_threads(flate, net);
    enum sting_status status = add_shorter(flate, net);
    sort_threads(flate, net);
    net->knot = calloc(2 * net->threads + flate->blocks + 2, sizeof *net->knot);
    net->mesh = calloc(net->threads + 1, sizeof *net->mesh);
    if (status || !net->knot || !net->mesh) {
        return STING_E_NOMEM;
    }
    list_knots(flate, net);
    knit(flate, net);
    free(net->thread);
    net->thread = NULL;
    net->threads = 0;
    net->at = calloc(net->knots, sizeof *net->at);
    net->cost = calloc(net->knots, sizeof *net->cost);
    net->chosen = calloc(net->knots, sizeof *net->chosen);
    return net->at && net->cost && net->chosen ? STING_OK : STING_E_NOMEM;
}

/* Where knots are in the variant. One in a longer way than was taken is where
 * the way ends. */
static void place_knots(const struct flate *f, struct flate_net *net)
{
    for (uint32_t k = 0; k < net->knots; k++) {
        struct place place = net->knot[k].place;
        uint32_t at = place.at + f->before[place.run];
        uint32_t most = place.run < f->seams ? flate_begin(f, place.run + 1)
                                             : (uint32_t)f->text.size;
        net->at[k] = at < most ? at : most;
    }
}

/* The match that a mesh is in this variant; length 0: none. */
struct hold {
    uint32_t length, distance;
};

static struct hold hold_of(const struct flate *f, uint32_t k,
                           const struct mesh *mesh)
{
    const struct flate_net *net = f->net;
    uint32_t at = net->at[k], length = net->at[k + mesh->ahead] - at;
    uint32_t distance = at - (uint32_t)mesh->at - f->before[mesh->run];
    bool may = length >= FLATE_LEAST_MATCH && length <= FLATE_MOST_MATCH &&
               distance > 0 && distance <= FLATE_WINDOW;
    return (struct hold){may ? length : 0, distance};
}

static bool is_same(const uint8_t *a, const uint8_t *b, uint32_t size)
{
    return a[0] == b[0] && a[size - 1] == b[size - 1] && !memcmp(a, b, size);
}

/* The cheapest from knot k on, that from those behind it being known. */
static void choose(const struct flate *f, const struct flate_block *block,
                   uint32_t k)
{
    struct flate_net *net = f->net;
    const uint8_t *text = f->text.data;
    uint32_t at = net->at[k], least = net->cost[k + 1];
    for (uint32_t i = at; i < net->at[k + 1]; i++) {
        least += block->literal_cost[text[i]];
    }
    net->chosen[k] = NONE;
    for (uint32_t m = net->knot[k].first; m < net->knot[k + 1].first; m++) {
        const struct mesh *mesh = &net->mesh[m];
        struct hold hold = hold_of(f, k, mesh);
        if (hold.length == 0) {
            continue;
        }
        uint32_t cost =
            net->cost[k + mesh->ahead] + block->length_cost[hold.length] +
            block->distance_cost[flate_distance(hold.distance).symbol];
        if (cost < least &&
            (mesh->is_sure ||
             is_same(text + at, text + at - hold.distance, hold.length))) {
            least = cost;
            net->chosen[k] = m;
        }
    }
    net->cost[k] = least;
}

static void choose_all(const struct flate *f)
{
    struct flate_net *net = f->net;
    uint32_t block = f->blocks - 1;
    net->cost[net->knots - 1] = 0;
    for (uint32_t k = net->knots - 1; k-- > 0;) {
        while (net->knot[k].place.run < f->block[block].first) {
            block--;
        }
        choose(f, &f->block[block], k);
    }
}

static void add_end(struct flate *f)
{
    f->symbol[f->symbols++] = (struct flate_symbol){.is_end = true};
}

/* Literals to the next knot, or the match; gives where it went on. */
static uint32_t step(struct flate *f, uint32_t k)
{
    const struct flate_net *net = f->net;
    if (net->chosen[k] == NONE) {
        for (uint32_t i = net->at[k]; i < net->at[k + 1]; i++) {
            f->symbol[f->symbols++] =
                (struct flate_symbol){.value = f->text.data[i]};
        }
        return k + 1;
    }
    const struct mesh *mesh = &net->mesh[net->chosen[k]];
    struct hold hold = hold_of(f, k, mesh);
    f->symbol[f->symbols++] =
        (struct flate_symbol){.value = (uint16_t)hold.length,
                              .distance = (uint16_t)(hold.distance - 1),
                              .is_match = true};
    return k + (uint32_t)mesh->ahead;
}

void flate_net_follow(struct flate *flate)
{
    const struct flate_net *net = flate->net;
    uint32_t block = 0, k = 0;
    place_knots(flate, flate->net);
    choose_all(flate);
    flate->symbols = 0;
    while (k + 1 < net->knots) {
        while (block + 1 < flate->blocks &&
               net->knot[k].place.run >= flate->block[block + 1].first) {
            add_end(flate);
            block++;
        }
        k = step(flate, k);
    }
    for (; block < flate->blocks; block++) {
        add_end(flate);
    }
}
