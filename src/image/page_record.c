#include "image/page_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/sign.h"

#define HEAD_BYTES 10
#define FAR 255 /* a step of cells that is followed by more */
#define PLACE_STEPS 1024
#define SCALE_STEPS 32
#define SCALE_STEPS_A_LN 6.4F /* from 1 pt to 150 pt */
#define ANGLE_STEPS 128
#define LEAST_SIDE_PT 1.0F
#define MOST_SIDE_PT 14400.0F

static const float turn = 6.2831853F;

static uint32_t step_of(float part, int steps)
{
    float at = floorf(part * (float)steps);
    return at < 0 ? 0 : at >= (float)steps ? (uint32_t)steps - 1 : (uint32_t)at;
}

static uint32_t place_pack(const struct feature *f, float width, float height)
{
    float angle = f->angle / turn;
    uint32_t scale = step_of(
        logf(fmaxf(f->scale, 1)) * SCALE_STEPS_A_LN / SCALE_STEPS, SCALE_STEPS);
    return step_of(f->x / width, PLACE_STEPS) |
           step_of(f->y / height, PLACE_STEPS) << 10 | scale << 20 |
           step_of(angle - floorf(angle), ANGLE_STEPS) << 25;
}

struct sight page_record_place(uint32_t place, float width_pt, float height_pt)
{
    float x = (float)(place & 1023) + 0.5F;
    float y = (float)(place >> 10 & 1023) + 0.5F;
    float scale = (float)(place >> 20 & 31) + 0.5F;
    float angle = (float)(place >> 25) + 0.5F;
    return (struct sight){
        x / PLACE_STEPS * width_pt, y / PLACE_STEPS * height_pt,
        expf(scale / SCALE_STEPS_A_LN), angle / ANGLE_STEPS * turn};
}

/* One feature on its way to its row. */
struct row {
    struct sign sign;
    uint32_t place;
};

static int by_cell(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->sign.cell != b->sign.cell) {
        return a->sign.cell - b->sign.cell;
    }
    if (a->sign.bits != b->sign.bits) {
        return a->sign.bits < b->sign.bits ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

void page_record_of(const struct layout *layout, struct page_record *out)
{
    struct row row[PAGE_RECORD_MOST];
    size_t count = layout->list.count < PAGE_RECORD_MOST ? layout->list.count
                                                         : PAGE_RECORD_MOST;
    out->width_pt = (float)layout->width;
    out->height_pt = (float)layout->height;
    out->features = (uint16_t)count;
    for (size_t i = 0; i < count; i++) {
        const struct feature *f = &layout->list.feature[i];
        row[i] = (struct row){sign_of(f),
                              place_pack(f, out->width_pt, out->height_pt)};
    }
    if (count > 1) {
        qsort(row, count, sizeof *row, by_cell);
    }
    for (size_t i = 0; i < count; i++) {
        out->cell[i] = row[i].sign.cell;
        out->bits[i] = row[i].sign.bits;
        out->place[i] = row[i].place;
    }
}

static void put(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value |= (uint64_t)from[i] << (8 * i);
    }
    return value;
}

static enum sting_status step_write(int step, struct buffer *out)
{
    static const uint8_t far[] = {FAR};
    enum sting_status status = STING_OK;
    for (; !status && step >= FAR; step -= FAR) {
        status = buffer_append(out, (struct bytes){far, 1});
    }
    uint8_t last = (uint8_t)step;
    return status ? status : buffer_append(out, (struct bytes){&last, 1});
}

enum sting_status page_record_write(const struct page_record *record,
                                    struct buffer *out)
{
    uint8_t head[HEAD_BYTES];
    uint32_t side[2];
    memcpy(&side[0], &record->width_pt, sizeof side[0]);
    memcpy(&side[1], &record->height_pt, sizeof side[1]);
    put(head, side[0], 4);
    put(head + 4, side[1], 4);
    put(head + 8, record->features, 2);
    enum sting_status status =
        buffer_append(out, (struct bytes){head, sizeof head});
    for (int i = 0; !status && i < record->features; i++) {
        uint8_t row[12];
        put(row, record->bits[i], 8);
        put(row + 8, record->place[i], 4);
        status =
            step_write(record->cell[i] - (i ? record->cell[i - 1] : 0), out);
        if (!status) {
            status = buffer_append(out, (struct bytes){row, sizeof row});
        }
    }
    return status;
}

static enum sting_status take(struct bytes *from, size_t size,
                              const uint8_t **out)
{
    if (from->size < size) {
        return STING_E_FORMAT;
    }
    *out = from->data;
    from->data += size;
    from->size -= size;
    return STING_OK;
}

/* The next cell: the last one and steps, all but the end of them FAR. */
static enum sting_status cell_read(struct bytes *from, uint32_t last,
                                   uint16_t *out)
{
    const uint8_t *step;
    enum sting_status status;
    do {
        status = take(from, 1, &step);
        last += status ? 0 : *step;
        if (status || last >= SIGN_CELLS) {
            return STING_E_FORMAT;
        }
    } while (*step == FAR);
    *out = (uint16_t)last;
    return STING_OK;
}

static enum sting_status head_read(struct bytes *from, struct page_record *out)
{
    const uint8_t *head;
    uint32_t side[2];
    if (take(from, HEAD_BYTES, &head)) {
        return STING_E_FORMAT;
    }
    side[0] = (uint32_t)get(head, 4);
    side[1] = (uint32_t)get(head + 4, 4);
    memcpy(&out->width_pt, &side[0], sizeof side[0]);
    memcpy(&out->height_pt, &side[1], sizeof side[1]);
    out->features = (uint16_t)get(head + 8, 2);
    bool fits =
        out->width_pt >= LEAST_SIDE_PT && out->width_pt <= MOST_SIDE_PT &&
        out->height_pt >= LEAST_SIDE_PT && out->height_pt <= MOST_SIDE_PT &&
        out->features <= PAGE_RECORD_MOST;
    return fits ? STING_OK : STING_E_FORMAT;
}

enum sting_status page_record_read(struct bytes *from, struct page_record *out)
{
    struct bytes left = *from;
    enum sting_status status = head_read(&left, out);
    for (int i = 0; !status && i < out->features; i++) {
        const uint8_t *row;
        status = cell_read(&left, i ? out->cell[i - 1] : 0, &out->cell[i]);
        if (!status) {
            status = take(&left, 12, &row);
        }
        if (!status) {
            out->bits[i] = get(row, 8);
            out->place[i] = (uint32_t)get(row + 8, 4);
        }
    }
    if (!status) {
        *from = left;
    }
    return status;
}
