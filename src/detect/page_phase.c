#include "detect/page_phase.h"

#define WANT_US INT64_C(6000000) /* at most, for one change */

/* How a state is reached: so many looks in a row over so long. */
static const struct {
    int64_t least_us;
    int looks;
    bool lies;
} trait[PAGE_STATES] = {
    [PAGE_LEARNING] = {0, 1, false},     [PAGE_IN_VIEW] = {150000, 2, true},
    [PAGE_COVERED] = {150000, 2, false}, [PAGE_LIFTED] = {150000, 2, false},
    [PAGE_MOVED] = {150000, 2, true},    [PAGE_TURNED] = {150000, 2, true},
    [PAGE_CHANGED] = {150000, 2, true},  [PAGE_GONE] = {150000, 2, false},
    [PAGE_NO_SHEET] = {0, 1, false}, /* is told, and never followed */
};

void page_phase_init(struct page_phase *phase)
{
    *phase = (struct page_phase){.stirred_us = INT64_MIN};
}

bool page_state_lies(enum page_state state)
{
    return trait[state].lies;
}

void page_phase_begin(struct page_phase *phase, int64_t since_us, int64_t at_us)
{
    phase->state = phase->known = PAGE_IN_VIEW;
    phase->since_us = since_us;
    phase->lies_us = at_us;
}

/* The looks in a row that seem the same. */
static void next_count(struct page_phase *phase, enum page_state seen,
                       int64_t at_us)
{
    if (seen != phase->next || phase->next_looks == 0) {
        phase->next = seen;
        phase->next_looks = 0;
        phase->next_us = at_us;
        phase->stirred_us = at_us;
    }
    phase->next_looks++;
}

static void next_take(struct page_phase *phase, int64_t at_us)
{
    enum page_state seen = phase->next;
    bool is_as_known = seen == phase->known && seen != PAGE_IN_VIEW &&
                       phase->state == PAGE_COVERED && phase->known_us;
    if (!is_as_known && seen != PAGE_COVERED) {
        phase->known_us = 0;
    }
    phase->state = seen;
    phase->since_us = is_as_known ? phase->known_us : phase->next_us;
    phase->next_looks = 0;
    phase->lies_us = at_us;
}

bool page_phase_follow(struct page_phase *phase, enum page_state seen,
                       int64_t at_us)
{
    if (seen == phase->state) {
        phase->next = seen;
        phase->next_looks = 0;
        return false;
    }
    next_count(phase, seen, at_us);
    if (phase->next_looks < trait[seen].looks ||
        at_us - phase->next_us < trait[seen].least_us) {
        return false;
    }
    next_take(phase, at_us);
    return true;
}

void page_phase_settle(struct page_phase *phase)
{
    bool is_page = phase->state == PAGE_IN_VIEW || phase->state == PAGE_MOVED;
    phase->known = is_page ? PAGE_IN_VIEW : phase->state;
    phase->known_us = phase->since_us;
}

bool page_phase_wants_all(const struct page_phase *phase, enum page_state seen,
                          int64_t at_us)
{
    bool stirs = seen != phase->state || phase->next_looks > 0 ||
                 phase->state == PAGE_COVERED || phase->state == PAGE_LIFTED;
    return stirs && at_us - phase->stirred_us < WANT_US;
}
