#include "pdf/flate.h"

#include <stdlib.h>

#include "pdf/flate_learn.h"
#include "pdf/flate_net.h"

#define BLOCK_BYTES 60000U /* of fixed text in a block, about */

void flate_free(struct flate **flate)
{
    struct flate *f = *flate;
    if (!f) {
        return;
    }
    buffer_release(&f->fixed);
    buffer_release(&f->bytes);
    buffer_release(&f->text);
    void *const owned[] = {f->run,   f->run_of, f->first_way,  f->way,
                           f->sums,  f->step,   f->first_like, f->like,
                           f->block, f->taken,  f->before,     f->total,
                           f->leap,  f->symbol, f->digits};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        free(owned[i]);
    }
    flate_net_free(&f->net);
    free(f);
    *flate = NULL;
}

static enum sting_status make_room(struct flate *f,
                                   const struct flate_text *text)
{
    size_t seams = (size_t)text->seams + 1, size = text->fixed.size + 1;
    size_t ways = 1;
    for (uint32_t s = 0; s < text->seams; s++) {
        ways += text->seam[s].ways;
    }
    f->seams = text->seams;
    f->run = calloc(seams, sizeof *f->run);
    f->run_of = calloc(size, sizeof *f->run_of);
    f->first_way = calloc(seams, sizeof *f->first_way);
    f->way = calloc(ways, sizeof *f->way);
    f->digits = calloc(seams, sizeof *f->digits);
    f->sums = calloc(seams, sizeof *f->sums);
    f->step = calloc(size, sizeof *f->step);
    f->block = calloc(size / BLOCK_BYTES + 1, sizeof *f->block);
    f->taken = calloc(seams, sizeof(*f->taken));
    f->before = calloc(seams, sizeof *f->before);
    f->total = calloc(seams, sizeof *f->total);
    f->leap = calloc(seams, sizeof *f->leap);
    enum sting_status status =
        f->run && f->run_of && f->first_way && f->way && f->sums && f->step &&
                f->block && f->taken && f->before && f->total && f->leap &&
                f->digits
            ? buffer_append(&f->fixed, buffer_bytes(&text->fixed))
            : STING_E_NOMEM;
    return status ? status : buffer_append(&f->bytes, buffer_bytes(&text->way));
}

static void set_runs(struct flate *f, const struct flate_text *text)
{
    uint32_t at = 0;
    for (uint32_t s = 0; s <= f->seams; s++) {
        size_t end = s < f->seams ? text->seam[s].at : text->fixed.size;
        f->run[s] = (struct flate_run){at, (uint32_t)end};
        f->sums[s] = flate_sums_of(f->fixed.data + at, end - at);
        for (; at < end; at++) {
            f->run_of[at] = s;
        }
    }
}

static void set_ways(struct flate *f, const struct flate_text *text)
{
    uint32_t ways = 0;
    for (uint32_t s = 0; s < f->seams; s++) {
        const struct flate_seam *seam = &text->seam[s];
        f->first_way[s] = ways;
        for (int w = 0; w < seam->ways; w++) {
            uint32_t begin = seam->way[w], size = seam->way[w + 1] - begin;
            f->way[ways++] = (struct flate_way){
                begin, size, flate_sums_of(f->bytes.data + begin, size)};
        }
    }
    f->first_way[f->seams] = ways;
}

static void set_blocks(struct flate *f)
{
    f->block[f->blocks++].first = 0;
    for (uint32_t s = 1; s <= f->seams; s++) {
        if (f->run[s].begin - f->run[f->block[f->blocks - 1].first].begin >=
            BLOCK_BYTES) {
            f->block[f->blocks - 1].end = s;
            f->block[f->blocks++].first = s;
        }
    }
    f->block[f->blocks - 1].end = f->seams + 1;
}

static enum sting_status make_tight(struct flate *f)
{
    f->net = flate_net_new();
    return f->net ? flate_learn_net(f) : STING_E_NOMEM;
}

static enum sting_status make_quick(struct flate *f)
{
    enum sting_status status = flate_like_find(f);
    return status ? status : flate_learn_steps(f);
}

enum sting_status flate_new(const struct flate_text *text,
                            enum flate_effort effort, struct flate **out)
{
    size_t most = effort == FLATE_TIGHT ? FLATE_MOST_TIGHT : FLATE_MOST;
    if (text->fixed.size > most || text->way.size > most) {
        return STING_E_LIMIT;
    }
    struct flate *f STING_AUTO(flate_free) = calloc(1, sizeof *f);
    enum sting_status status = f ? make_room(f, text) : STING_E_NOMEM;
    if (status) {
        return status;
    }
    set_runs(f, text);
    set_ways(f, text);
    set_blocks(f);
    status = effort == FLATE_TIGHT ? make_tight(f) : make_quick(f);
    if (!status) {
        *out = f;
        f = NULL;
    }
    return status;
}
