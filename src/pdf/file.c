#include "pdf/file.h"

#include <stdlib.h>

#include "pdf/edit.h"
#include "pdf/file_state.h"
#include "pdf/twin.h"

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

static void forget_pages(struct pdf_file *file)
{
    for (int i = 0; file->page && i < file->pages; i++) {
        page_content_release(&file->page[i]);
    }
    free(file->page);
    file->page = NULL;
}

void pdf_file_close(struct pdf_file **file)
{
    struct pdf_file *f = *file;
    if (!f) {
        return;
    }
    forget_pages(f);
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

void pdf_file_spell(struct pdf_file *file, enum content_spelling spelling)
{
    if (file->spelling != spelling) {
        forget_pages(file);
        pdf_file_pack(file, file->effort);
    }
    file->spelling = spelling;
}

enum content_spelling pdf_file_spelling(const struct pdf_file *file)
{
    return file->spelling;
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

enum sting_status pdf_file_gauge(struct pdf_file *file, int page,
                                 struct fault *fault)
{
    return source_page_gauge(file->source, page, fault);
}

static enum sting_status read_pages(struct pdf_file *file, struct fault *fault)
{
    enum sting_status status = STING_OK;
    file->page = calloc((size_t)file->pages, sizeof *file->page);
    if (!file->page) {
        return STING_E_NOMEM;
    }
    for (int p = 0; !status && p < file->pages; p++) {
        status = page_content_read(file->source, p, file->spelling,
                                   &file->page[p], fault);
    }
    if (!status) {
        status = twin_find(file->page, file->pages, &file->families);
    }
    if (status) {
        forget_pages(file);
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
        .has_large = read->has_large,
    };
    return STING_OK;
}

enum sting_status pdf_file_render(struct pdf_file *file, int page, double dpi,
                                  struct plane *out, struct fault *fault)
{
    return source_render(file->source, page, dpi, out, fault);
}

enum sting_status pdf_file_letters(struct pdf_file *file, int page,
                                   struct buffer *out, struct fault *fault)
{
    struct check_page read STING_AUTO(check_page_release) = {0};
    if (page < 0 || page >= file->pages) {
        return STING_E_ARG;
    }
    enum sting_status status =
        check_page_read(file->source, page, &read, fault);
    for (size_t i = 0; !status && i < read.glyphs; i++) {
        const struct check_glyph *glyph = &read.glyph[i];
        struct pdf_letter letter = {glyph->x_pt, glyph->y_pt,
                                    glyph->is_picture};
        status = buffer_append(
            out, (struct bytes){(const uint8_t *)&letter, sizeof letter});
    }
    return status;
}
