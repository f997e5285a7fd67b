/*
 * detector_state: what the detector remembers from look to look, and what its
 * parts offer each other: `loud` (what passes for chance), `lighting`,
 * `renewal`, `suspicion`, `presence`, `crowd`. Only these files include this.
 */
#ifndef STING_DETECT_DETECTOR_STATE_H
#define STING_DETECT_DETECTOR_STATE_H

#include "detect/detector.h"
#include "detect/evidence.h"
#include "detect/quiet.h"
#include "detect/scene.h"
#include "detect/zone_cells.h"

#define SUSPECT_LOOKS 600.0 /* chance stirs us once in ten minutes */
#define GLANCE_LOOKS 10.0   /* and has us glance at a few frames */
#define SURE_LOOKS 100000.0 /* and does not convince us within a day */
#define WALKS 4.0f          /* nats by which walking must be likelier, */
#define WALKS_ROOT 0.8f     /* and of the root of all that there are */
#define FASTEST 1.3f        /* anybody walks, own heights a second */
#define STILL_US 3000000    /* a thing that does not move is no person */

/* All that stands out for certain at one look, in cells. */
struct patch {
    int cells; /* 0: nothing is loud by itself */
    int left, right, top, bottom;
    float x, y; /* its middle */
};

/* Looks in a row that are over suspicion and go on as somebody walks. */
struct chain {
    int looks, walks; /* of them, those that saw it walk */
    int from_x, x, y;
};

enum state { LEARNING, QUIET, SUSPECT, PRESENT };

struct detector {
    struct scene scene;
    struct zone_cells zones;
    struct quiet quiet[SCENE_MODES]; /* of windows, in logarithms */
    struct quiet proof[SCENE_MODES]; /* of evidence */
    struct quiet anew[SCENE_MODES];  /* of windows, of another coder */
    bool is_renewed;                 /* that law is learned yet, */
    int64_t renewed_us;              /* since then; -1: since the next look */
    struct evidence evidence;
    struct plane_f onset; /* cells of the look that stirred us */
    struct plane_f stood; /* cells when motion was last seen */
    int mover_x, mover_y; /* and where */
    int mover_left, mover_top, mover_right, mover_bottom; /* all of it */
    int still_x, still_y; /* where what stands out was first, */
    int64_t still_us;     /* since when it is there, */
    int64_t near_us;      /* and was seen there last */
    float mover_cells;    /* how much of the picture moving people took */
    float mover_log;      /* and how loud their loudest window was */
    int persons;          /* told apart so far in this presence */
    int crowd, crowd_run; /* more were seen in so many looks in a row */
    int64_t crowd_us;     /* since then */
    int crowd_tall;       /* cells: the tallest of this presence */
    enum state state;
    int64_t begin_us; /* of the first look */
    int64_t last_us;
    int64_t past_us, between_us;
    int64_t onset_us; /* of the look that stirred us */
    int64_t burst_us; /* when all frames were asked for last */
    int64_t close_us; /* when somebody was certain, or at a bait, last */
    float black;      /* grey levels */
    int64_t sight_us; /* when what can be seen was told last; 0: never */
    float tall[DETECT_MOST_ZONES]; /* a person there, of the picture */
    double sure_looks;             /* by chance once in so many */
    int64_t seen_us;      /* when something was last there and moving */
    int64_t thing_us;     /* when a thing became part of the scene last, */
    int thing_x, thing_y; /* and where it stood */
    int64_t moved_us;     /* when motion was last seen, learning too */
    int run;              /* looks in a row that say person, in one place */
    int64_t run_us;       /* when it began */
    bool bright;          /* and was only bright at times */
    bool onset_bright;    /* so was what stirred us */
    bool glances;         /* what stirred us is fainter than suspicion asks */
    float may_glance;     /* so often, saved up */
    int paced;            /* those that saw it walk, less those that did not */
    int run_x;            /* where it began */
    int place_x, place_y;
    struct patch patch; /* the same, of what is loud */
    struct chain chain; /* and of what is faint */
    int64_t place_us;
    float onset_proof;
    float onset_height;
    enum scene_mode onset_mode;
    uint32_t zones_entered; /* bit of each zone told of, in this presence */
    bool outside;           /* told of outside all zones */
    float best;             /* highest score of this presence */
    int64_t light_since_us; /* -1: no light event */
    int64_t light_last_us;
    bool hides;             /* beside that, something is before the scene */
    int64_t uneven_us;      /* when it last changed more than light does */
    int64_t cover_since_us; /* -1 */
    bool covered;           /* told */
    int moved_looks;        /* of learning: those that saw something move */
    bool is_unquiet;        /* there were many; since then: */
    struct quiet calm[SCENE_MODES];       /* windows while all is quiet, */
    struct quiet calm_proof[SCENE_MODES]; /* and evidence, */
    int64_t calm_us;                      /* for so long by now, */
    int64_t quiet_us;                     /* and in all */
};

