/* The only file that knows libvlfeat. It keeps global state, so features
 * are found by one thread at a time. */
#include "image/feature.h"

#include <math.h>
#include <stdlib.h>

#include <vl/sift.h>

#define LEVELS 3     /* an octave */
#define LEAST_SIDE 8 /* pixels: SIFT can do nothing below */
#define ANGLES 4     /* orientations of one place, at most */
#define UNIT 512.0

static void filter_free(VlSiftFilt **filter)
{
    if (*filter) {
        vl_sift_delete(*filter);
    }
    *filter = NULL;
}

static double contrast_of(const VlSiftFilt *filter, const VlSiftKeypoint *key)
{
    int width = filter->octave_width;
    int height = filter->octave_height;
    ptrdiff_t plane = (ptrdiff_t)(key->is - filter->s_min) * width * height;
    ptrdiff_t at = plane + (ptrdiff_t)key->iy * width + key->ix;
    return fabs((double)filter->dog[at]);
}

static enum sting_status list_add(struct feature_list *list, size_t *capacity,
                                  const struct feature *feature)
{
    if (list->count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : 1024;
        void *grown =
            reallocarray(list->feature, wanted, sizeof *list->feature);
        if (!grown) {
            return STING_E_NOMEM;
        }
        list->feature = grown;
        *capacity = wanted;
    }
    list->feature[list->count++] = *feature;
    return STING_OK;
}

static void describe(VlSiftFilt *filter, const VlSiftKeypoint *key,
                     double angle, struct feature *out)
{
    float raw[FEATURE_LENGTH];
    double sum = 1e-9;
    vl_sift_calc_keypoint_descriptor(filter, raw, key, angle);
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        sum += (double)raw[i];
    }
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        out->part[i] = (int16_t)(UNIT * sqrt((double)raw[i] / sum) + 0.5);
    }
    out->x = key->x + 0.5F;
    out->y = key->y + 0.5F;
    out->scale = key->sigma;
    out->angle = (float)angle;
    out->strength = (float)contrast_of(filter, key);
}

/* Contrasts of all places found so far, to tell which are worth describing:
 * that costs far more than finding them. */
struct contrasts {
    float *value; /* owned */
    size_t count;
};

static void contrasts_release(struct contrasts *contrasts)
{
    free(contrasts->value);
    *contrasts = (struct contrasts){0};
}

static int descending(const void *left, const void *right)
{
    float a = *(const float *)left;
    float b = *(const float *)right;
    return (a < b) - (a > b);
}

/* Add this octave's places. A place weaker than *least is not among the
 * `most` strongest, whatever the octaves to come bring. */
static enum sting_status contrasts_add(struct contrasts *contrasts,
                                       const VlSiftFilt *filter, size_t most,
                                       double *least)
{
    const VlSiftKeypoint *key = vl_sift_get_keypoints(filter);
    size_t keys = (size_t)vl_sift_get_nkeypoints(filter);
    float *grown = reallocarray(contrasts->value, contrasts->count + keys + 1,
                                sizeof *grown);
    if (!grown) {
        return STING_E_NOMEM;
    }
    contrasts->value = grown;
    for (size_t i = 0; i < keys; i++) {
        grown[contrasts->count++] = (float)contrast_of(filter, &key[i]);
    }
    qsort(grown, contrasts->count, sizeof *grown, descending);
    contrasts->count = contrasts->count < most ? contrasts->count : most;
    *least = contrasts->count < most ? 0 : (double)grown[most - 1];
    return STING_OK;
}

static enum sting_status key_add(VlSiftFilt *filter, const VlSiftKeypoint *key,
                                 struct feature_list *list, size_t *capacity)
{
    enum sting_status status = STING_OK;
    double angle[ANGLES];
    int angles = vl_sift_calc_keypoint_orientations(filter, angle, key);
    for (int a = 0; a < angles && !status; a++) {
        struct feature feature;
        describe(filter, key, angle[a], &feature);
        status = list_add(list, capacity, &feature);
    }
    return status;
}

/* The features of the octave that the filter stands at. */
static enum sting_status octave_add(VlSiftFilt *filter,
                                    struct contrasts *contrasts, size_t most,
                                    struct feature_list *list, size_t *capacity)
{
    double least = 0;
    vl_sift_detect(filter);
    enum sting_status status = contrasts_add(contrasts, filter, most, &least);
    const VlSiftKeypoint *key = vl_sift_get_keypoints(filter);
    int keys = vl_sift_get_nkeypoints(filter);
    for (int i = 0; i < keys && !status; i++) {
        if (contrast_of(filter, &key[i]) >= least) {
            status = key_add(filter, &key[i], list, capacity);
        }
    }
    return status;
}

/* Strongest first; equal ones by place, so that the order is always one. */
static int stronger(const void *left, const void *right)
{
    const struct feature *a = left;
    const struct feature *b = right;
    if (a->strength < b->strength || a->strength > b->strength) {
        return a->strength < b->strength ? 1 : -1;
    }
    if (a->y < b->y || a->y > b->y) {
        return a->y < b->y ? -1 : 1;
    }
    return (a->x > b->x) - (a->x < b->x);
}

enum sting_status feature_find(const struct plane_f *plane,
                               const struct feature_options *options,
                               struct feature_list *out)
{
    struct feature_list list STING_AUTO(feature_list_release) = {0};
    struct contrasts contrasts STING_AUTO(contrasts_release) = {0};
    size_t capacity = 0;
    if (plane->width_px < LEAST_SIDE || plane->height_px < LEAST_SIDE) {
        *out = list;
        return STING_OK;
    }
    VlSiftFilt *filter STING_AUTO(filter_free) =
        vl_sift_new(plane->width_px, plane->height_px, -1, LEVELS,
                    options->doubled ? -1 : 0);
    if (!filter) {
        return STING_E_NOMEM;
    }
    vl_sift_set_peak_thresh(filter, options->contrast);
    vl_sift_set_edge_thresh(filter, options->edge);
    enum sting_status status = STING_OK;
    int err = vl_sift_process_first_octave(filter, plane->data);
    while (!status && !err) {
        status =
            octave_add(filter, &contrasts, options->most, &list, &capacity);
        err = vl_sift_process_next_octave(filter);
    }
    if (status) {
        return status;
    }
    if (list.count > 1) {
        qsort(list.feature, list.count, sizeof *list.feature, stronger);
    }
    list.count = list.count < options->most ? list.count : options->most;
    *out = list;
    list = (struct feature_list){0};
    return STING_OK;
}

void feature_list_release(struct feature_list *list)
{
    free(list->feature);
    *list = (struct feature_list){0};
}

int feature_likeness(const struct feature *a, const struct feature *b)
{
    int sum = 0;
    for (int i = 0; i < FEATURE_LENGTH; i++) {
        sum += a->part[i] * b->part[i];
    }
    return sum;
}
