#include "release/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/reader.h"

void release_release(struct release_made *made)
{
    buffer_release(&made->mp4);
    free(made->segment);
    *made = (struct release_made){0};
}

static enum sting_status order_check(const struct release_order *order,
                                     struct fault *fault)
{
    if (order->to_us <= order->from_us) {
        return fault_set(fault, STING_E_ARG, "",
                         "the cut ends before it "
                         "begins");
    }
    if (order->to_us - order->from_us > RELEASE_MOST_US) {
        return fault_set(fault, STING_E_LIMIT, "use --from and --to",
                         "that is more than %d minutes",
                         (int)(RELEASE_MOST_US / 60000000));
    }
    return STING_OK;
}

static enum sting_status transcode(const struct release_order *order,
                                   const struct footage *footage,
                                   struct release_made *made,
                                   struct fault *fault)
{
    struct player_worker *worker STING_AUTO(player_worker_free) = NULL;
    struct player_cut cut = {
        .from_us = footage_pts_nearest(footage, order->from_us),
        .to_us = footage_pts_nearest(footage, order->to_us),
        .enhance = order->enhance,
        .masks = order->masks,
        .progress = order->progress,
        .context = order->context};
    struct player_cut_made cut_made;
    memcpy(cut.mask, order->mask, sizeof cut.mask);
    enum sting_status status = player_worker_new(&worker, fault);
    if (!status) {
        status = player_load(worker, buffer_bytes(&footage->init),
                             buffer_bytes(&footage->fragments), fault);
    }
    if (!status) {
        status = player_transcode(worker, &cut, &made->mp4, &cut_made, fault);
    }
    if (!status) {
        made->from_us = footage_utc_us(footage, cut_made.from_us);
        made->to_us = footage_utc_us(footage, cut_made.to_us);
    }
    return status;
}

enum sting_status release_make(int operation, const struct secret *identity,
                               const struct release_order *order,
                               struct release_made *made, struct fault *fault)
{
    struct footage footage STING_AUTO(footage_release) = {0};
    struct release_made cut STING_AUTO(release_release) = {0};
    struct footage_stretch stretch = {order->camera, order->from_us,
                                      order->to_us, order->since_line};
    enum sting_status status = order_check(order, fault);
    if (!status) {
        status = footage_open(operation, identity, &stretch, &footage, fault);
    }
    if (!status) {
        status = transcode(order, &footage, &cut, fault);
    }
    if (!status) {
        status = leak_check(buffer_bytes(&cut.mp4), &cut.summary, fault);
    }
    if (status) {
        return status;
    }
    cut.sha256 = digest_of(buffer_bytes(&cut.mp4));
    cut.segment = footage.segment;
    cut.segments = footage.segments;
    cut.goes_on_line = footage.goes_on_line;
    footage.segment = NULL;
    footage.segments = 0;
    *made = cut;
    cut = (struct release_made){0};
    return STING_OK;
}

enum sting_status release_origin_read(int operation, struct release_origin *out,
                                      struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (!status) {
        status = ledger_reader_next(reader, &line);
    }
    if (status || strcmp(line.kind->name, "genesis") != 0) {
        return fault_set(fault, status ? status : STING_E_FORMAT,
                         "see sting verify",
                         "the ledger does not begin as one of sting's");
    }
    line_text(&line, "origin", out->name, sizeof out->name);
    line_text(&line, "case", out->case_key, sizeof out->case_key);
    return STING_OK;
}
