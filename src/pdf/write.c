/* The file again, with its moved words: the writer of copies. */
#include "pdf/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/drawing.h"
#include "pdf/edit.h"
#include "pdf/file_state.h"
#include "pdf/lexer.h"
#include "pdf/pack.h"
#include "pdf/raster_change.h"
#include "pdf/table.h"
#include "pdf/twin.h"

#define HEADER_LINES 4

/* A copy under way. */
struct copy {
    struct pdf_file *file;
    const struct layout *layout;
    struct bytes source;
    struct buffer *changed; /* owned; by object number; empty: as it was */
    size_t *place;          /* owned; where each object begins in the copy */
    size_t base;            /* bytes in the output before the copy */
    bool *fits;             /* owned; pages whose moves fit their stencils */
    struct buffer pressed;  /* owned; scratch */
    const struct write_edit *edit; /* instead of moves; or NULL */
};

static void copy_release(struct copy *copy)
{
    for (int i = 0; copy->changed && i < copy->layout->objects; i++) {
        buffer_release(&copy->changed[i]);
    }
    free(copy->changed);
    free(copy->place);
    free(copy->fits);
    buffer_release(&copy->pressed);
}

/* The number of an indirect length gets its new value. */
static enum sting_status change_length(struct copy *copy, int number,
                                       size_t length)
{
    const struct layout_object *object = &copy->layout->object[number];
    struct buffer *out = &copy->changed[number];
    const uint8_t *file = copy->source.data;
    if (number == 0) {
        return STING_OK;
    }
    enum sting_status status =
        buffer_append(out, (struct bytes){file + object->begin,
                                          object->value_begin - object->begin});
    if (!status) {
        status = buffer_printf(out, "%zu", length);
    }
    return status ? status
                  : buffer_append(
                        out, (struct bytes){file + object->value_end,
                                            object->end - object->value_end});
}

/* What was pressed takes the place of the object's data. */
static enum sting_status put_changed(struct copy *copy, int number,
                                     size_t plain)
{
    struct bytes data = buffer_bytes(&copy->pressed);
    enum sting_status status = pack_data(copy->layout, copy->source, number,
                                         data, plain, &copy->changed[number]);
    return status
               ? status
               : change_length(copy, copy->layout->object[number].length_object,
                               data.size);
}

static enum sting_status change_stream(struct copy *copy, int number,
                                       struct bytes plain)
{
    size_t length = 0;
    struct buffer *out = &copy->changed[number];
    if (out->size > 0) {
        return STING_OK; /* listed twice on one page */
    }
    enum sting_status status =
        pack_stream(copy->layout, copy->source, number, plain, copy->file->pack,
                    out, &length);
    return status
               ? status
               : change_length(copy, copy->layout->object[number].length_object,
                               length);
}

/* The content has a stencil that these moves fit, and its streams are such
 * as a stencil makes. */
static bool has_stencil(const struct copy *copy, int page,
                        const struct content *content,
                        const struct pdf_moves *moves)
{
    const struct stencils *stencils = copy->file->stencils;
    uint32_t index = (uint32_t)(content - copy->file->page[page].content);
    if (copy->edit || !stencils || !copy->fits[page] || moves->always ||
        !stencils_have(stencils, page, index)) {
        return false;
    }
    for (uint32_t i = 0; i < content->parts; i++) {
        if (!pack_is_packed(copy->layout, copy->source,
                            content->part[i].number)) {
            return false;
        }
    }
    return true;
}

static enum sting_status press_content(struct copy *copy, int page,
                                       const struct content *content,
                                       const struct pdf_moves *moves)
{
    enum sting_status status = STING_OK;
    uint32_t index = (uint32_t)(content - copy->file->page[page].content);
    for (uint32_t i = 0; !status && i < content->parts; i++) {
        size_t plain = 0;
        int number = content->part[i].number;
        copy->pressed.size = 0;
        status = stencils_put(copy->file->stencils, page, index, i, moves,
                              &copy->pressed, &plain);
        if (!status && plain > 0) {
            status = pack_holds(copy->file->pack, buffer_bytes(&copy->pressed),
                                plain);
        }
        if (!status && plain > 0 && copy->changed[number].size == 0) {
            status = put_changed(copy, number, plain);
        }
    }
    return status;
}

