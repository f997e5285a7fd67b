/*
 * garage: what stands in it, what it is made of, and where its camera hangs.
 */
#ifndef STING_DRILL_GARAGE_H
#define STING_DRILL_GARAGE_H

#include "base/base.h"
#include "drill/chance.h"
#include "drill/colour.h"
#include "drill/solid.h"

#define GARAGE_WIDTH 1280
#define GARAGE_HEIGHT 720
#define GARAGE_MOST_SOLIDS 160
#define GARAGE_MOST_PAGES 4

enum material {
    MATERIAL_FLOOR,
    MATERIAL_WALL,
    MATERIAL_CEILING,
    MATERIAL_WOOD,
    MATERIAL_BOARD, /* the table's top */
    MATERIAL_CARTON,
    MATERIAL_STEEL,
    MATERIAL_DARK,
    MATERIAL_PAINT,
    MATERIAL_RED,
    MATERIAL_SHADE, /* of the lamp, outside */
    MATERIAL_BULB,
    MATERIAL_DOOR,
    MATERIAL_PAGE, /* and the following GARAGE_MOST_PAGES - 1 */
    MATERIAL_PAGE_LAST = MATERIAL_PAGE + GARAGE_MOST_PAGES - 1,
    MATERIAL_SKIN, /* what figures wear is not textured */
    MATERIAL_HAIR,
    MATERIAL_JACKET,
    MATERIAL_TROUSERS,
    MATERIAL_SHOES,
    MATERIAL_PHONE,
};

struct garage {
    struct solid solid[GARAGE_MOST_SOLIDS];
    int solids;
    struct vec eye; /* of the camera */
    struct vec right, up, ahead;
    float focal_px;
    struct vec lamp;  /* its bulb */
    struct vec table; /* middle of its top */
    struct vec page[GARAGE_MOST_PAGES];
    float page_yaw[GARAGE_MOST_PAGES];
    struct vec door; /* middle of the doorway, on the floor */
    struct plane_f print[GARAGE_MOST_PAGES]; /* owned: what the pages show */
    int pages;
    uint32_t pattern; /* seed of all textures */
};

/* Furnish it; the seed moves what may be moved. Takes over `print` (may hold
 * empty planes: such pages show lines of grey). */
void garage_init(struct garage *out, uint64_t seed,
                 struct plane_f print[GARAGE_MOST_PAGES]);
void garage_release(struct garage *garage);

/* The ray through a place of the picture, px. */
struct ray garage_ray(const struct garage *garage, float x, float y);

/* Where a point appears in the picture; false behind the camera. */
bool garage_place(const struct garage *garage, struct vec point, float *x,
                  float *y);

/* Reflectance of what a ray met, red, green, blue. */
void garage_albedo(const struct garage *garage, const struct hit *hit,
                   struct vec point, float out[3]);

#define GARAGE_MOST_CORNERS (4 * GARAGE_MOST_PAGES)

/* A polygon around all pages on the table as they appear, in parts of width
 * and height; gives the number of its corners. */
int garage_zone(const struct garage *garage,
                float corner[GARAGE_MOST_CORNERS][2]);

#endif
