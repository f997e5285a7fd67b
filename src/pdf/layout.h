/*
 * layout: which objects a file has, where their bytes are, and which of them
 * can be reached from its trailer.
 */
#ifndef STING_PDF_LAYOUT_H
#define STING_PDF_LAYOUT_H

#include "base/buffer.h"
#include "base/fault.h"
#include "pdf/source.h"

struct layout_object {
    int generation;
    bool is_live;      /* reached from the trailer, or holds what is */
    bool is_packed;    /* inside the object stream `container` */
    int container;     /* its number */
    int index;         /* place inside it */
    size_t begin, end; /* of its bytes, "7 0 obj" to the end of line after
                          "endobj"; when not packed */
    size_t value_begin, value_end;   /* of the object itself */
    size_t stream_begin, stream_end; /* of its stream's data; equal: none */
    bool is_stream;
    int length_object;     /* of an indirect /Length that nothing else uses */
    struct buffer instead; /* bytes to write in place of the original's;
                              empty: the original's */
};

struct layout {
    struct layout_object *object; /* owned; by number */
    int objects;
    int *order; /* owned; numbers of what is written, as in the original */
    int orders;
    bool has_stream;                   /* the table of objects is a stream */
    int table;                         /* its number */
    size_t trailer_begin, trailer_end; /* the newest trailer's dictionary */
};

/* Fails: E_FORMAT, E_NOMEM. The caller frees *out. */
STING_MUST_USE enum sting_status layout_new(struct source *source,
                                            struct layout **out,
                                            struct fault *fault);
void layout_free(struct layout **layout);

/* What MuPDF knows of the objects: numbers, kinds, places, reach; ranges
 * beyond `begin` are left to layout.c. *table_at is where the newest table
 * begins. */
STING_MUST_USE enum sting_status source_objects(struct source *source,
                                                struct layout *layout,
                                                size_t *table_at,
                                                struct fault *fault);

#endif
