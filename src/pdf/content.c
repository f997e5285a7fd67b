#include "pdf/content.h"

#include <stdlib.h>

#include "pdf/scan.h"
#include "pdf/spell.h"

#define FORMS_A_PAGE 2000 /* read; a page that draws more is refused */
#define MOST_BORDERS 512

void page_content_release(struct page_content *page)
{
    for (uint32_t i = 0; i < page->contents; i++) {
        buffer_release(&page->content[i].text);
        buffer_release(&page->content[i].lean);
        free(page->content[i].part);
        free(page->content[i].show);
        free(page->content[i].glyph);
    }
    free(page->content);
    free(page->rule);
    free(page->image);
    word_list_release(&page->list);
    *page = (struct page_content){0};
}

static enum sting_status operate(struct scan *scan, struct lexer_token token)
{
    uint32_t shows = scan->page->content[scan->content].shows;
    enum sting_status status = scan_apply(scan, token);
    if (!status) {
        status = spell_operator(scan, token, shows);
    }
    scan->operands = 0;
    scan->is_cut = false;
    return status;
}

static enum sting_status scan_text(struct scan *scan)
{
    enum sting_status status = STING_OK;
    while (!status) {
        struct lexer_token token = pdf_lexer_object(&scan->lexer);
        if (token.kind == TOKEN_END) {
            break;
        }
        bool is_value = token.kind != TOKEN_WORD ||
                        pdf_token_is(scan->lexer.text, token, "true") ||
                        pdf_token_is(scan->lexer.text, token, "false") ||
                        pdf_token_is(scan->lexer.text, token, "null");
        if (!is_value) {
            status = operate(scan, token);
        } else if (scan->operands < SCAN_OPERANDS) {
            scan->operand[scan->operands++] = token;
        } else {
            scan->is_cut = true;
        }
    }
    return status ? status : spell_end(scan);
}

/* A new content at the end of the page's list, its index in *index. */
static enum sting_status add_content(struct page_content *page, uint32_t *index)
{
    void *grown =
        reallocarray(page->content, page->contents + 1, sizeof *page->content);
    if (!grown) {
        return STING_E_NOMEM;
    }
    page->content = grown;
    *index = page->contents;
    page->content[page->contents++] = (struct content){0};
    return STING_OK;
}

/* Append the stream of this number as a part, newline between parts. */
static enum sting_status add_part(struct scan *scan, uint32_t index, int number)
{
    struct content *content = &scan->page->content[index];
    void *grown =
        reallocarray(content->part, content->parts + 1, sizeof *content->part);
    if (!grown) {
        return STING_E_NOMEM;
    }
    content->part = grown;
    content->part[content->parts++] =
        (struct content_part){.number = number, .begin = content->text.size};
    enum sting_status status =
        pdf_source_stream(scan->source, number, &content->text, scan->fault);
    if (!status && content->text.size > SOURCE_MOST_STREAM) {
        status = fault_set(scan->fault, STING_E_LIMIT,
                           "print it into a new PDF first",
                           "a page's content is too large");
    }
    return status ? status : buffer_text_append(&content->text, "\n");
}

static enum sting_status read_content(struct scan *scan, uint32_t index)
{
    scan->content = index;
    scan->page->content[index].map = scan->state.ctm;
    scan->lexer =
        (struct lexer){buffer_bytes(&scan->page->content[index].text), 0};
    scan->operands = 0;
    scan->is_cut = false;
    spell_begin(scan);
    word_list_break(&scan->page->list);
    return scan_text(scan);
}

enum sting_status scan_form(struct scan *scan, const struct source_form *form)
{
    struct scan outer = *scan;
    uint32_t index = 0;
    scan->depth++;
    scan->saves_floor = scan->saves;
    scan->state.ctm = place_map_then(form->matrix, scan->state.ctm);
    scan->resources = form->resources ? form->resources : scan->resources;
    if (form->is_optional && scan->hidden_from == 0) {
        scan->hidden_from = ++scan->marked;
    }
    enum sting_status status = add_content(scan->page, &index);
    if (!status) {
        status = add_part(scan, index, form->number);
    }
    if (!status) {
        status = read_content(scan, index);
    }
    double forms_left = scan->forms_left;
    *scan = outer;
    scan->forms_left = forms_left;
    word_list_break(&scan->page->list);
    return status;
}

static void add_borders(struct scan *scan, int page)
{
    double box[MOST_BORDERS][4];
    int boxes = source_borders(scan->source, page, box, MOST_BORDERS);
    for (int i = 0; i < boxes; i++) {
        const double number[] = {box[i][0], box[i][1], box[i][2] - box[i][0],
                                 box[i][3] - box[i][1]};
        for (int n = 0; n < 4; n++) {
            scan->operand[n] =
                (struct lexer_token){.kind = TOKEN_NUMBER, .number = number[n]};
        }
        scan->operands = 4;
        (void)scan_path_operator(scan, "re");
        (void)scan_path_operator(scan, "f");
    }
}

static enum sting_status scan_page(struct scan *scan, int number,
                                   struct source_page *page)
{
    uint32_t index = 0;
    enum sting_status status =
        source_page(scan->source, number, page, scan->fault);
    if (!status) {
        status = add_content(scan->page, &index);
    }
    for (int i = 0; !status && i < page->parts; i++) {
        status = add_part(scan, index, page->part[i]);
    }
    if (status) {
        return status;
    }
    scan->page->width_pt = (float)page->width_pt;
    scan->page->height_pt = (float)page->height_pt;
    scan->resources = page->resources;
    scan->state = (struct scan_state){.ctm = page->to_display, .stretch = 1};
    add_borders(scan, number);
    return read_content(scan, index);
}

static enum sting_status read_page(struct source *source, int page,
                                   enum content_spelling spelling,
                                   bool is_exact, struct page_content *out,
                                   struct fault *fault)
{
    struct page_content read STING_AUTO(page_content_release) = {0};
    struct scan *scan = calloc(1, sizeof *scan);
    struct scan_path *path = calloc(1, sizeof *path);
    struct source_page *parts = calloc(1, sizeof *parts);
    enum sting_status status = STING_E_NOMEM;
    if (scan && path && parts) {
        *scan = (struct scan){.source = source,
                              .page = &read,
                              .fault = fault,
                              .is_exact = is_exact,
                              .spelling = spelling,
                              .path = path,
                              .text = place_map_identity,
                              .line = place_map_identity,
                              .forms_left = FORMS_A_PAGE};
        status = scan_page(scan, page, parts);
    }
    free(scan);
    free(path);
    free(parts);
    if (!status) {
        *out = read;
        read = (struct page_content){0};
    }
    return status;
}

enum sting_status page_content_read(struct source *source, int page,
                                    enum content_spelling spelling,
                                    struct page_content *out,
                                    struct fault *fault)
{
    enum sting_status status =
        read_page(source, page, spelling, false, out, fault);
    if (status || spelling != CONTENT_FINE || !out->list.is_fine) {
        return status;
    }
    page_content_release(out);
    return read_page(source, page, spelling, true, out, fault);
}
