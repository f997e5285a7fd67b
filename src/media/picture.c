#include "media/picture.h"

#include "media/picture_kind.h"

static const struct picture_kind *const kind_table[] = {
    &picture_jpeg, &picture_png, &picture_webp, &picture_tiff, &picture_heic};

enum sting_status picture_damaged(const char *kind, struct fault *fault)
{
    return fault_set(fault, STING_E_FORMAT, "save it again from its source",
                     "the %s is damaged", kind);
}

enum sting_status picture_too_large(const char *kind, int64_t width_px,
                                    int64_t height_px, struct fault *fault)
{
    return fault_set(fault, STING_E_LIMIT, "scale it down, or cut it in parts",
                     "the %s is too large: %lldx%lld", kind,
                     (long long)width_px, (long long)height_px);
}

void picture_range_widen(uint8_t *row, int width_px)
{
    for (int x = 0; x < width_px; x++) {
        int v = ((row[x] - 16) * 255 + 109) / 219;
        row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

/* What the file is, by its first bytes; NULL: nothing that we know. */
static const struct picture_kind *kind_of(struct bytes file)
{
    for (size_t i = 0; i < sizeof kind_table / sizeof *kind_table; i++) {
        if (kind_table[i]->is(file)) {
            return kind_table[i];
        }
    }
    return NULL;
}

static enum sting_status refuse(struct bytes file, struct fault *fault)
{
    return fault_set(fault, STING_E_UNSUPPORTED,
                     "give a JPEG, PNG, WebP, TIFF, HEIC, PDF or video",
                     file.size ? "this is not a picture that we know"
                               : "the file is empty");
}

static enum sting_status facts_of(struct bytes file,
                                  const struct picture_kind **found,
                                  struct picture_facts *out,
                                  struct fault *fault)
{
    const struct picture_kind *kind = *found = kind_of(file);
    if (file.size > PICTURE_MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "", "the file is too large");
    }
    if (!kind) {
        return refuse(file, fault);
    }
    struct picture_facts facts = {
        .kind = kind->name, .sheets = 1, .exif = {.orientation = 1}};
    enum sting_status status = kind->facts(file, &facts, fault);
    if (status) {
        return status;
    }
    if (!facts.exif.is_whole) {
        return fault_set(fault, STING_E_FORMAT, "save it again from its source",
                         "the %s is cut short", kind->name);
    }
    if (facts.exif.scans > PICTURE_MOST_SCANS) {
        return fault_set(fault, STING_E_LIMIT, "save it again from its source",
                         "the %s has %d scans", kind->name, facts.exif.scans);
    }
    int64_t width = facts.exif.width_px, height = facts.exif.height_px;
    if (width * height > PICTURE_MOST_PIXELS) {
        return picture_too_large(kind->name, width, height, fault);
    }
    *out = facts;
    return STING_OK;
}

enum sting_status picture_facts_read(struct bytes file,
                                     struct picture_facts *out,
                                     struct fault *fault)
{
    const struct picture_kind *kind;
    return facts_of(file, &kind, out, fault);
}

/* Where the upright pixel (x, y) stands in a stored picture of w x h. */
static uint8_t turned(const struct plane *from, int orientation, int x, int y)
{
    int w = from->width_px - 1, h = from->height_px - 1;
    bool swaps = orientation >= 5;
    int sx = swaps ? y : x, sy = swaps ? x : y;
    /* 2 3 7 8: the stored columns run against ours; 3 4 6 7: the rows. */
    if (orientation == 2 || orientation == 3 || orientation == 7 ||
        orientation == 8) {
        sx = w - sx;
    }
    if (orientation == 3 || orientation == 4 || orientation == 6 ||
        orientation == 7) {
        sy = h - sy;
    }
    return plane_row(from, sy)[sx];
}

static enum sting_status plane_turn(struct plane *plane, int orientation)
{
    if (orientation == 1) {
        return STING_OK;
    }
    bool swaps = orientation >= 5;
    struct plane upright;
    enum sting_status status =
        plane_init(&upright, swaps ? plane->height_px : plane->width_px,
                   swaps ? plane->width_px : plane->height_px);
    if (status) {
        return status;
    }
    for (int y = 0; y < upright.height_px; y++) {
        for (int x = 0; x < upright.width_px; x++) {
            plane_row(&upright, y)[x] = turned(plane, orientation, x, y);
        }
    }
    plane_release(plane);
    *plane = upright;
    return STING_OK;
}

enum sting_status picture_decode(struct bytes file, int sheet,
                                 struct plane *out, struct fault *fault)
{
    const struct picture_kind *kind = NULL;
    struct picture_facts facts = {0};
    struct plane grey STING_AUTO(plane_release) = {0};
    enum sting_status status = facts_of(file, &kind, &facts, fault);
    if (!status && (sheet < 0 || sheet >= facts.sheets)) {
        status = STING_E_ARG;
    }
    if (status) {
        return status;
    }
    int orientation = facts.exif.orientation;
    status = kind->decode(file, sheet, &grey, &orientation, fault);
    if (!status) {
        status = plane_turn(&grey, orientation);
    }
    if (!status) {
        *out = grey;
        grey = (struct plane){0};
    }
    return status;
}
