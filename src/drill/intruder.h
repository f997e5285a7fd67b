/*
 * intruder: somebody who comes into the user's own picture, as chance has it:
 * how large, by which way, how fast, in which clothes.
 *
 * A figure is drawn from a camera that looks down at it by some degrees, with
 * no shadow and no light of its own on the room, so it is not easier to see
 * than somebody who is there.
 */
#ifndef STING_DRILL_INTRUDER_H
#define STING_DRILL_INTRUDER_H

#include "drill/chance.h"
#include "drill/figure.h"
#include "drill/matte.h"

/* By what the rates are told apart. Each has INTRUDER_VALUES values. */
enum intruder_trait {
    TRAIT_LIGHT, /* as filmed, half of it, a quarter */
    TRAIT_SIZE,
    TRAIT_PATH,
    TRAIT_SPEED,
    TRAIT_WHO,
    TRAITS
};
#define INTRUDER_STAY_LEAST_S 3 /* whoever stays, as he is drawn */
#define INTRUDER_STAY_MOST_S 9
#define INTRUDER_STRENGTH_LEAST 0.1 /* by which clothes stand out */
#define INTRUDER_STRENGTH_MOST 0.6
#define INTRUDER_VALUES 3 /* another number: not known of him */
enum intruder_who { WHO_FIGURE, WHO_CLIP };
enum intruder_path { PATH_ACROSS, PATH_BAIT, PATH_EDGE };

const char *trait_name(int trait); /* "light", "size" ... */
/* For programs ("as-filmed") and for people; NULL when it is not known. */
const char *trait_word(int trait, int value);
const char *trait_words(int trait, int value);

/* The value of TRAIT_SIZE, of who is so tall. */
int trait_size(float height_px, int picture_px);

/* The picture he comes into. */
struct intruder_stage {
    int width_px, height_px;
    float bait_x, bait_y; /* where it lies, px; below 0: not known */
};

struct intruder {
    uint8_t trait[TRAITS];
    float height_px;
    float speed;          /* own heights a second */
    float from_px, to_px; /* columns of the feet; then back, unless across */
    float foot_px;        /* row of the feet */
    float stay_s;         /* at to_px */
    float down;           /* how steeply the camera looks, radians */
    float contrast[4];    /* of hair, skin, jacket, trousers, to the room */
    float behind;         /* level of the room on his way */
    struct clothes clothes;
};

/* The `number`th of them: each value of each trait as often as another.
 * Another `draw` gives another of the same traits. */
struct intruder intruder_choose(uint64_t seed, uint32_t number, uint32_t draw,
                                int light, const struct intruder_stage *stage);

/* A box around all the way that he goes, in the picture's px: left, top,
 * width, height.
 * `behind` is to be set to the level of the room there. */
void intruder_way(const struct intruder *intruder, int box[4]);

/* From the first of him at the edge until he is out again, or has turned to
 * go: what a team has to be there for. */
double intruder_lasts_s(const struct intruder *intruder);
double intruder_leaves_s(const struct intruder *intruder);

/* Him, `into_s` after he began. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status intruder_draw(const struct intruder *intruder,
                                               double into_s,
                                               struct matte *out);

#endif
