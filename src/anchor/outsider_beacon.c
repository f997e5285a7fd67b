/* A beacon: a public value that nobody knew before, for "not before". */
#include "anchor/anchors_state.h"

static enum sting_status beacon_ask(struct anchors *anchors,
                                    struct outsider *outsider, char *address,
                                    const char **type, struct buffer *body,
                                    struct fault *fault)
{
    (void)anchors;
    (void)outsider;
    (void)address;
    (void)body;
    (void)fault;
    *type = "text/plain";
    return STING_OK;
}

/* Whatever it says: nothing in it is parsed, it is hashed and kept. */
static enum sting_status beacon_judged(
    struct anchors *anchors, struct outsider *outsider, struct moment now,
    const struct wire_head *head, struct bytes payload, struct fault *fault)
{
    struct ledger_blob blob;
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    (void)head;
    (void)payload;
    if (outsider->http != 200 || outsider->answer.size == 0) {
        return fault_set(fault, STING_E_FORMAT, "", "HTTP status %d",
                         (int)outsider->http);
    }
    enum sting_status status =
        ledger_blob(core_ledger(anchors->core), buffer_bytes(&outsider->answer),
                    &blob, fault);
    const struct line_field field[] = {
        {"source", outsider->address},
        {"value", digest_text(blob.pt, pt)},
        {"blob", digest_text(blob.ct, ct)},
        {"pt", pt},
    };
    return status
               ? status
               : ledger_append(core_ledger(anchors->core), now, "beacon", field,
                               sizeof field / sizeof *field, NULL, fault);
}

const struct outsider_kind outsider_beacon = {"beacon", beacon_ask, NULL,
                                              beacon_judged};