/* Part i of the edited text. */
static struct bytes edited_part(const struct content *content, uint32_t i,
                                const struct buffer *edited,
                                const size_t *begin)
{
    size_t end = i + 1 < content->parts ? begin[i + 1] : edited->size;
    return (struct bytes){edited->data + begin[i], end - begin[i] - 1};
}

static bool part_changed(const struct content *content, uint32_t i,
                         const struct pdf_moves *moves,
                         const struct buffer *edited, const size_t *begin)
{
    return !bytes_equal(edited_part(content, i, edited, begin),
                        edit_part(content, i, moves));
}

static bool any_part_changed(const struct content *content,
                             const struct pdf_moves *moves,
                             const struct buffer *edited, const size_t *begin)
{
    for (uint32_t i = 0; !moves->always && i < content->parts; i++) {
        if (part_changed(content, i, moves, edited, begin)) {
            return true;
        }
    }
    return false;
}

/* The inline images of a content, in order. */
struct inline_images {
    struct source *source;
    const struct page_content *page;
    uint32_t content;
    const struct pdf_field *field;
};

static enum sting_status make_inline(const void *context, uint32_t nth,
                                     struct buffer *out)
{
    const struct inline_images *images = context;
    const struct page_content *page = images->page;
    out->size = 0;
    for (uint32_t i = 0; i < page->images; i++) {
        const struct content_image *image = &page->image[i];
        bool is_of_it = image->number == 0 && image->content == images->content;
        if (is_of_it && nth-- == 0) {
            const struct raster_job job = {page, image, images->field};
            return raster_inline_make(images->source, &job, out);
        }
    }
    return STING_OK;
}

/* Words first, then the paths and pictures around them. */
static enum sting_status edit_all(struct source *source,
                                  const struct page_content *page,
                                  const struct content *content,
                                  const struct pdf_moves *moves,
                                  struct buffer *out, size_t *begin)
{
    struct buffer words STING_AUTO(buffer_release) = {0};
    if (!moves->field || content->is_shared) {
        return edit_content(content, moves, out, begin);
    }
    enum sting_status status = edit_content(content, moves, &words, begin);
    const struct inline_images images = {
        source, page, (uint32_t)(content - page->content), moves->field};
    const struct drawing drawing = {
        .text = buffer_bytes(&words),
        .map = content->map,
        .field = moves->field,
        .width_pt = (double)page->width_pt,
        .height_pt = (double)page->height_pt,
        .part_begin = begin,
        .parts = content->parts,
        .picture = make_inline,
        .pictures = &images,
    };
    return status ? status : drawing_edit(&drawing, out);
}

/* A content anew, by moves or by another edit. */
static enum sting_status make_content(const struct copy *copy,
                                      const struct page_content *page,
                                      const struct content *content,
                                      const struct pdf_moves *moves,
                                      struct buffer *out, size_t *begin)
{
    const struct write_edit *edit = copy->edit;
    return edit
               ? edit->edit(edit->context, (int)(page - copy->file->page),
                            (uint32_t)(content - page->content), content, out,
                            begin)
               : edit_all(copy->file->source, page, content, moves, out, begin);
}

static bool is_touched(const struct copy *copy, const struct page_content *page,
                       const struct content *content,
                       const struct pdf_moves *moves)
{
    const struct write_edit *edit = copy->edit;
    return edit ? edit->touches(edit->context, (int)(page - copy->file->page),
                                (uint32_t)(content - page->content))
                : moves->field || edit_touches(content, moves);
}

