#include "pdf/twin.h"

#include <math.h>
#include <stdlib.h>

/* One use of a stream by a content of a page. */
struct use {
    int number, page;
    uint32_t content;
};

struct finder {
    struct page_content *page; /* borrowed */
    int pages;
    struct use *use; /* owned; by number, then page and content */
    size_t uses;
    uint32_t families;
};

static struct content *content_of(const struct finder *f, const struct use *use)
{
    return &f->page[use->page].content[use->content];
}

static int use_order(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    if (x->number != y->number) {
        return x->number < y->number ? -1 : 1;
    }
    if (x->page != y->page) {
        return x->page < y->page ? -1 : 1;
    }
    return x->content < y->content ? -1 : x->content > y->content;
}

static size_t list_uses(const struct finder *f, struct use *use)
{
    size_t uses = 0;
    for (int p = 0; p < f->pages; p++) {
        for (uint32_t c = 0; c < f->page[p].contents; c++) {
            const struct content *content = &f->page[p].content[c];
            for (uint32_t i = 0; use && i < content->parts; i++) {
                use[uses + i] = (struct use){content->part[i].number, p, c};
            }
            uses += content->parts;
        }
    }
    return uses;
}

static void hold_show(struct page_content *page, const struct content *content,
                      const struct content_show *show)
{
    for (uint32_t g = 0; g < show->glyphs; g++) {
        uint32_t word = content->glyph[show->first_glyph + g].word;
        if (word != WORD_NONE) {
            page->list.word[word].flags |= PDF_WORD_SHARED;
            page->list.word[word].family = 0;
        }
    }
}

/* Words of operators that cannot be written anew stay. */
static void hold_odd(struct page_content *page)
{
    for (uint32_t c = 0; c < page->contents; c++) {
        const struct content *content = &page->content[c];
        for (uint32_t s = 0; s < content->shows; s++) {
            if (content->show[s].lean_end == 0) {
                hold_show(page, content, &content->show[s]);
            }
        }
    }
}

/* Words that this stream shows in this content stay. */
static void hold_part(struct page_content *page, const struct content *content,
                      int number)
{
    for (uint32_t s = 0; s < content->shows; s++) {
        const struct content_show *show = &content->show[s];
        uint32_t part = 0;
        while (part + 1 < content->parts &&
               content->part[part + 1].begin <= show->begin) {
            part++;
        }
        if (content->is_split || content->part[part].number == number) {
            hold_show(page, content, show);
        }
    }
}

static void hold(const struct finder *f, const struct use *use, size_t uses)
{
    for (size_t i = 0; i < uses; i++) {
        content_of(f, &use[i])->is_shared = true;
        hold_part(&f->page[use[i].page], content_of(f, &use[i]), use[i].number);
    }
}

/* The same streams, one after another. */
static bool same_parts(const struct content *a, const struct content *b)
{
    bool same = a->parts == b->parts && a->glyphs == b->glyphs &&
                a->shows == b->shows && !a->is_split && !b->is_split;
    for (uint32_t i = 0; same && i < a->parts; i++) {
        same = a->part[i].number == b->part[i].number;
    }
    return same;
}

