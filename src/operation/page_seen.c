#include "operation/page_seen.h"

#include <string.h>

#include "ledger/reader.h"

static const char *const told[] = {"lifted", "moved",   "turned", "changed",
                                   "gone",   "flashes", "screen"};

static uint32_t number_of(const struct line *line, const char *key)
{
    int64_t number = 0;
    bool has = line_integer(line, key, &number) == STING_OK && number > 0 &&
               number <= UINT32_MAX;
    return has ? (uint32_t)number : 0;
}

bool page_seen_take(const struct line *line, struct page_seen *out)
{
    struct page_seen seen = {.seq = line->seq,
                             .since_us = line->at.utc_us,
                             .copy = number_of(line, "copy"),
                             .count = number_of(line, "count"),
                             .incident = number_of(line, "incident")};
    line_text(line, "state", seen.state, sizeof seen.state);
    line_text(line, "camera", seen.camera, sizeof seen.camera);
    line_text(line, "zone", seen.zone, sizeof seen.zone);
    line_text(line, "bait", seen.bait, sizeof seen.bait);
    (void)!line_time(line, "since", &seen.since_us); /* else when told */
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (!strcmp(told[i], seen.state)) {
            *out = seen;
            return true;
        }
    }
    return false;
}

static void line_take(const struct line *line, struct page_asked *asked,
                      size_t count)
{
    struct page_seen seen;
    if (strcmp(line->kind->name, "page") != 0 || !page_seen_take(line, &seen)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct pages_seen *out = &asked[i].seen;
        if (strcmp(seen.bait, asked[i].bait) != 0 ||
            seen.copy != asked[i].copy) {
            continue;
        }
        if (out->count >= PAGE_SEEN_MOST) { /* the oldest goes */
            memmove(&out->seen[0], &out->seen[1],
                    (PAGE_SEEN_MOST - 1) * sizeof out->seen[0]);
        }
        out->seen[out->count < PAGE_SEEN_MOST ? out->count
                                              : PAGE_SEEN_MOST - 1] = seen;
        out->count++;
    }
}

enum sting_status pages_seen_read(int operation, struct page_asked *asked,
                                  size_t count, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    for (size_t i = 0; i < count; i++) {
        asked[i].seen = (struct pages_seen){0};
    }
    if (status) {
        return status;
    }
    while (!(status = ledger_reader_next_known(reader, &line))) {
        line_take(&line, asked, count);
    }
    return status == STING_E_ABSENT
               ? STING_OK
               : fault_set(fault, status, "", "the ledger cannot be read");
}