static enum sting_status change_content(struct copy *copy,
                                        const struct page_content *page,
                                        const struct content *content,
                                        const struct pdf_moves *moves)
{
    struct buffer edited STING_AUTO(buffer_release) = {0};
    int number = (int)(page - copy->file->page);
    if (content->is_twin) {
        return STING_OK;
    }
    if (has_stencil(copy, number, content, moves)) {
        return press_content(copy, number, content, moves);
    }
    if (content->parts == 0 || !is_touched(copy, page, content, moves)) {
        return STING_OK;
    }
    size_t *begin = calloc(content->parts, sizeof *begin);
    if (!begin) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        make_content(copy, page, content, moves, &edited, begin);
    /* An operator in two parts goes into the first: then all are written. */
    bool all = content->is_split && !status &&
               any_part_changed(content, moves, &edited, begin);
    for (uint32_t i = 0; !status && i < content->parts; i++) {
        struct bytes plain = edited_part(content, i, &edited, begin);
        if (all || part_changed(content, i, moves, &edited, begin)) {
            status = change_stream(copy, content->part[i].number, plain);
        }
    }
    free(begin);
    return status;
}

/* Images of kinds that cannot be written again stay. */
static enum sting_status change_image(struct copy *copy,
                                      const struct page_content *page,
                                      const struct content_image *image,
                                      const struct pdf_field *field)
{
    struct raster_image made STING_AUTO(raster_image_release) = {0};
    const struct raster_job job = {page, image, field};
    int number = image->number;
    if (image->stays || number == 0) {
        return STING_OK;
    }
    enum sting_status status =
        raster_image_make(copy->file->source, &job, &made);
    if (status) {
        return status == STING_E_UNSUPPORTED ? STING_OK : status;
    }
    status = raster_change(copy->layout, copy->source, number, &made,
                           &copy->changed[number]);
    return status
               ? status
               : change_length(copy, copy->layout->object[number].length_object,
                               made.data.size);
}

static enum sting_status change_images(struct copy *copy,
                                       const struct page_content *page,
                                       const struct pdf_field *field)
{
    enum sting_status status = STING_OK;
    for (uint32_t i = 0; !status && i < page->images; i++) {
        status = change_image(copy, page, &page->image[i], field);
    }
    return status;
}

static enum sting_status change_pages(struct copy *copy,
                                      const struct pdf_moves *moves)
{
    enum sting_status status = STING_OK;
    for (int p = 0; !status && p < copy->file->pages; p++) {
        const struct page_content *page = &copy->file->page[p];
        bool any = copy->edit || moves[p].move || moves[p].field;
        copy->fits[p] = any && copy->file->stencils &&
                        stencils_fit(copy->file->stencils, p, &moves[p]);
        for (uint32_t c = 0; !status && any && c < page->contents; c++) {
            status = change_content(copy, page, &page->content[c], &moves[p]);
        }
        if (!status && moves[p].field) {
            status = change_images(copy, page, moves[p].field);
        }
    }
    return status;
}

struct bytes write_header(struct bytes source)
{
    size_t at = 0;
    for (int line = 0; line < HEADER_LINES && at < source.size; line++) {
        if (line > 0 && source.data[at] != '%') {
            break;
        }
        while (at < source.size && source.data[at] != '\n' &&
               source.data[at] != '\r') {
            at++;
        }
        while (at < source.size &&
               (source.data[at] == '\n' || source.data[at] == '\r')) {
            at++;
        }
    }
    return (struct bytes){source.data, at};
}

