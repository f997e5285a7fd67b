/* The record of a page's units: docs/formats/bait.md, "page record". */
#include "mark/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_SIZE 13 /* width, height, state, units */
#define UNIT_SIZE 33
#define AXIS_BITS 2
#define MOST_PT 20000.0F /* wider pages do not exist */

void mark_page_release(struct mark_page *page)
{
    free(page->unit);
    *page = (struct mark_page){0};
}

static uint8_t *put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        *to++ = (uint8_t)(value >> (8 * i));
    }
    return to;
}

static uint8_t *put_u16(uint8_t *to, uint16_t value)
{
    *to++ = (uint8_t)value;
    *to++ = (uint8_t)(value >> 8);
    return to;
}

static uint8_t *put_float(uint8_t *to, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_u32(to, bits);
}

static uint32_t take_u32(const uint8_t **from)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        value |= (uint32_t) * (*from)++ << (8 * i);
    }
    return value;
}

static uint16_t take_u16(const uint8_t **from)
{
    uint32_t low = *(*from)++;
    uint32_t high = *(*from)++;
    return (uint16_t)(low | high << 8);
}

static float take_float(const uint8_t **from)
{
    uint32_t bits = take_u32(from);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint8_t *put_unit(uint8_t *to, const struct mark_unit *unit)
{
    const float number[] = {unit->x0_pt,   unit->y0_pt, unit->x1_pt,
                            unit->y1_pt,   unit->ux,    unit->uy,
                            unit->shift_pt};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        to = put_float(to, number[i]);
    }
    to = put_u16(to, unit->word);
    to = put_u16(to, unit->line);
    *to++ = (uint8_t)(unit->axis | unit->faint << AXIS_BITS);
    return to;
}

enum sting_status mark_page_write(const struct mark_page *page,
                                  struct buffer *out)
{
    size_t size = HEAD_SIZE + (size_t)page->units * UNIT_SIZE;
    enum sting_status status = buffer_reserve(out, size);
    if (status) {
        return status;
    }
    uint8_t *to = out->data + out->size;
    to = put_float(to, page->width_pt);
    to = put_float(to, page->height_pt);
    *to++ = page->state;
    to = put_u32(to, page->units);
    for (uint32_t u = 0; u < page->units; u++) {
        to = put_unit(to, &page->unit[u]);
    }
    *to = 0;
    out->size += size;
    return STING_OK;
}

/* Gives false for what no page of ours can hold, NaN included. */
static bool unit_is_sound(const struct mark_unit *unit)
{
    float length = unit->ux * unit->ux + unit->uy * unit->uy;
    return fabsf(unit->x0_pt) <= MOST_PT && fabsf(unit->y0_pt) <= MOST_PT &&
           unit->x1_pt >= unit->x0_pt && unit->x1_pt <= MOST_PT &&
           unit->y1_pt >= unit->y0_pt && unit->y1_pt <= MOST_PT &&
           fabsf(length - 1) < 0.01F && unit->shift_pt > 0 &&
           unit->shift_pt < 10 && (unit->axis >= MARK_CELL_X || !unit->faint);
}

static bool take_unit(const uint8_t **from, struct mark_unit *unit)
{
    float *const number[] = {&unit->x0_pt,   &unit->y0_pt, &unit->x1_pt,
                             &unit->y1_pt,   &unit->ux,    &unit->uy,
                             &unit->shift_pt};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        *number[i] = take_float(from);
    }
    unit->word = take_u16(from);
    unit->line = take_u16(from);
    uint8_t both = *(*from)++;
    unit->axis = both & ((1 << AXIS_BITS) - 1);
    unit->faint = both >> AXIS_BITS;
    return unit_is_sound(unit);
}

static bool page_is_sound(const struct mark_page *page)
{
    return page->width_pt > 0 && page->width_pt <= MOST_PT &&
           page->height_pt > 0 && page->height_pt <= MOST_PT &&
           page->state < MARK_PAGE_STATES && page->units <= MARK_MOST_UNITS;
}

enum sting_status mark_page_read(struct bytes *from, struct mark_page *out)
{
    const uint8_t *at = from->data;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    if (from->size < HEAD_SIZE) {
        return STING_E_FORMAT;
    }
    page.width_pt = take_float(&at);
    page.height_pt = take_float(&at);
    page.state = *at++;
    page.units = take_u32(&at);
    size_t size = HEAD_SIZE + (size_t)page.units * UNIT_SIZE;
    if (!page_is_sound(&page) || from->size < size) {
        return STING_E_FORMAT;
    }
    page.unit = calloc(page.units ? page.units : 1, sizeof *page.unit);
    if (!page.unit) {
        return STING_E_NOMEM;
    }
    for (uint32_t u = 0; u < page.units; u++) {
        if (!take_unit(&at, &page.unit[u])) {
            return STING_E_FORMAT;
        }
    }
    *from = (struct bytes){from->data + size, from->size - size};
    *out = page;
    page = (struct mark_page){0};
    return STING_OK;
}
