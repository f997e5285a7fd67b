/*
 * boxes: is this a recording as sting makes them, and of when does it speak?
 *
 * A recording is a head (`ftyp moov`, one video track) and then fragments
 * (`moof mdat`, before it perhaps one or two `prft`) of one form;
 * docs/formats/ledger.md, "Inside a recording", names each box. What has
 * another form is refused, not skipped: a box that nobody expects is a place to
 * hide something in. Fragments come in pieces of any size and are walked in
 * memory that does not grow: payload is passed over, and never decoded.
 *
 * Source: ISO/IEC 14496-12:2015, 8.1, 8.3, 8.4, 8.5.2, 8.8.
 * Limits: says nothing about pictures. A moof is at most BOXES_MOST_MOOF.
 */
#ifndef STING_LEDGER_BOXES_H
#define STING_LEDGER_BOXES_H

#include "base/base.h"

#define BOXES_MOST_HEAD ((size_t)1024 * 1024)
#define BOXES_MOST_MOOF ((size_t)16 * 1024)
#define BOXES_CODEC_SIZE 8

/* What the head says of its one track. */
struct boxes_head {
    uint32_t track;
    uint32_t ticks_per_s; /* at least 1 */
    int width_px;
    int height_px;
    char codec[BOXES_CODEC_SIZE]; /* "h264", or the four letters */
};

/* Fails: E_FORMAT when it is not that head, E_LIMIT when it is too large. */
STING_MUST_USE enum sting_status boxes_head_read(struct bytes file,
                                                 struct boxes_head *out);

/* The name by which people know the four letters of a sample entry. */
void boxes_codec(const char letter[4], char name[BOXES_CODEC_SIZE]);

/* What its fragments say, in ticks. */
struct boxes_facts {
    uint64_t fragments;
    uint64_t frames;
    uint32_t track; /* of all fragments */
    bool starts_with_key;
    int64_t first_dts;
    int64_t first_pts;   /* of the picture of the first fragment shown first */
    int64_t last_pts;    /* the same of the last fragment */
    int64_t last_dts;    /* decoding time at which the last fragment begins */
    int64_t end_dts;     /* and ends */
    int64_t least_ahead; /* presented after decoding: of all pictures */
    int64_t most_ahead;
    int64_t widest; /* from a fragment's end to the next, or back */
};

/* Zero-initialise. */
struct boxes_walk {
    struct boxes_facts facts;
    uint64_t media; /* payload bytes that the last moof speaks of */
    uint64_t skip;  /* of them, still to come */
    bool wants_mdat;
    int clocks; /* prft that came: of this track, at this time */
    uint32_t clock_track;
    int64_t clock_pts;
    bool is_bad;
    size_t held;
    uint8_t hold[BOXES_MOST_MOOF];
};

void boxes_walk_put(struct boxes_walk *walk, struct bytes piece);
/* All has come. Fails: E_FORMAT: these are not whole fragments. */
STING_MUST_USE enum sting_status boxes_walk_end(const struct boxes_walk *walk,
                                                struct boxes_facts *out);

#endif
