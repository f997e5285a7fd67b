/*
 * detector: is somebody there, did the light change, is the lens covered?
 * Pictures in, observations out.
 *
 * It learns the scene and its noise by itself and has no knob: the threshold
 * comes from the quiet. While nothing happens it is content with keyframes;
 * when something stirs it asks for all frames, at most DETECT_BURST_US per
 * onset, to make sure. Times are arguments; the same pictures give the same
 * observations.
 *
 * Threads: one at a time.
 */
#ifndef STING_DETECT_DETECTOR_H
#define STING_DETECT_DETECTOR_H

#include "base/plane.h"
#include "detect/page_event.h"

#define DETECT_LEARN_US INT64_C(5000000)       /* when all is still */
#define DETECT_LEARN_MOST_US INT64_C(20000000) /* when it is not */
#define DETECT_BURST_US INT64_C(10000000)
#define DETECT_MOST_ZONES 16
#define DETECT_MOST_POINTS 32
#define DETECT_MOST_EVENTS 8
#define DETECT_MOST_PAGES 48

/* In the order of what the rest of the program calls incident kinds. */
enum detect_kind {
    DETECT_PERSON,
    DETECT_PAGE,
    DETECT_LIGHT,
    DETECT_TAMPER,
    DETECT_LOSS,
    DETECT_LEARNING,
    DETECT_KINDS
};

struct detect_point {
    float x, y; /* parts of width and height, 0 to 1 */
};

struct detect_zone {
    bool has_bait;
    float metres;                /* of the marked length, 0: none is marked */
    struct detect_point mark[2]; /* where it begins and ends */
    int points;                  /* 3 to DETECT_MOST_POINTS */
    struct detect_point point[DETECT_MOST_POINTS];
};

struct detect_event {
    enum detect_kind kind;
    bool begins;   /* else it ends */
    int64_t at_us; /* when it began or ended, by the pictures */
    int zone;      /* index, -1: outside all zones */
    double score;  /* log of how far over the usual noise */
};

/* How faint, and how small, somebody may be and still be found: see sight.h. */
struct detect_sight {
    int zone;        /* index, -1: the whole picture */
    bool is_unquiet; /* learned while somebody moved: nothing else is known */
    float contrast;  /* least found, as a part of the background's level */
    float size;      /* least height found in plain clothes, of the picture's */
    float tall;      /* height for which contrast holds, of the picture's */
    float level;     /* of the background, in grey levels */
    float noise;     /* of a cell, in grey levels */
};

struct detect_look {
    uint8_t activity; /* 128: where suspicion begins */
    bool wants_all;   /* look at every frame from this keyframe on */
    int persons;      /* who could be told apart so far; 0: nobody is there */
    int events;
    struct detect_event event[DETECT_MOST_EVENTS];
    bool is_cut; /* none was seen to end: no more pictures came */
    int sights;  /* told now and then, of every zone */
    struct detect_sight sight[DETECT_MOST_ZONES + 1];
    int news;  /* filled by looker: an enum news_worth */
    int cause; /* filled by tamper: an enum tamper_cause when it begins, else 0
                */
    int pages; /* filled by page_zones */
    struct page_event page[DETECT_MOST_PAGES];
};

struct detector;

/* For pictures of this size, at least 16 x 16. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status detector_new(int width_px, int height_px,
                                              const struct detect_zone *zone,
                                              int zones, struct detector **out);
void detector_free(struct detector **detector);

/* False alarms of presence that are allowed, a day; 1 unless it is said. */
void detector_budget(struct detector *detector, double presence_a_day);

/* What is black, in grey levels: 16 in video as television has it, else 0. */
void detector_black(struct detector *detector, float level);

/* The camera goes on with another coder, or in another size. Where this picture
 * shows the scene that is known, that and who is there stay, the noise alone is
 * learned anew, and pictures of that size are looked at from now on. False: it
 * is another scene, or none is known yet; another detector has to learn it. */
STING_MUST_USE bool detector_renew(struct detector *detector,
                                   const struct plane *picture);

/* Look at a picture of that size, later than the one before. */
void detector_look(struct detector *detector, const struct plane *picture,
                   int64_t at_us, bool key, struct detect_look *out);

/* End what is open: no more pictures will come, so nobody sees it end. */
void detector_finish(struct detector *detector, int64_t at_us,
                     struct detect_look *out);

#endif
