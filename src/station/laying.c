#include "station/laying.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/line.h"

static void line_append(struct desk *desk, const struct laid_place *place,
                        struct moment now)
{
    char copy[16];
    (void)snprintf(copy, sizeof copy, "%" PRIu32, place->copy);
    const struct line_field field[] = {
        {"camera", place->camera},
        {"zone", place->zone},
        {"bait", place->bait[0] ? place->bait : NULL},
        {"copy", place->copy ? copy : NULL}};
    desk_line(desk, now, "laid", field, sizeof field / sizeof *field);
}

void laying_tell(struct laid *laid, struct desk *desk, struct moment now)
{
    struct laid changes STING_AUTO(laid_release) = {0};
    struct fault fault = {"", ""};
    enum sting_status status =
        laid_changes(laid, operation_config(desk->operation), &changes);
    for (size_t i = 0; i < changes.places && !status; i++) {
        line_append(desk, &changes.place[i], now);
        status = desk->core && !desk->is_broken
                     ? laid_set(laid, &changes.place[i])
                     : STING_OK;
    }
    if (status) {
        (void)!fault_set(&fault, status, "", "memory ran out");
        desk_break(desk, &fault);
    }
}
