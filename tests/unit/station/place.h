/*
 * place: an operation with its core, and a console before which nobody sits.
 *
 * Borrows from itself: it must stay where it was made.
 */
#ifndef STING_TESTS_STATION_PLACE_H
#define STING_TESTS_STATION_PLACE_H

#include "station/console.h"
#include "tests/operation_fixture.h"

struct place {
    struct fixture fixture;
    struct operation *operation;
    struct core *core;
    struct teller teller;
    struct desk desk;
    struct console console;
};

static inline void place_make(struct place *place)
{
    struct fault fault = {"", ""};
    *place =
        (struct place){.fixture = fixture_make(NULL), .console = CONSOLE_NONE};
    place->operation = fixture_open(&place->fixture);
    assert_true(!core_open(place->operation, clock_now, &place->core, &fault));
    place->desk = (struct desk){.operation = place->operation,
                                .core = place->core,
                                .teller = &place->teller};
    place->console.desk = &place->desk;
}

static inline void place_release(struct place *place)
{
    console_release(&place->console);
    core_free(&place->core);
    operation_close(&place->operation);
    fixture_release(&place->fixture);
}

#endif