void detector_tell(struct detect_look *look, struct detect_event event);

/* ---- loud: what chance shows once in so many looks ---- */

/* Of windows, a logarithm. */
float loud_threshold(const struct detector *d, enum scene_mode mode,
                     double looks);

/* Of evidence for figures. */
float loud_figure_threshold(const struct detector *d, enum scene_mode mode,
                            double looks);

/* Does a figure stand out that chance shows once in so many looks? */
bool loud_figure(const struct detector *d, enum scene_mode mode, double looks);

/* Does walking explain the figure better than standing does? Of what is loud,
 * noise shakes more. */
bool loud_walks(const struct detector *d);

/* A figure, or anything else? */
bool loud_over(const struct detector *d, enum scene_mode mode, double looks);

/* Mark the cells of what stirs us. */
void loud_mark(struct detector *d, enum scene_mode mode);

/* The look was quiet: learn how loud that is. */
void loud_learn(struct detector *d, enum scene_mode mode);

/* How far over the usual, in logarithms, and never below zero. */
double loud_score(const struct detector *d, enum scene_mode mode);

/* The same from 0 to 255; 128 where suspicion begins. */
uint8_t loud_activity(const struct detector *d, enum scene_mode mode);

/* ---- lighting: what changes everything ---- */

/* Follow it. Gives true while nothing else may be concluded. */
bool lighting_follow(struct detector *d, struct detect_look *look,
                     int64_t at_us, enum scene_mode mode);

/* Is what stands out a shadow or a patch of light, edges as they were? */
bool lighting_on_edges(struct detector *d, enum scene_mode mode);

/* In a presence in which the light changed: what stands out lets the edges
 * behind it be seen, so light left it there. */
bool lighting_left(struct detector *d, enum scene_mode mode);

void lighting_cover(struct detector *d, struct detect_look *look, int64_t at_us,
                    bool covers);

/* ---- renewal: another coder ---- */

/* Nothing new is concluded until its law is learned. */
void renewal_look(struct detector *d, struct detect_look *look, int64_t at_us,
                  enum scene_mode mode);

/* ---- suspicion: something stirs, all frames are looked at ---- */

void suspicion_begin(struct detector *d, int64_t at_us, enum scene_mode mode);
void suspicion_look(struct detector *d, struct detect_look *look, int64_t at_us,
                    enum scene_mode mode);

/* Where what stands out is, in cells. */
void suspicion_place(const struct detector *d, enum scene_mode mode, int *x,
                     int *y);

/* ---- presence: somebody is there ---- */

void presence_begin(struct detector *d, struct detect_look *look, int64_t at_us,
                    enum scene_mode mode);
void presence_look(struct detector *d, struct detect_look *look, int64_t at_us,
                   enum scene_mode mode);
void presence_end(struct detector *d, struct detect_look *look);

/* ---- crowd: how many are there ---- */

/* How many who move could be told apart at once in this presence, so far:
 * apart from left to right, beside each other, for a while. Else one. */
int crowd_look(struct detector *d, int64_t at_us, enum scene_mode mode);

/* What stays and does not move is a thing: it becomes part of the scene. */
void thing_absorb(struct detector *d, struct detect_look *look, int64_t at_us,
                  enum scene_mode mode);

#endif
