/* A finished copy against its original: what MuPDF reads and what it draws. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/file_state.h"
#include "pdf/twin.h"

#define SLACK_PT 0.035F    /* what spelling rounds and leaves out */
#define NEAR_EM 0.5F       /* a blank behind a word goes with it */
#define NO_BREAK 0xa0      /* another blank */
#define DRAWN_DPI 72.0     /* at which pages are compared */
#define MOST_DIFFERENCE 40 /* of grey, where nothing moves, of a square */
#define AROUND_PX 2        /* half the side of one */
#define AROUND_PT 1.5F     /* of a word, that may look otherwise */
#define MOST_DRAWN 8       /* pages of a copy */

static enum sting_status read_checks(struct pdf_file *file, struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (file->check) {
        return STING_OK;
    }
    file->check = calloc((size_t)file->pages, sizeof *file->check);
    if (!file->check) {
        return STING_E_NOMEM;
    }
    for (int p = 0; !status && p < file->pages; p++) {
        status = check_page_read(file->source, p, &file->check[p], fault);
    }
    for (int p = 0; status && p < file->pages; p++) {
        check_page_release(&file->check[p]);
    }
    if (status) {
        free(file->check);
        file->check = NULL;
    }
    return status;
}

static enum sting_status differs(struct fault *fault, int page)
{
    return fault_set(fault, STING_E_FORGED,
                     "save the original anew in another program first",
                     "page %d of the copy does not read like its original",
                     page + 1);
}

static enum sting_status open_copy(struct pdf_file *file, struct bytes copy,
                                   struct source **out, struct fault *fault)
{
    enum sting_status status = read_checks(file, fault);
    if (!status) {
        status = pdf_source_open(copy, out, fault);
    }
    return !status && source_pages(*out) != file->pages ? differs(fault, 0)
                                                        : status;
}

enum sting_status pdf_file_check(struct pdf_file *file, struct bytes copy,
                                 double most_pt, struct fault *fault)
{
    struct source *source STING_AUTO(source_close) = NULL;
    enum sting_status status = open_copy(file, copy, &source, fault);
    for (int p = 0; !status && p < file->pages; p++) {
        struct check_page page STING_AUTO(check_page_release) = {0};
        status = check_page_read(source, p, &page, fault);
        if (!status && !check_page_agrees(&file->check[p], &page, most_pt)) {
            status = differs(fault, p);
        }
    }
    return status;
}

/* A glyph is one of the word's, or a blank behind it. */
static bool is_in(const struct pdf_word *word, const struct check_glyph *glyph)
{
    float along = glyph->x_pt * word->ux + glyph->y_pt * word->uy;
    float across = glyph->y_pt * word->ux - glyph->x_pt * word->uy;
    float near = NEAR_EM * word->em_pt;
    return along >= word->from_pt - near && along <= word->to_pt + near &&
           fabsf(across - word->baseline_pt) <= near;
}

static bool is_within(const struct pdf_word *word, struct pdf_move most,
                      float dx, float dy)
{
    return fabsf(dx * word->ux + dy * word->uy) <=
               fabsf(most.along_pt) + SLACK_PT &&
           fabsf(dx * word->vx + dy * word->vy) <=
               fabsf(most.across_pt) + SLACK_PT;
}

/* Some word that the glyph may belong to goes so far; `last` is where one was
 * found before. */
static bool may_move(const struct page_content *page,
                     const struct pdf_moves *most,
                     const struct check_glyph *from,
                     const struct check_glyph *to, uint32_t *last)
{
    float dx = to->x_pt - from->x_pt, dy = to->y_pt - from->y_pt;
    if (hypotf(dx, dy) <= SLACK_PT) {
        return true;
    }
    for (uint32_t i = 0; i < most->moves; i++) {
        uint32_t w = (*last + i) % most->moves;
        const struct pdf_word *word = &page->list.word[w];
        if (is_in(word, from) && is_within(word, most->move[w], dx, dy)) {
            *last = w;
            return true;
        }
    }
    return false;
}

static bool is_blank(const struct check_glyph *glyph)
{
    return glyph->unicode == ' ' || glyph->unicode == NO_BREAK;
}

/* As a sign does, not another blank. */
static bool moves_as(const struct check_page *original,
                     const struct check_page *copy, size_t one, size_t other)
{
    const struct check_glyph *a = original->glyph, *b = copy->glyph;
    if (is_blank(&a[other])) {
        return false;
    }
    float dx = b[one].x_pt - a[one].x_pt - (b[other].x_pt - a[other].x_pt);
    float dy = b[one].y_pt - a[one].y_pt - (b[other].y_pt - a[other].y_pt);
    return hypotf(dx, dy) <= SLACK_PT;
}

/* Blanks between words, which nobody sees, go with the sign before or behind
 * them, however far from it they are. */
static bool goes_along(const struct check_page *original,
                       const struct check_page *copy, size_t blank)
{
    const struct check_glyph *glyph = original->glyph;
    size_t before = blank, behind = blank;
    while (before > 0 && is_blank(&glyph[before])) {
        before--;
    }
    while (behind + 1 < original->glyphs && is_blank(&glyph[behind])) {
        behind++;
    }
    return is_blank(&glyph[blank]) &&
           (moves_as(original, copy, blank, before) ||
            moves_as(original, copy, blank, behind));
}

