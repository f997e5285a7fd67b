/*
 * page_blocks: a patch in blocks, and how much of what was known in each is
 * still there. Only detect/ includes this.
 *
 * In each block the known fine structure is a template; its amplitude in the
 * picture, over that of the light, is 1 where it still is and 0 where
 * something else is. Only blocks in which that can be told from noise count.
 */
#ifndef STING_DETECT_PAGE_BLOCKS_H
#define STING_DETECT_PAGE_BLOCKS_H

#include "detect/page_sheet.h"

#define BLOCK_PX 12

enum block_kind { BLOCK_NONE, BLOCK_INSIDE, BLOCK_EDGE, BLOCK_RING };

struct page_block {
    enum block_kind kind;
    float mean;   /* of the known */
    float energy; /* of its fine structure */
    float print;  /* the same without what is but noise */
    float unsure; /* deviation of the amplitude by noise */
    float before; /* mean in the picture before this one */
    bool was_bright;
    bool is_clear; /* of the ring, and the sheet's border is not felt there */
};

struct page_blocks {
    int across, down;
    struct page_block *block; /* owned */
};

/* What was found of what is known. Parts are 0 to 1. */
struct page_evidence {
    int telling;     /* blocks of sheet and edge that can tell */
    float here;      /* part of them that is in its place */
    float edge_here; /* the same of edges alone; 1 when none can tell */
    float print_here;
    int telling_print;
    float bright_in;   /* part of the inside as bright as paper */
    float bright_out;  /* bright blocks of the ring that were not, in parts of
                          the sheet's blocks */
    float ring;        /* part of the ring that looks as known, or as paper that
                          came there */
    float ring_print;  /* how strongly the ring's own structure is there, ... */
    float ring_unsure; /* ... and the deviation of that by noise */
    float exposed;     /* part of the inside as dark as the table */
    float moving;      /* part of all that differs from the picture before */
    float glow;        /* part of all that is much brighter than paper */
    float gain;        /* of the light */
};

STING_MUST_USE enum sting_status page_blocks_init(struct page_blocks *out,
                                                  int width, int height);
void page_blocks_release(struct page_blocks *blocks);

/* What is known of a patch: of one picture its fine structure has the
 * deviation `noise`; `looks` were averaged. */
struct blocks_known {
    const struct plane_f *flat, *fine;
    const struct sheet_light *light;
    float noise;
    int looks;
    float gain_in_view; /* of the light, when the page was last seen whole */
};

/* Learn what is to be found; gives how many blocks of the sheet can tell. */
int page_blocks_learn(struct page_blocks *blocks,
                      const struct blocks_known *known,
                      const struct page_sheet *sheet);

/* A picture beside what is known. */
void page_blocks_look(struct page_blocks *blocks,
                      const struct blocks_known *known,
                      const struct plane_f *now_flat,
                      const struct plane_f *now_fine, float gain_before,
                      struct page_evidence *out);

#endif
