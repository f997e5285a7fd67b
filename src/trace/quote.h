/*
 * quote: text that was typed off or read aloud, and whose copy it is from.
 *
 * Only facts that were declared before a copy was issued count. A fact is
 * quoted where its surroundings and one of its values stand in the text, with
 * at most one letter of eight wrong, however it is parted into lines, in
 * capitals or small letters, with whatever quotes and dashes; digits may be
 * read as letters that look like them. Where two values fit about as well as
 * each other, at one place or at two, none is counted.
 *
 * Source: mark/fact.h for the strength; Sellers 1980 for finding a text with
 * errors in another.
 */
#ifndef STING_TRACE_QUOTE_H
#define STING_TRACE_QUOTE_H

#include "base/json.h"
#include "base/plain.h"
#include "crypt/digest.h"
#include "operation/facts.h"
#include "operation/handover.h"
#include "operation/register.h"
#include "trace/trace.h"

#define QUOTE_MOST_BYTES ((size_t)32 * 1024)

/* Where a fact is quoted: `first` and `last` are what the text's characters
 * came from (struct plain). */
struct quote_place {
    int32_t choice; /* 0 for a fact that is the same in all copies;
                       FACT_UNSEEN when it is not quoted */
    uint32_t first, last;
};

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status quote_find(const struct plain *text,
                                            const struct fact *fact,
                                            struct quote_place *out);

/* The text's own words there, on one line, appended. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status quote_passage(struct bytes text,
                                               const struct quote_place *place,
                                               struct buffer *out);

/* What one document's facts say. */
struct quote_finding {
    enum trace_verdict verdict;
    char bait[CONFIG_NAME_SIZE];
    struct fact_sheet sheet; /* owned */
    struct quote_place place[FACTS_MOST];
    int32_t seen[FACTS_MOST];    /* the choices */
    uint32_t quoted;             /* facts that differ from copy to copy */
    uint32_t common;             /* facts that are the same in all */
    uint32_t copies;             /* scored */
    int64_t issued_us;           /* the best copy, by the register */
    uint32_t copy;               /* the best */
    uint32_t choice[FACTS_MOST]; /* what it has */
    char holder[HOLDER_SIZE];
    double log10_lr, second_log10_lr, control_log10_lr, random_log10_lr;
    double power; /* log10: the most that the places quoted could show */
    double log10_false;
    uint32_t run; /* how often these facts were asked about, or the text */
};

struct quote {
    const char *name;       /* borrowed */
    struct digest digest;   /* of the text */
    struct digest question; /* of its plain form: blanks and capitals apart */
    uint32_t run;           /* how often that was asked about, from 1 */
    double tried, seconds;  /* copies scored */
    uint32_t declared;      /* facts, of all documents */
    bool is_blind;          /* what one person opens alone names no holder */
    size_t findings;
    struct quote_finding *finding; /* owned; of documents that are quoted */
    struct handover_list handover; /* owned */
};

void quote_release(struct quote *quote);

/* Score all copies of all documents with facts and judge. `name` is the
 * file's. keys: identity and mark. Fails: as the register and the ledger. */
STING_MUST_USE enum sting_status quote_run(const struct operation *operation,
                                           const struct operation_keys *keys,
                                           const char *name, struct bytes text,
                                           struct quote *out,
                                           struct fault *fault);

/* All findings, one JSON object a line (without holders also without the
 * file's name, which may be one) or in words,
 * appended to *out. */
STING_MUST_USE enum sting_status quote_json(const struct quote *quote,
                                            bool with_holders,
                                            struct buffer *out);
STING_MUST_USE enum sting_status quote_words(const struct quote *quote,
                                             struct buffer *out);

/* Could a copy have been named by the places quoted? Else nothing speaks
 * against any. */
bool quote_could_tell(const struct quote *quote,
                      const struct quote_finding *finding);

/* The ledger is held now: is the run the next on all that it asks? Fails:
 * E_BUSY when another run asked meanwhile. */
STING_MUST_USE enum sting_status quote_is_next(
    const struct operation *operation, const struct quote *quote,
    struct fault *fault);

/* Write the run into the ledger, before its answer is shown: a line about the
 * text, and one about the facts of each document that it quotes. */
STING_MUST_USE enum sting_status quote_write(struct writer *writer,
                                             const struct quote *quote,
                                             struct fault *fault);

#endif
