/*
 * judge: what the verifier says of a garden, and ways to tamper with one.
 */
#ifndef STING_TESTS_LEDGER_JUDGE_H
#define STING_TESTS_LEDGER_JUDGE_H

#include "ledger/verify.h"
#include "tests/unit/ledger/garden.h"

/* The report; with an identity when `inside`. Asserts that there is one. */
struct verify_report judge(struct garden *garden, bool inside);
void assert_verdict(struct garden *garden, enum verify_verdict expected);
/* That verdict, and these words in its reason. */
void assert_reason(struct garden *garden, enum verify_verdict expected,
                   const char *words);
/* The words for people hold `has` and not `lacks` (NULL: anything). */
void assert_words(struct garden *garden, const char *has, const char *lacks);

/* A closed operation: some seconds in the life of a garage, and a note. */
void garden_closed(struct garden *garden, uint64_t fragments, size_t size);

/* A line that one recording of the first day was deleted: `what`, with one
 * more key. */
void garden_say_erased(struct garden *garden, struct ledger *ledger,
                       const char *what, const char *key, const char *value);

/* The ledger as text: its lines, each with its LF. */
#define PAGE_MOST_LINES 400
struct page {
    struct buffer text;
    struct bytes line[PAGE_MOST_LINES];
    size_t lines;
};
void page_release(struct page *page);
void page_read(struct garden *garden, struct page *page);
void page_write(struct garden *garden, const struct page *page);

/* Every file below `folder`. */
void garden_walk(struct garden *garden, const char *folder,
                 void (*visit)(struct garden *, const char *));

#endif
