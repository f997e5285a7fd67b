#include "watch/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "wire/print.h"

static bool is_print(const struct wire_head *head, struct bytes grey)
{
    const int64_t *number = head->number;
    return number[0] > 0 && number[0] <= UINT32_MAX && number[1] > 0 &&
           number[1] <= PRINT_MOST_PAGE && number[2] > 0 &&
           number[2] <= PRINT_MOST_PX && number[3] > 0 &&
           number[3] <= PRINT_MOST_PX &&
           grey.size == (size_t)(number[2] * number[3]);
}

const struct page_print *shelf_take(struct shelf *shelf,
                                    const struct wire_head *head,
                                    struct bytes grey)
{
    if (shelf->prints == PAGE_PRINTS_MOST || !is_print(head, grey)) {
        return NULL;
    }
    struct page_print *print = calloc(1, sizeof *print);
    if (!print ||
        plane_init(&print->grey, (int)head->number[2], (int)head->number[3])) {
        free(print);
        return NULL;
    }
    print->zones = (uint32_t)head->number[0];
    print->page = (int)head->number[1];
    for (int y = 0; y < print->grey.height_px; y++) {
        size_t width = (size_t)print->grey.width_px;
        memcpy(plane_row(&print->grey, y), grey.data + (size_t)y * width,
               width);
    }
    shelf->print[shelf->prints++] = print;
    return print;
}

void shelf_release(struct shelf *shelf)
{
    for (int i = 0; i < shelf->prints; i++) {
        plane_release(&shelf->print[i]->grey);
        free(shelf->print[i]);
    }
    shelf->prints = 0;
}
