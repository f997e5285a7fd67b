#include "ledger/boxes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ledger/boxes_read.h"

/* ---- the head ---- */

void boxes_codec(const char letter[4], char name[BOXES_CODEC_SIZE])
{
    static const char *const known[][2] = {
        {"avc1", "h264"}, {"avc3", "h264"},  {"hvc1", "hevc"}, {"hev1", "hevc"},
        {"av01", "av1"},  {"jpeg", "mjpeg"}, {"mp4v", "mpeg4"}};
    for (size_t i = 0; i < 4; i++) {
        name[i] = '_';
        if (isalnum((unsigned char)letter[i])) {
            name[i] = letter[i];
        }
    }
    name[4] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!memcmp(known[i][0], name, 4)) {
            snprintf(name, BOXES_CODEC_SIZE, "%s", known[i][1]);
            return;
        }
    }
}

/* The first sample entry: what it is, how wide and high. */
static bool entry_read(struct bytes stsd, struct boxes_head *out)
{
    struct boxes_box entry;
    struct bytes rest = {stsd.data + 8, stsd.size - 8};
    if (boxes_number(stsd, 4, 4) != 1 || !boxes_next(&rest, &entry) ||
        rest.size > 0 || entry.body.size < 28) {
        return false;
    }
    boxes_codec(entry.kind, out->codec);
    out->width_px = (int)boxes_number(entry.body, 24, 2);
    out->height_px = (int)boxes_number(entry.body, 26, 2);
    return true;
}

static bool track_read(struct bytes trak, struct boxes_head *out)
{
    struct bytes tkhd;
    struct bytes mdia;
    struct bytes mdhd;
    struct bytes hdlr;
    struct bytes minf;
    struct bytes stbl;
    struct bytes stsd;
    bool good = boxes_only(trak, "tkhd", 84, &tkhd) &&
                boxes_only(trak, "mdia", 0, &mdia) &&
                boxes_only(mdia, "mdhd", 24, &mdhd) &&
                boxes_only(mdia, "hdlr", 20, &hdlr) &&
                boxes_only(mdia, "minf", 0, &minf) &&
                boxes_only(minf, "stbl", 0, &stbl) &&
                boxes_only(stbl, "stsd", 16, &stsd);
    if (!good || tkhd.data[0] > 1 || mdhd.data[0] > 1 ||
        memcmp(hdlr.data + 8, "vide", 4) != 0) {
        return false;
    }
    /* Times of version 1 have 8 bytes; what is asked for lies behind two. */
    out->track = (uint32_t)boxes_number(tkhd, tkhd.data[0] ? 20 : 12, 4);
    out->ticks_per_s = (uint32_t)boxes_number(mdhd, mdhd.data[0] ? 20 : 12, 4);
    return out->track > 0 && out->ticks_per_s > 0 && entry_read(stsd, out);
}

enum sting_status boxes_head_read(struct bytes file, struct boxes_head *out)
{
    struct bytes ftyp;
    struct bytes moov;
    struct bytes trak;
    struct bytes mvex;
    struct bytes trex;
    *out = (struct boxes_head){0};
    if (file.size > BOXES_MOST_HEAD) {
        return STING_E_LIMIT;
    }
    bool good = boxes_expect(&file, "ftyp", 8, &ftyp) &&
                boxes_expect(&file, "moov", 0, &moov) && file.size == 0 &&
                boxes_only(moov, "trak", 0, &trak) &&
                boxes_only(moov, "mvex", 0, &mvex) &&
                boxes_only(mvex, "trex", 24, &trex) && track_read(trak, out) &&
                boxes_number(trex, 4, 4) == out->track;
    return good ? STING_OK : STING_E_FORMAT;
}

/* ---- fragments ---- */

#define HEAD_BYTES 8
#define SAMPLE_BYTES 16
#define PRFT_BYTES 32
#define MOST_CLOCKS 2
#define TFHD_FLAGS 0x020000u   /* offsets count from the moof */
#define TRUN_FLAGS 0x01000f01u /* version 1: all four of every sample */
#define IS_NO_KEY 0x00010000u  /* sample_is_non_sync_sample */
#define MOST_TICKS (INT64_C(1) << 60)

