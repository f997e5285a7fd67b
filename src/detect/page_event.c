#include "detect/page_event.h"

static const struct {
    const char *name;
    bool is_touch;
} state_trait[PAGE_STATES] = {
    [PAGE_LEARNING] = {"learning", false}, [PAGE_IN_VIEW] = {"in-view", false},
    [PAGE_COVERED] = {"covered", false},   [PAGE_LIFTED] = {"lifted", true},
    [PAGE_MOVED] = {"moved", true},        [PAGE_TURNED] = {"turned", true},
    [PAGE_CHANGED] = {"changed", true},    [PAGE_GONE] = {"gone", true},
    [PAGE_NO_SHEET] = {"no-sheet", false},
};

static bool is_state(int state)
{
    return state >= 0 && state < PAGE_STATES;
}

const char *page_state_name(int state)
{
    return is_state(state) ? state_trait[state].name : "unknown";
}

const char *page_event_name(int kind, int value)
{
    return kind == PAGE_STATE_IS  ? page_state_name(value)
           : kind == PAGE_FLASHES ? "flashes"
           : kind == PAGE_SCREEN  ? (value ? "screen" : "no-screen")
           : kind == PAGE_READ    ? "read"
                                  : "unknown";
}

bool page_state_is_touch(enum page_state state)
{
    return is_state((int)state) && state_trait[state].is_touch;
}