static enum sting_status put_object(struct copy *copy, int number,
                                    struct buffer *out)
{
    const struct layout_object *object = &copy->layout->object[number];
    struct bytes bytes = {copy->source.data + object->begin,
                          object->end - object->begin};
    if (copy->changed[number].size > 0) {
        bytes = buffer_bytes(&copy->changed[number]);
    } else if (object->instead.size > 0) {
        bytes = buffer_bytes(&object->instead);
    }
    copy->place[number] = out->size - copy->base;
    enum sting_status status = buffer_append(out, bytes);
    uint8_t last = bytes.data[bytes.size - 1];
    if (!status && last != '\n' && last != '\r') {
        status = buffer_text_append(out, "\n");
    }
    return status;
}

static enum sting_status put_all(struct copy *copy, struct buffer *out)
{
    const struct layout *layout = copy->layout;
    copy->base = out->size;
    enum sting_status status = buffer_reserve(out, copy->source.size);
    if (!status) {
        status = buffer_append(out, write_header(copy->source));
    }
    for (int i = 0; !status && i < layout->orders; i++) {
        status = put_object(copy, layout->order[i], out);
    }
    return status ? status
                  : table_write(layout, copy->source, copy->place, copy->base,
                                out);
}

enum sting_status write_prepare(struct pdf_file *file, struct fault *fault)
{
    struct pdf_text text;
    enum sting_status status = pdf_file_text(file, 0, &text, fault);
    if (!status && !file->layout) {
        status = layout_new(file->source, &file->layout, fault);
    }
    if (!status && !file->pack) {
        status = pack_new(file->effort, &file->pack);
    }
    return status;
}

/* `page` has one entry a page; `edit` is NULL or takes the place of them. */
static enum sting_status write_file(struct pdf_file *file,
                                    const struct pdf_moves *page,
                                    const struct write_edit *edit,
                                    struct buffer *out, struct fault *fault)
{
    size_t before = out->size;
    enum sting_status status = write_prepare(file, fault);
    if (status) {
        return status;
    }
    size_t objects = (size_t)file->layout->objects;
    struct copy copy STING_AUTO(copy_release) = {
        .file = file,
        .layout = file->layout,
        .source = source_file(file->source),
        .changed = calloc(objects, sizeof *copy.changed),
        .place = calloc(objects, sizeof *copy.place),
        .fits = calloc((size_t)file->pages + 1, sizeof *copy.fits),
        .edit = edit,
    };
    if (!copy.changed || !copy.place || !copy.fits) {
        return STING_E_NOMEM;
    }
    struct twin_moves moves STING_AUTO(twin_moves_release) = {0};
    status = twin_spread(file->page, file->pages, file->families, page, &moves);
    if (!status) {
        status = change_pages(&copy, moves.page);
    }
    if (!status) {
        status = put_all(&copy, out);
    }
    if (status) {
        out->size = before;
    }
    return status;
}

enum sting_status pdf_file_prepare(struct pdf_file *file,
                                   const struct pdf_moves *most,
                                   enum flate_effort effort,
                                   struct fault *fault)
{
    enum sting_status status = write_prepare(file, fault);
    stencils_free(&file->stencils);
    struct twin_moves moves STING_AUTO(twin_moves_release) = {0};
    if (!status) {
        status =
            twin_spread(file->page, file->pages, file->families, most, &moves);
    }
    return status ? status
                  : stencils_new(file->page, file->pages, moves.page, effort,
                                 &file->stencils);
}

enum sting_status pdf_file_write(struct pdf_file *file,
                                 const struct pdf_moves *page,
                                 struct buffer *out, struct fault *fault)
{
    return write_file(file, page, NULL, out, fault);
}

enum sting_status pdf_file_write_edit(struct pdf_file *file,
                                      const struct write_edit *edit,
                                      struct buffer *out, struct fault *fault)
{
    struct pdf_moves *none = calloc((size_t)file->pages + 1, sizeof *none);
    for (int p = 0; none && p < file->pages; p++) {
        none[p].always = true; /* of the text as it stands, not a lean one */
    }
    enum sting_status status =
        none ? write_file(file, none, edit, out, fault) : STING_E_NOMEM;
    free(none);
    return status;
}
