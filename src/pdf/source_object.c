/* Which objects there are, and which the trailer reaches. */
#include <stdlib.h>
#include <string.h>

#include "pdf/layout.h"
#include "pdf/source_mupdf.h"

#define MOST_OBJECTS 8388607 /* what the format allows */
#define MOST_DEPTH 200       /* direct objects within direct objects */

struct walk {
    fz_context *ctx;
    struct layout *layout;
    int *todo; /* numbers reached and not yet looked into */
    int todos;
    uint32_t *uses; /* references to each number */
};

/* Throws, as all below. */
static void reach(struct walk *walk, pdf_obj *reference)
{
    int number = pdf_to_num(walk->ctx, reference);
    if (number < 1 || number >= walk->layout->objects) {
        return;
    }
    walk->uses[number]++;
    if (!walk->layout->object[number].is_live) {
        walk->layout->object[number].is_live = true;
        walk->todo[walk->todos++] = number;
    }
}

/* Keys under which programs keep the page in forms of their own, unmarked:
 * what only these reach is left out, and they refer to nothing then. */
static bool is_private(const char *key)
{
    return !strcmp(key, "PieceInfo") || !strcmp(key, "Thumb");
}

static void look_into(struct walk *walk, pdf_obj *object, int depth)
{
    fz_context *ctx = walk->ctx;
    if (pdf_is_indirect(ctx, object)) {
        reach(walk, object);
        return;
    }
    if (depth > MOST_DEPTH) {
        fz_throw(ctx, FZ_ERROR_GENERIC, "objects are nested too deeply");
    }
    if (pdf_is_array(ctx, object)) {
        int count = pdf_array_len(ctx, object);
        for (int i = 0; i < count; i++) {
            look_into(walk, pdf_array_get(ctx, object, i), depth + 1);
        }
    } else if (pdf_is_dict(ctx, object)) {
        int count = pdf_dict_len(ctx, object);
        for (int i = 0; i < count; i++) {
            if (!is_private(
                    pdf_to_name(ctx, pdf_dict_get_key(ctx, object, i)))) {
                look_into(walk, pdf_dict_get_val(ctx, object, i), depth + 1);
            }
        }
    }
}

static void look_into_number(struct walk *walk, pdf_document *doc, int number)
{
    fz_context *ctx = walk->ctx;
    struct layout_object *entry = &walk->layout->object[number];
    pdf_obj *object = pdf_load_object(ctx, doc, number);
    fz_try(ctx)
    {
        look_into(walk, object, 0);
        pdf_obj *length = pdf_dict_get(ctx, object, PDF_NAME(Length));
        entry->is_stream = pdf_obj_num_is_stream(ctx, doc, number);
        if (entry->is_stream) {
            entry->stream_end = (size_t)pdf_to_int64(ctx, length);
            entry->length_object = pdf_to_num(ctx, length);
        }
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, object);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
}

static void walk_all(struct walk *walk, pdf_document *doc)
{
    fz_context *ctx = walk->ctx;
    pdf_obj *trailer = pdf_trailer(ctx, doc);
    int count = pdf_dict_len(ctx, trailer);
    for (int i = 0; i < count; i++) {
        static const char *const own[] = {"Prev", "XRefStm", "Length", "Filter",
                                          "DecodeParms"};
        const char *key = pdf_to_name(ctx, pdf_dict_get_key(ctx, trailer, i));
        bool is_own = false;
        for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
            is_own = is_own || !strcmp(key, own[k]);
        }
        if (!is_own) {
            look_into(walk, pdf_dict_get_val(ctx, trailer, i), 0);
        }
    }
    while (walk->todos > 0) {
        look_into_number(walk, doc, walk->todo[--walk->todos]);
    }
}

/* Take over MuPDF's table of objects. */
static void list(fz_context *ctx, pdf_document *doc, struct layout *layout)
{
    for (int i = 1; i < layout->objects; i++) {
        struct layout_object *object = &layout->object[i];
        pdf_xref_entry *entry = pdf_get_xref_entry(ctx, doc, i);
        object->generation = entry->gen;
        if (entry->type == 'n') {
            object->begin = (size_t)entry->ofs;
        } else if (entry->type == 'o') {
            object->is_packed = true;
            object->generation = 0;
            object->container = (int)entry->ofs;
            object->index = entry->gen;
        } else {
            object->is_live = false;
            object->begin = 0;
        }
    }
}

/* The stream that holds a packed live object is live too. */
static void container_settle(struct walk *walk, pdf_document *doc,
                             int container)
{
    struct layout *layout = walk->layout;
    if (container < 1 || container >= layout->objects) {
        fz_throw(walk->ctx, FZ_ERROR_GENERIC, "an object stream is missing");
    }
    if (!layout->object[container].is_live) {
        layout->object[container].is_live = true;
        look_into_number(walk, doc, container);
        walk->todos = 0; /* what it extends needs no keeping */
    }
}

/* What holds a live object is live; an indirect length that serves another
 * purpose too is nobody's. */
static void settle(struct walk *walk, pdf_document *doc)
{
    struct layout *layout = walk->layout;
    for (int i = 1; i < layout->objects; i++) {
        struct layout_object *object = &layout->object[i];
        int length = object->length_object;
        if (length < 1 || length >= layout->objects ||
            walk->uses[length] != 1 || layout->object[length].is_packed) {
            object->length_object = 0;
        }
        if (object->is_live && !object->is_packed && object->begin == 0) {
            object->is_live = false; /* a reference to nothing */
        }
        if (object->is_live && object->is_packed) {
            container_settle(walk, doc, object->container);
        }
    }
}

static enum sting_status walk_new(struct walk *walk, fz_context *ctx,
                                  struct layout *layout, int objects)
{
    size_t count = (size_t)objects;
    layout->objects = objects;
    layout->object = calloc(count, sizeof *layout->object);
    *walk = (struct walk){.ctx = ctx, .layout = layout};
    walk->todo = calloc(count, sizeof *walk->todo);
    walk->uses = calloc(count, sizeof *walk->uses);
    return layout->object && walk->todo && walk->uses ? STING_OK
                                                      : STING_E_NOMEM;
}

enum sting_status source_objects(struct source *source, struct layout *layout,
                                 size_t *table_at, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    struct walk walk = {0};
    enum sting_status status = STING_OK;
    int objects = pdf_xref_len(ctx, source->doc);
    if (objects < 2 || objects > MOST_OBJECTS) {
        return fault_set(fault, STING_E_FORMAT, "", "the PDF has no objects");
    }
    fz_var(status);
    if (walk_new(&walk, ctx, layout, objects)) {
        status = STING_E_NOMEM;
    } else {
        fz_try(ctx)
        {
            list(ctx, source->doc, layout);
            walk_all(&walk, source->doc);
            settle(&walk, source->doc);
            if (pdf_was_repaired(ctx, source->doc)) {
                fz_throw(ctx, FZ_ERROR_GENERIC,
                         "objects are not where the "
                         "table says");
            }
        }
        fz_catch(ctx)
        {
            status = source_caught(ctx, fault, "reading the objects");
        }
    }
    *table_at = (size_t)source->doc->startxref;
    free(walk.todo);
    free(walk.uses);
    return status;
}
