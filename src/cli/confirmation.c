#include "cli/confirmation.h"

#include <string.h>

/* H's copy on this shelf, the newest; 0: none. */
static uint32_t copy_of(const struct shelf *shelf, const char *holder)
{
    for (size_t b = shelf->issued.batches; b-- > 0;) {
        const struct register_batch *batch = &shelf->issued.batch[b];
        for (uint32_t i = batch->copies; i-- > 0;) {
            if (!strcmp(holder_list_at(&batch->holder, i), holder)) {
                return batch->first + i;
            }
        }
    }
    return 0;
}

enum sting_status confirmation_expect(const struct library *library,
                                      const char *holder, struct fault *fault)
{
    for (size_t s = 0; s < library->shelves; s++) {
        if (copy_of(&library->shelf[s], holder) > 0) {
            return STING_OK;
        }
    }
    return fault_set(fault, STING_E_ABSENT, "see sting bait list",
                     "nobody called \"%.120s\" has a copy", holder);
}

static void shown_add(struct confirmation *out, uint32_t copy)
{
    size_t i = 0;
    while (i < out->shown && out->shows[i] != copy) {
        i++;
    }
    if (i == out->shown && i < CONFIRMATION_MOST_SHOWN) {
        out->shows[out->shown++] = copy;
    }
}

static void name_judge(const struct trace_finding *finding,
                       const struct shelf *shelf, uint32_t number,
                       const char *holder, struct confirmation *out)
{
    struct register_copy copy;
    if (!library_copy(shelf, number, &copy)) {
        return;
    }
    bool is_holders = !strcmp(copy.holder, holder);
    uint32_t expected = is_holders ? number : copy_of(shelf, holder);
    bool is_nearer = is_holders || (expected > 0 && out->expected == 0);
    shown_add(out, number);
    if (!out->finding || (is_nearer && !out->shows_holders)) {
        out->finding = finding;
        out->shelf = shelf;
        out->named = copy;
        out->expected = expected;
    }
    out->shows_holders |= is_holders;
    out->shows_others |= !is_holders;
}

static void finding_judge(const struct trace_run *run,
                          const struct trace_finding *finding,
                          const char *holder, struct confirmation *out)
{
    for (size_t i = 0;
         finding->verdict == TRACE_ATTRIBUTED && i < finding->names; i++) {
        name_judge(finding, &run->library->shelf[finding->shelf],
                   finding->name[i].copy, holder, out);
    }
}

void confirmation_judge(const struct trace_run *run, const char *holder,
                        struct confirmation *out)
{
    for (size_t i = 0; i < run->pictures; i++) {
        const struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->findings; f++) {
            finding_judge(run, &picture->finding[f], holder, out);
        }
    }
}
