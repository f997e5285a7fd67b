#include "operation/bait_news.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/reader.h"

void bait_news_free(struct bait_news **news)
{
    if (*news) {
        ledger_reader_free(&(*news)->reader);
        handover_list_release(&(*news)->handovers);
        free((*news)->bait);
        free((*news)->batch);
    }
    free(*news);
    *news = NULL;
}

enum sting_status bait_news_open(int operation, struct bait_news **out,
                                 struct fault *fault)
{
    struct bait_news *news STING_AUTO(bait_news_free) = calloc(1, sizeof *news);
    if (news) {
        news->bait = calloc(BAIT_NEWS_MOST, sizeof *news->bait);
        news->batch = calloc(BAIT_NEWS_MOST, sizeof *news->batch);
    }
    if (!news || !news->bait || !news->batch) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    enum sting_status status =
        ledger_reader_open_signed(operation, &news->reader, fault);
    if (!status) {
        *out = news;
        news = NULL;
    }
    return status;
}

/* The document of a line, made when it is new; NULL when there are too many. */
static struct bait_told *bait_of(struct bait_news *news,
                                 const struct line *line)
{
    char name[CONFIG_NAME_SIZE];
    line_text(line, "bait", name, sizeof name);
    for (size_t i = 0; i < news->baits; i++) {
        if (!strcmp(news->bait[i].name, name)) {
            return &news->bait[i];
        }
    }
    if (news->baits == BAIT_NEWS_MOST) {
        return NULL;
    }
    struct bait_told *bait = &news->bait[news->baits++];
    memcpy(bait->name, name, sizeof name);
    return bait;
}

static void bait_take(struct bait_told *bait, const struct line *line)
{
    char state[16];
    line_text(line, "state", state, sizeof state);
    bool is_added = !strcmp(state, "added");
    bait->has_facts =
        !is_added && (bait->has_facts || !strcmp(state, "declared"));
    if (is_added) {
        bait->added_us = line->at.utc_us;
        (void)!line_integer(line, "pages", &bait->pages);
    }
}

static void batch_take(struct bait_news *news, struct bait_told *bait,
                       const struct line *line)
{
    int64_t first = 0;
    int64_t count = 0;
    if (line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) || first < 1 || count < 1 ||
        first > UINT32_MAX - count) {
        return;
    }
    bait->copies += (uint32_t)count;
    if (news->batches < BAIT_NEWS_MOST) {
        news->batch[news->batches++] = (struct bait_batch_told){
            (size_t)(bait - news->bait), (uint32_t)first, (uint32_t)count,
            line->at.utc_us};
    }
}

static enum sting_status line_take(void *context, const struct line *line)
{
    struct bait_news *news = context;
    const char *kind = line->kind->name;
    bool is_bait = !strcmp(kind, "bait");
    struct bait_told *bait =
        is_bait || !strcmp(kind, "issue") ? bait_of(news, line) : NULL;
    if (bait && is_bait) {
        bait_take(bait, line);
    } else if (bait) {
        batch_take(news, bait, line);
    }
    return handover_list_take(&news->handovers, line);
}

enum sting_status bait_news_follow(struct bait_news *news, size_t lines)
{
    return ledger_reader_follow(news->reader, lines, line_take, news);
}