/* One fragment, as its moof tells it. */
struct moof {
    uint32_t track;
    int64_t dts;
    struct bytes trun;
};

static bool moof_read(struct bytes body, size_t whole, struct moof *out)
{
    struct bytes mfhd;
    struct bytes traf;
    struct bytes tfhd;
    struct bytes tfdt;
    bool good = boxes_expect(&body, "mfhd", 8, &mfhd) &&
                boxes_expect(&body, "traf", 0, &traf) && body.size == 0 &&
                boxes_expect(&traf, "tfhd", 8, &tfhd) &&
                boxes_expect(&traf, "tfdt", 12, &tfdt) &&
                boxes_expect(&traf, "trun", 12, &out->trun) && traf.size == 0 &&
                mfhd.size == 8 && tfhd.size == 8 && tfdt.size == 12 &&
                boxes_number(tfhd, 0, 4) == TFHD_FLAGS &&
                boxes_number(tfdt, 0, 4) == 0x01000000 &&
                boxes_number(out->trun, 0, 4) == TRUN_FLAGS &&
                boxes_number(out->trun, 8, 4) == whole + HEAD_BYTES;
    if (!good) {
        return false;
    }
    uint64_t samples = boxes_number(out->trun, 4, 4);
    uint64_t dts = boxes_number(tfdt, 4, 8);
    out->track = (uint32_t)boxes_number(tfhd, 4, 4);
    out->dts = (int64_t)dts;
    return samples > 0 && out->trun.size == 12 + SAMPLE_BYTES * samples &&
           dts < (uint64_t)MOST_TICKS;
}

static void ahead_take(struct boxes_facts *facts, int64_t ahead, bool is_first)
{
    bool is_least = is_first || ahead < facts->least_ahead;
    bool is_most = is_first || ahead > facts->most_ahead;
    facts->least_ahead = is_least ? ahead : facts->least_ahead;
    facts->most_ahead = is_most ? ahead : facts->most_ahead;
}

/* Sum up its samples; false when they speak of more than a fragment holds. */
static bool samples_take(struct boxes_walk *walk, const struct moof *moof,
                         int64_t *first_pts, int64_t *end)
{
    size_t samples = (moof->trun.size - 12) / SAMPLE_BYTES;
    int64_t dts = moof->dts;
    walk->media = 0;
    for (size_t i = 0; i < samples; i++) {
        size_t at = 12 + SAMPLE_BYTES * i;
        int64_t ahead = (int32_t)(uint32_t)boxes_number(moof->trun, at + 12, 4);
        int64_t pts = dts + ahead;
        ahead_take(&walk->facts, ahead, walk->facts.frames + i == 0);
        *first_pts = i == 0 || pts < *first_pts ? pts : *first_pts;
        dts += (int64_t)boxes_number(moof->trun, at, 4);
        walk->media += boxes_number(moof->trun, at + 4, 4);
    }
    *end = dts;
    return walk->media <= UINT32_MAX - HEAD_BYTES;
}

/* When the picture that follows was taken, by the recorder's clock; then, of
 * the same picture, by the camera's. */
static bool clock_take(struct boxes_walk *walk, struct bytes box)
{
    static const uint32_t form[MOST_CLOCKS] = {0x01000000, 0x01000018};
    uint32_t track = (uint32_t)boxes_number(box, 12, 4);
    uint64_t pts = boxes_number(box, 24, 8);
    bool is_same = walk->clocks == 0 || (track == walk->clock_track &&
                                         pts == (uint64_t)walk->clock_pts);
    walk->clock_track = track;
    walk->clock_pts = (int64_t)pts;
    return boxes_number(box, 8, 4) == form[walk->clocks++] && is_same &&
           pts < (uint64_t)MOST_TICKS;
}

/* By how much its first picture is shown later than decoded. */
static int64_t ahead_of(const struct moof *moof)
{
    return (int32_t)(uint32_t)boxes_number(moof->trun, 24, 4);
}