static enum sting_status check_glyphs(const struct pdf_file *file, int p,
                                      const struct check_page *copy,
                                      const struct pdf_moves *most,
                                      struct fault *fault)
{
    const struct check_page *original = &file->check[p];
    uint32_t last = 0;
    if (original->glyphs != copy->glyphs) {
        return differs(fault, p);
    }
    for (size_t i = 0; i < copy->glyphs; i++) {
        if (original->glyph[i].unicode != copy->glyph[i].unicode) {
            return differs(fault, p);
        }
        if (!may_move(&file->page[p], most, &original->glyph[i],
                      &copy->glyph[i], &last) &&
            !goes_along(original, copy, i)) {
            return fault_set(
                fault, STING_E_FORGED, "keep the original, and tell its maker",
                "a sign on page %d of the copy is further from its place than "
                "its word may go",
                p + 1);
        }
    }
    return STING_OK;
}

/* Words that move, with what is around them, are left white. */
static void hide_words(struct plane *plane, const struct page_content *page,
                       const struct pdf_moves *most)
{
    float scale = (float)(DRAWN_DPI / 72.0);
    for (uint32_t w = 0; w < most->moves; w++) {
        const struct pdf_word *word = &page->list.word[w];
        if (hypotf(most->move[w].along_pt, most->move[w].across_pt) <= 0) {
            continue;
        }
        int left = (int)fmaxf((word->x0_pt - AROUND_PT) * scale, 0);
        int right = (int)fminf((word->x1_pt + AROUND_PT) * scale + 1,
                               (float)plane->width_px);
        int top = (int)fmaxf((word->y0_pt - AROUND_PT) * scale, 0);
        int bottom = (int)fminf((word->y1_pt + AROUND_PT) * scale + 1,
                                (float)plane->height_px);
        for (int y = top; y < bottom && left < right; y++) {
            memset(plane_row(plane, y) + left, 255, (size_t)(right - left));
        }
    }
}

/* The sum of the pixels around one; beyond the picture it is white. */
static int around(const struct plane *plane, int x, int y)
{
    int sum = 0;
    for (int v = y - AROUND_PX; v <= y + AROUND_PX; v++) {
        for (int u = x - AROUND_PX; u <= x + AROUND_PX; u++) {
            bool is_in =
                v >= 0 && v < plane->height_px && u >= 0 && u < plane->width_px;
            sum += is_in ? plane_row(plane, v)[u] : 255;
        }
    }
    return sum;
}

/* Glyphs are drawn at quarters of a pixel, to which the least rounding may tip
 * them: what is compared is how dark small squares are. */
static bool look_alike(const struct plane *a, const struct plane *b)
{
    const int side = 2 * AROUND_PX + 1;
    if (a->width_px != b->width_px || a->height_px != b->height_px) {
        return false;
    }
    for (int y = 0; y < a->height_px; y++) {
        const uint8_t *one = plane_row(a, y), *other = plane_row(b, y);
        for (int x = 0; x < a->width_px; x++) {
            if (one[x] != other[x] && abs(around(a, x, y) - around(b, x, y)) >
                                          MOST_DIFFERENCE * side * side) {
                return false;
            }
        }
    }
    return true;
}

/* Nothing but its moved words looks otherwise. */
static enum sting_status check_drawn(struct pdf_file *file, int p,
                                     struct source *copy,
                                     const struct pdf_moves *most,
                                     struct fault *fault)
{
    struct plane then STING_AUTO(plane_release) = {0};
    struct plane now STING_AUTO(plane_release) = {0};
    enum sting_status status =
        source_render(file->source, p, DRAWN_DPI, &then, fault);
    if (!status) {
        status = source_render(copy, p, DRAWN_DPI, &now, fault);
    }
    if (status) {
        return status;
    }
    hide_words(&then, &file->page[p], most);
    hide_words(&now, &file->page[p], most);
    return look_alike(&then, &now)
               ? STING_OK
               : fault_set(fault, STING_E_FORGED,
                           "keep the original, and tell its maker",
                           "page %d of the copy looks otherwise where no word "
                           "moves",
                           p + 1);
}

/* What the page shows follows a field, its own or that of another page with
 * which it shares. */
static bool follows(const struct pdf_file *file, int p,
                    const struct pdf_moves *most)
{
    bool any = most[p].field != NULL;
    for (int other = 0; file->page[p].shares && other < file->pages; other++) {
        any = any || most[other].field;
    }
    return any;
}

/* Some pages of many, evenly. */
static bool is_drawn(const struct pdf_file *file, int p)
{
    int step = (file->pages + MOST_DRAWN - 1) / MOST_DRAWN;
    return p % step == 0;
}

static enum sting_status check_page(struct pdf_file *file, int p,
                                    struct source *copy,
                                    const struct pdf_moves *most,
                                    struct fault *fault)
{
    struct check_page page STING_AUTO(check_page_release) = {0};
    enum sting_status status = check_page_read(copy, p, &page, fault);
    if (!status) {
        status = check_glyphs(file, p, &page, &most[p], fault);
    }
    if (!status && is_drawn(file, p) && !follows(file, p, most)) {
        status = check_drawn(file, p, copy, &most[p], fault);
    }
    return status;
}

enum sting_status pdf_file_rules(struct pdf_file *file, struct bytes copy,
                                 const struct pdf_moves *most,
                                 struct fault *fault)
{
    struct pdf_text text;
    struct source *source STING_AUTO(source_close) = NULL;
    enum sting_status status = pdf_file_text(file, 0, &text, fault);
    if (!status) {
        status = open_copy(file, copy, &source, fault);
    }
    struct twin_moves moves STING_AUTO(twin_moves_release) = {0};
    if (!status) {
        status =
            twin_spread(file->page, file->pages, file->families, most, &moves);
    }
    for (int p = 0; !status && p < file->pages; p++) {
        status = check_page(file, p, source, moves.page, fault);
    }
    return status;
}
