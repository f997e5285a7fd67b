#include "pdf/file.h"

#include <stdlib.h>

#include "pdf/edit.h"
#include "pdf/file_state.h"

enum sting_status pdf_file_open(struct bytes bytes, struct pdf_file **out,
                                struct fault *fault)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = calloc(1, sizeof *file);
    if (!file) {
        return STING_E_NOMEM;
    }
    enum sting_status status = pdf_source_open(bytes, &file->source, fault);
    if (status) {
        return status;
    }
    file->pages = source_pages(file->source);
    *out = file;
    file = NULL;
    return STING_OK;
}

void pdf_file_close(struct pdf_file **file)
{
    struct pdf_file *f = *file;
    if (!f) {
        return;
    }
    for (int i = 0; f->page && i < f->pages; i++) {
        page_content_release(&f->page[i]);
    }
    free(f->page);
    for (int i = 0; f->check && i < f->pages; i++) {
        check_page_release(&f->check[i]);
    }
    free(f->check);
    layout_free(&f->layout);
    pack_free(&f->pack);
    stencils_free(&f->stencils);
    source_close(&f->source);
    free(f);
    *file = NULL;
}

void pdf_file_pack(struct pdf_file *file, enum pack_effort effort)
{
    pack_free(&file->pack);
    stencils_free(&file->stencils);
    file->effort = effort;
}

enum pack_effort pdf_file_effort(const struct pdf_file *file)
{
    return file->effort;
}

int pdf_file_pages(const struct pdf_file *file)
{
    return file->pages;
}

size_t pdf_file_size(const struct pdf_file *file)
{
    return source_file(file->source).size;
}

/* One use of a stream by a content of a page. */
struct use {
    int number;
    int page;
    uint32_t content;
};

static int use_order(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The streams of content c of page p, from use[0] on where use is given. */
static size_t list_parts(const struct pdf_file *file, int p, uint32_t c,
                         struct use *use)
{
    const struct content *content = &file->page[p].content[c];
    for (uint32_t i = 0; use && i < content->parts; i++) {
        use[i] = (struct use){content->part[i].number, p, c};
    }
    return content->parts;
}

static size_t list_uses(const struct pdf_file *file, struct use *use)
{
    size_t uses = 0;
    for (int p = 0; p < file->pages; p++) {
        for (uint32_t c = 0; c < file->page[p].contents; c++) {
            uses += list_parts(file, p, c, use ? use + uses : NULL);
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

/* A stream that is drawn twice shows the same words in two places; it is
 * left as it is, and its words stay. */
static enum sting_status find_shared(struct pdf_file *file)
{
    size_t uses = list_uses(file, NULL);
    struct use *use = calloc(uses + 1, sizeof *use);
    if (!use) {
        return STING_E_NOMEM;
    }
    (void)list_uses(file, use);
    qsort(use, uses, sizeof *use, use_order);
    for (size_t i = 0; i < uses; i++) {
        bool before = i > 0 && use[i - 1].number == use[i].number;
        bool after = i + 1 < uses && use[i + 1].number == use[i].number;
        if (before || after) {
            struct page_content *page = &file->page[use[i].page];
            struct content *content = &page->content[use[i].content];
            content->is_shared = true;
            hold_part(page, content, use[i].number);
        }
    }
    free(use);
    return STING_OK;
}

static int image_order(const void *a, const void *b)
{
    const struct content_image *const *x = a, *const *y = b;
    return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

/* An image that is drawn twice would have to be displaced in two ways. */
static enum sting_status hold_shared_images(struct pdf_file *file)
{
    size_t images = 0;
    for (int p = 0; p < file->pages; p++) {
        images += file->page[p].images;
    }
    struct content_image **image = calloc(images + 1, sizeof(*image));
    if (!image) {
        return STING_E_NOMEM;
    }
    images = 0;
    for (int p = 0; p < file->pages; p++) {
        for (uint32_t i = 0; i < file->page[p].images; i++) {
            image[images++] = &file->page[p].image[i];
        }
    }
    qsort(image, images, sizeof(*image), image_order);
    for (size_t i = 1; i < images; i++) {
        if (image[i]->number == image[i - 1]->number) {
            image[i]->stays = image[i - 1]->stays = true;
        }
    }
    free(image);
    return STING_OK;
}

static enum sting_status read_pages(struct pdf_file *file, struct fault *fault)
{
    enum sting_status status = STING_OK;
    size_t words = 1;
    file->page = calloc((size_t)file->pages, sizeof *file->page);
    if (!file->page) {
        return STING_E_NOMEM;
    }
    for (int p = 0; !status && p < file->pages; p++) {
        status = page_content_read(file->source, p, &file->page[p], fault);
        hold_odd(&file->page[p]);
        words += file->page[p].list.words;
    }
    if (!status) {
        file->bytes_a_word =
            (double)source_file(file->source).size / (double)words;
        status = find_shared(file);
    }
    if (!status) {
        status = hold_shared_images(file);
    }
    for (int p = 0; status && p < file->pages; p++) {
        page_content_release(&file->page[p]);
    }
    if (status) {
        free(file->page);
        file->page = NULL;
    }
    return status;
}

enum sting_status pdf_file_text(struct pdf_file *file, int page,
                                struct pdf_text *out, struct fault *fault)
{
    if (page < 0 || page >= file->pages) {
        return STING_E_ARG;
    }
    if (!file->page) {
        enum sting_status status = read_pages(file, fault);
        if (status) {
            return status;
        }
    }
    const struct page_content *read = &file->page[page];
    *out = (struct pdf_text){
        .width_pt = read->width_pt,
        .height_pt = read->height_pt,
        .word = read->list.word,
        .words = read->list.words,
        .rule = read->rule,
        .rules = read->rules,
        .has_picture = read->has_picture,
        .has_two_levels = read->has_two_levels,
        .bytes_a_word = file->bytes_a_word,
    };
    return STING_OK;
}

enum sting_status pdf_file_render(struct pdf_file *file, int page, double dpi,
                                  struct plane *out, struct fault *fault)
{
    return source_render(file->source, page, dpi, out, fault);
}