/* A moof, whole with its 8 bytes. */
static bool moof_take(struct boxes_walk *walk, struct bytes box)
{
    struct boxes_facts *facts = &walk->facts;
    struct moof moof;
    int64_t first_pts = 0;
    int64_t end = 0;
    struct bytes body = {box.data + HEAD_BYTES, box.size - HEAD_BYTES};
    if (!moof_read(body, box.size, &moof) ||
        !samples_take(walk, &moof, &first_pts, &end)) {
        return false;
    }
    if (facts->fragments == 0) {
        facts->track = moof.track;
        facts->first_dts = moof.dts;
        facts->first_pts = first_pts;
        facts->starts_with_key = !(boxes_number(moof.trun, 20, 4) & IS_NO_KEY);
    } else {
        int64_t jump = moof.dts - facts->end_dts;
        jump = jump < 0 ? -jump : jump;
        facts->widest = jump > facts->widest ? jump : facts->widest;
    }
    if (walk->clocks > 0 && (walk->clock_track != moof.track ||
                             walk->clock_pts != moof.dts + ahead_of(&moof))) {
        return false; /* it speaks of another picture */
    }
    walk->clocks = 0;
    walk->wants_mdat = true;
    facts->fragments++;
    facts->frames += (moof.trun.size - 12) / SAMPLE_BYTES;
    facts->last_pts = first_pts;
    facts->last_dts = moof.dts;
    facts->end_dts = end;
    return moof.track == facts->track;
}

/* Keep what is needed of a piece until `wanted` bytes are held. */
static bool hold(struct boxes_walk *walk, size_t wanted, struct bytes *piece)
{
    size_t more = wanted - walk->held;
    more = more < piece->size ? more : piece->size;
    memcpy(walk->hold + walk->held, piece->data, more);
    walk->held += more;
    *piece = (struct bytes){piece->data + more, piece->size - more};
    return walk->held == wanted;
}

/* The 8 bytes of a box are here: which one, and does it fit? */
static bool box_begin(struct boxes_walk *walk, uint64_t size)
{
    if (walk->wants_mdat) {
        bool good = !memcmp(walk->hold + 4, "mdat", 4) &&
                    size == walk->media + HEAD_BYTES;
        walk->skip = walk->media;
        walk->wants_mdat = false;
        walk->held = 0;
        return good;
    }
    if (!memcmp(walk->hold + 4, "prft", 4)) {
        return size == PRFT_BYTES && walk->clocks < MOST_CLOCKS;
    }
    return !memcmp(walk->hold + 4, "moof", 4) && size > HEAD_BYTES &&
           size <= BOXES_MOST_MOOF;
}

static void pass_over(struct boxes_walk *walk, struct bytes *piece)
{
    size_t over = walk->skip < piece->size ? (size_t)walk->skip : piece->size;
    walk->skip -= over;
    *piece = (struct bytes){piece->data + over, piece->size - over};
}

void boxes_walk_put(struct boxes_walk *walk, struct bytes piece)
{
    while (piece.size > 0 && !walk->is_bad) {
        if (walk->skip > 0) {
            pass_over(walk, &piece);
            continue;
        }
        if (walk->held < HEAD_BYTES) {
            uint64_t size = 0;
            if (hold(walk, HEAD_BYTES, &piece)) {
                size = boxes_number((struct bytes){walk->hold, 4}, 0, 4);
                walk->is_bad = !box_begin(walk, size);
            }
            continue;
        }
        size_t whole =
            (size_t)boxes_number((struct bytes){walk->hold, 4}, 0, 4);
        if (hold(walk, whole, &piece)) {
            struct bytes box = {walk->hold, whole};
            bool is_clock = !memcmp(walk->hold + 4, "prft", 4);
            walk->is_bad =
                !(is_clock ? clock_take(walk, box) : moof_take(walk, box));
            walk->held = 0;
        }
    }
}

enum sting_status boxes_walk_end(const struct boxes_walk *walk,
                                 struct boxes_facts *out)
{
    *out = walk->facts;
    bool good = !walk->is_bad && walk->facts.fragments > 0 && walk->held == 0 &&
                walk->skip == 0 && !walk->wants_mdat && walk->clocks == 0;
    return good ? STING_OK : STING_E_FORMAT;
}
