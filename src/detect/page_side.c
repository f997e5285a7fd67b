#include "detect/page_side.h"

#include <string.h>

#define SAME 0.33F  /* of the known print: 0.5 to 0.85 against up to 0.2 */
#define BLANK 0.06F /* less power of print than this: the back, or .. */
#define DOUBT                                                                  \
    0.08F /* .. than this part of the noise, which is as uncertain             \
           */
#define MOST_LOOKS 12

enum sting_status page_side_init(struct page_side *side, int width, int height)
{
    enum sting_status status = plane_f_init(&side->fine, width, height);
    return status ? status : plane_f_init(&side->work, width, height);
}

void page_side_release(struct page_side *side)
{
    plane_f_release(&side->fine);
    plane_f_release(&side->work);
}

void page_side_learn(struct page_side *side, const struct face_side *face)
{
    if (side->is_known) {
        return;
    }
    size_t pixels = (size_t)side->fine.width_px * (size_t)side->fine.height_px;
    memcpy(side->fine.data, face->fine->data, pixels * sizeof(float));
    side->sheet = *face->sheet;
    side->is_known = true;
}

void page_side_forget(struct page_side *side)
{
    side->looks = 0;
}

void page_side_follow(struct page_side *side, bool has_corners)
{
    if (has_corners != side->has_corners) {
        side->looks = 0;
    }
    side->has_corners = has_corners;
}

enum page_state page_side_judge(struct page_side *side,
                                const struct face_side *now, float noise,
                                float light, double little_px)
{
    struct page_face face;
    const struct face_side known = {&side->fine, &side->sheet};
    if (!page_face_compare(&known, now, noise, light, &side->work, &face)) {
        return PAGE_LIFTED;
    }
    side->looks += side->looks < MOST_LOOKS;
    side->same += (face.same - side->same) / (float)side->looks;
    side->power += (face.power - side->power) / (float)side->looks;
    if (side->same > SAME) {
        return (double)face.moved_px < little_px ? PAGE_IN_VIEW : PAGE_MOVED;
    }
    return side->power < BLANK + DOUBT * face.noise_power ? PAGE_TURNED
                                                          : PAGE_CHANGED;
}
