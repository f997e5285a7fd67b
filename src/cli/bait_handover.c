#include "cli/bait_handover.h"

static void noise_read(const struct buffer *text, struct mark_noise *out)
{
    struct json *json STING_AUTO(json_free) = NULL;
    if (json_read(buffer_bytes(text), &json)) {
        return;
    }
    struct mark_noise noise = {json_number(json, "word_noise_pt", 0),
                               json_number(json, "word_noise_across_pt", 0),
                               json_number(json, "seen_in_view", 0)};
    if (noise.along_pt > 0 && noise.along_pt < 10 && noise.across_pt >= 0 &&
        noise.across_pt < 10 && noise.seen > 0 && noise.seen <= 1) {
        *out = noise;
    }
}

enum sting_status bait_noise_measured(const struct bait_desk *desk,
                                      const struct register_list *list,
                                      struct mark_noise *out,
                                      struct fault *fault)
{
    struct handover_list known STING_AUTO(handover_list_release) = {0};
    struct handover last = {.state = HANDOVER_NONE};
    *out = (struct mark_noise){0};
    enum sting_status status = handover_load(desk->operation, &known, fault);
    for (size_t i = 0; !status && i < known.count; i++) {
        const struct handover *at = &known.handover[i];
        struct register_copy copy;
        if (at->state == HANDOVER_VERIFIED &&
            at->blob_utc_us >= last.blob_utc_us &&
            register_find(list, at->copy, &copy, NULL)) {
            last = *at;
        }
    }
    if (status || last.state == HANDOVER_NONE) {
        return status;
    }
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct fault gone;
    if (!handover_read(desk->operation, &desk->keys, &last, &text, &gone)) {
        noise_read(&text, out);
    }
    return STING_OK;
}