static bool same_number(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* Whatever moves is written the same way in both. */
static bool same_shows(const struct content *a, const struct content *b)
{
    for (uint32_t s = 0; s < a->shows; s++) {
        const struct content_show *x = &a->show[s], *y = &b->show[s];
        if (x->begin != y->begin || x->first_glyph != y->first_glyph ||
            x->glyphs != y->glyphs ||
            (x->lean_end == 0) != (y->lean_end == 0) ||
            !same_number(x->rise, y->rise) ||
            !same_number(x->spacing, y->spacing)) {
            return false;
        }
    }
    return true;
}

/* The words of both begin and end with the same glyphs. */
static bool same_words(const struct content *a, const struct content *b)
{
    for (uint32_t g = 0; g < a->glyphs; g++) {
        const struct content_glyph *x = &a->glyph[g], *y = &b->glyph[g];
        bool none = x->word == WORD_NONE;
        if (x->face != y->face || x->bytes != y->bytes ||
            none != (y->word == WORD_NONE)) {
            return false;
        }
        bool goes_on = g > 0 && !none && x->word == x[-1].word;
        if (goes_on != (g > 0 && !none && y->word == y[-1].word)) {
            return false;
        }
    }
    return true;
}

static int number_order(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static size_t count_uses(const struct finder *f, int number)
{
    const struct use key = {.number = number};
    const struct use *one =
        bsearch(&key, f->use, f->uses, sizeof *f->use, number_order);
    size_t at = one ? (size_t)(one - f->use) : f->uses, end = at;
    while (at > 0 && f->use[at - 1].number == number) {
        at--;
    }
    while (end < f->uses && f->use[end].number == number) {
        end++;
    }
    return end - at;
}

/* No stream of the content has other uses, nor one twice among its own. */
static bool is_apart(const struct finder *f, const struct use *use, size_t uses)
{
    const struct content *content = content_of(f, use);
    for (uint32_t i = 0; i < content->parts; i++) {
        if (count_uses(f, content->part[i].number) != uses) {
            return false;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (content->part[k].number == content->part[i].number) {
                return false;
            }
        }
    }
    return true;
}

static double scale_of(struct place_map map)
{
    return fmax(hypot(map.a, map.b), hypot(map.c, map.d));
}

/* What is spelt for the largest is fine enough for all. */
static size_t largest(const struct finder *f, const struct use *use,
                      size_t uses)
{
    size_t best = 0;
    for (size_t i = 1; i < uses; i++) {
        if (scale_of(content_of(f, &use[i])->map) >
            scale_of(content_of(f, &use[best])->map) * (1 + 1e-6)) {
            best = i;
        }
    }
    return best;
}

/* The words of one use; those whose turn it is elsewhere are shared. */
static uint32_t name_words(const struct finder *f, const struct use *use,
                           size_t turn, size_t turns)
{
    const struct content *content = content_of(f, use);
    struct pdf_word *word = f->page[use->page].list.word;
    uint32_t names = 0, last = WORD_NONE;
    for (uint32_t g = 0; g < content->glyphs; g++) {
        uint32_t w = content->glyph[g].word;
        if (w == WORD_NONE || w == last) {
            continue;
        }
        last = w;
        word[w].family = f->families + ++names;
        if (names % turns != turn) {
            word[w].flags |= PDF_WORD_SHARED;
        }
    }
    return names;
}

static void join(struct finder *f, const struct use *use, size_t uses)
{
    size_t best = largest(f, use, uses);
    uint32_t names = 0;
    for (size_t i = 0; i < uses; i++) {
        content_of(f, &use[i])->is_twin = i != best;
        f->page[use[i].page].shares = true;
        names = name_words(f, &use[i], i, uses);
    }
    f->families += names;
}

static bool are_twins(const struct finder *f, const struct use *use,
                      size_t uses)
{
    const struct content *first = content_of(f, use);
    for (size_t i = 1; i < uses; i++) {
        const struct content *other = content_of(f, &use[i]);
        if (use[i].page == use->page && use[i].content == use->content) {
            return false;
        }
        if (!same_parts(first, other) || !same_shows(first, other) ||
            !same_words(first, other)) {
            return false;
        }
    }
    return is_apart(f, use, uses);
}

/* All uses of one stream. Where it is not the first of its contents, the first
 * has spoken for all of them. */
static void judge(struct finder *f, const struct use *use, size_t uses)
{
    if (uses < 2) {
        return;
    }
    const struct content *content = content_of(f, use);
    if (!are_twins(f, use, uses)) {
        hold(f, use, uses);
    } else if (content->part[0].number == use->number) {
        join(f, use, uses);
    }
}

static int image_order(const void *a, const void *b)
{
    const struct content_image *const *x = a, *const *y = b;
    if ((*x)->number != (*y)->number) {
        return (*x)->number < (*y)->number ? -1 : 1;
    }
    return (*x)->order < (*y)->order ? -1 : (*x)->order > (*y)->order;
}

/* One of these moves, the largest, unless one of them must not. */
static void choose_image(struct content_image **image, size_t images)
{
    size_t best = 0;
    bool stays = false;
    for (size_t i = 0; i < images; i++) {
        stays = stays || image[i]->stays;
        if (scale_of(image[i]->map) > scale_of(image[best]->map) * (1 + 1e-6)) {
            best = i;
        }
    }
    for (size_t i = 0; i < images; i++) {
        image[i]->stays = stays || i != best;
    }
}

static enum sting_status find_images(const struct finder *f)
{
    size_t images = 0;
    for (int p = 0; p < f->pages; p++) {
        images += f->page[p].images;
    }
    struct content_image **image = calloc(images + 1, sizeof(*image));
    if (!image) {
        return STING_E_NOMEM;
    }
    images = 0;
    for (int p = 0; p < f->pages; p++) {
        for (uint32_t i = 0; i < f->page[p].images; i++) {
            image[images] = &f->page[p].image[i];
            image[images]->order = images;
            images++;
        }
    }
    qsort(image, images, sizeof(*image), image_order);
    for (size_t i = 0, n = 1; i < images; i += n, n = 1) {
        while (image[i]->number > 0 && i + n < images &&
               image[i + n]->number == image[i]->number) {
            n++;
        }
        choose_image(image + i, n);
    }
    for (int p = 0; p < f->pages; p++) {
        for (uint32_t i = 0; i < f->page[p].images; i++) {
            f->page[p].shares |= f->page[p].image[i].stays;
        }
    }
    free(image);
    return STING_OK;
}

enum sting_status twin_find(struct page_content *page, int pages,
                            uint32_t *families)
{
    struct finder f = {.page = page, .pages = pages};
    f.uses = list_uses(&f, NULL);
    f.use = calloc(f.uses + 1, sizeof *f.use);
    if (!f.use) {
        return STING_E_NOMEM;
    }
    for (int p = 0; p < pages; p++) {
        hold_odd(&page[p]);
    }
    (void)list_uses(&f, f.use);
    qsort(f.use, f.uses, sizeof *f.use, use_order);
    for (size_t i = 0, n = 1; i < f.uses; i += n, n = 1) {
        while (i + n < f.uses && f.use[i + n].number == f.use[i].number) {
            n++;
        }
        judge(&f, &f.use[i], n);
    }
    free(f.use);
    *families = f.families;
    return find_images(&f);
}

void twin_moves_release(struct twin_moves *moves)
{
    for (int p = 0; moves->move && p < moves->pages; p++) {
        free(moves->move[p]);
    }
    free(moves->move);
    free(moves->own);
    *moves = (struct twin_moves){0};
}

/* How far a family goes: in steps of a TJ array, and in parts of its size. */
struct pace {
    float along, across;
};

static bool is_moved(struct pdf_move move)
{
    return fabsf(move.along_pt) > 0 || fabsf(move.across_pt) > 0;
}

static void take_pace(const struct page_content *page,
                      const struct pdf_moves *moves, struct pace *pace)
{
    for (uint32_t w = 0; w < moves->moves && w < page->list.words; w++) {
        const struct pdf_word *word = &page->list.word[w];
        if (word->family > 0 && is_moved(moves->move[w])) {
            pace[word->family] =
                (struct pace){moves->move[w].along_pt / word->step_pt,
                              moves->move[w].across_pt / word->em_pt};
        }
    }
}

/* The page's moves with those of its families; *own is for them. */
static enum sting_status add_pace(const struct page_content *page,
                                  const struct pace *pace,
                                  struct pdf_moves *moves,
                                  struct pdf_move **own)
{
    struct pdf_move *move = calloc((size_t)page->list.words + 1, sizeof *move);
    bool any = moves->move != NULL;
    *own = move;
    if (!move) {
        return STING_E_NOMEM;
    }
    for (uint32_t w = 0; w < page->list.words; w++) {
        const struct pdf_word *word = &page->list.word[w];
        struct pace p = pace[word->family];
        if (word->family > 0) {
            move[w] = (struct pdf_move){p.along * word->step_pt,
                                        p.across * word->em_pt};
        } else if (moves->move && w < moves->moves) {
            move[w] = moves->move[w];
        }
        any = any || is_moved(move[w]);
    }
    moves->move = any ? move : NULL;
    moves->moves = any ? page->list.words : 0;
    return STING_OK;
}

enum sting_status twin_spread(const struct page_content *content, int pages,
                              uint32_t families, const struct pdf_moves *moves,
                              struct twin_moves *out)
{
    *out = (struct twin_moves){.page = moves, .pages = pages};
    if (families == 0) {
        return STING_OK;
    }
    struct pace *pace = calloc((size_t)families + 1, sizeof *pace);
    out->own = calloc((size_t)pages + 1, sizeof *out->own);
    out->move = calloc((size_t)pages + 1, sizeof *out->move);
    enum sting_status status =
        pace && out->own && out->move ? STING_OK : STING_E_NOMEM;
    for (int p = 0; !status && p < pages; p++) {
        if (content[p].shares) {
            take_pace(&content[p], &moves[p], pace);
        }
    }
    for (int p = 0; !status && p < pages; p++) {
        out->own[p] = moves[p];
        if (content[p].shares) {
            status = add_pace(&content[p], pace, &out->own[p], &out->move[p]);
        }
    }
    free(pace);
    out->page = out->own;
    return status;
}
