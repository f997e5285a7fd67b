/* Documents and copies, as far as they stand in the ledger in clear. */
#include <string.h>

#include "station/console_bait.h"

#define LINES_A_TICK 16000 /* 20 ms */
#define MOST_HANDOVERS 2000

void console_bait_follow(struct console *console)
{
    enum sting_status status = STING_OK;
    struct fault fault = {"", ""};
    if (!console->baits) {
        status = bait_news_open(operation_dir(console->desk->operation),
                                &console->baits, &fault);
    }
    if (!status) {
        status = bait_news_follow(console->baits, LINES_A_TICK);
    }
    console->baits_are_whole = !status;
    if (status && status != STING_E_BUSY) {
        bait_news_free(&console->baits); /* begun anew at the next tick */
    }
}

static struct json *batches_of(const struct bait_news *news, size_t bait)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < news->batches; i++) {
        const struct bait_batch_told *batch = &news->batch[i];
        if (batch->bait == bait) {
            struct json *row = json_new_object();
            json_add_integer(row, "first", batch->first);
            json_add_integer(row, "count", batch->count);
            json_add_time(row, "at", batch->at_us);
            json_add_child(list, NULL, &row);
        }
    }
    return list;
}

static bool is_of(const struct bait_news *news, size_t bait, uint32_t copy)
{
    for (size_t i = 0; i < news->batches; i++) {
        const struct bait_batch_told *batch = &news->batch[i];
        if (batch->bait == bait && copy >= batch->first &&
            copy - batch->first < batch->count) {
            return true;
        }
    }
    return false;
}

static struct json *handovers_of(const struct bait_news *news, size_t bait)
{
    struct json *list = json_new_array();
    size_t told = 0;
    for (size_t i = 0; i < news->handovers.count && told < MOST_HANDOVERS;
         i++) {
        const struct handover *handover = &news->handovers.handover[i];
        if (!is_of(news, bait, handover->copy)) {
            continue;
        }
        struct json *row = json_new_object();
        json_add_integer(row, "copy", handover->copy);
        json_add_text(row, "state", handover_text(handover->state));
        if (handover->state) {
            json_add_time(row, "at", handover->at_utc_us);
        } else {
            json_add_null(row, "at");
        }
        json_add_time(row, "after_trace", handover->traced_utc_us);
        json_add_integer(row, "refused", handover->refused);
        json_add_integer(row, "shown", handover->shown);
        json_add_child(list, NULL, &row);
        told++;
    }
    return list;
}

static struct json *bait_of(const struct bait_news *news, size_t index)
{
    const struct bait_told *bait = &news->bait[index];
    struct json *row = json_new_object();
    struct json *batches = batches_of(news, index);
    struct json *handovers = handovers_of(news, index);
    json_add_text(row, "name", bait->name);
    json_add_time(row, "added", bait->added_us);
    json_add_integer(row, "pages", bait->pages);
    json_add_bool(row, "has_facts", bait->has_facts);
    json_add_integer(row, "copies", bait->copies);
    json_add_child(row, "batches", &batches);
    json_add_child(row, "handovers", &handovers);
    return row;
}

int console_bait_refuse(const struct asked *asked, struct reply *reply)
{
    return strcmp(asked->user->cameras, "*") != 0
               ? reply_refuse(reply, 403, "role",
                              "it is for who sees all cameras")
               : 0;
}

int console_baits(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    const struct bait_news *news = console->baits;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; news && i < news->baits; i++) {
        struct json *row = bait_of(news, i);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_bool(reply->json, "is_whole", news && console->baits_are_whole);
    json_add_bool(reply->json, "is_blind",
                  operation_config(console->desk->operation)->blind);
    json_add_child(reply->json, "baits", &list);
    return 200;
}
