#include "station/desk.h"

#include "ledger/store.h"

void desk_break(struct desk *desk, const struct fault *fault)
{
    if (!desk->is_broken) {
        const struct tale tale = {.event = "record", .state = "failed"};
        tell(desk->teller, &tale,
             "THE RECORD CANNOT BE KEPT: %s; nothing is recorded until the "
             "disk takes it again",
             fault->why);
    }
    desk->is_broken = true;
}

void desk_line(struct desk *desk, struct moment now, const char *kind,
               const struct line_field *field, size_t fields)
{
    struct fault fault = {"", ""};
    if (!desk->core || desk->is_broken) {
        return;
    }
    enum sting_status status = ledger_append(core_ledger(desk->core), now, kind,
                                             field, fields, NULL, &fault);
    if (status == STING_E_ARG) {
        /* Ours to repair, no reason to stop recording. */
        const struct tale tale = {.event = "record", .state = "refused"};
        tell(desk->teller, &tale, "the ledger took no line '%s': %s", kind,
             fault.why);
    } else if (status) {
        desk_break(desk, &fault);
    }
}
