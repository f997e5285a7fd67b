#include "trace/quote.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "image/seeded.h"
#include "mark/code.h"
#include "mark/strength.h"
#include "trace/history.h"
#include "trace/question.h"

void quote_release(struct quote *quote)
{
    for (size_t i = 0; i < quote->findings; i++) {
        fact_sheet_release(&quote->finding[i].sheet);
    }
    free(quote->finding);
    handover_list_release(&quote->handover);
    *quote = (struct quote){0};
}

static double score_of(const struct quote_finding *f, const uint32_t *choice)
{
    return fact_log10_lr(f->sheet.fact, f->sheet.facts, f->seen, choice);
}

static double copy_score(const struct quote_finding *f,
                         const struct secret *document, uint32_t number,
                         uint32_t choice[FACTS_MOST])
{
    struct secret key;
    mark_copy_key(document, number, &key);
    fact_choose(&key, f->sheet.fact, f->sheet.facts, choice);
    secret_wipe(&key);
    return score_of(f, choice);
}

/* The most that choices reach which are drawn as ours are. */
static double random_score(const struct quote_finding *f)
{
    struct seeded seeded = {f->quoted};
    uint32_t choice[FACTS_MOST];
    double most = -INFINITY;
    for (int n = 0; n < SCORE_RANDOM_CODES; n++) {
        for (uint32_t i = 0; i < f->sheet.facts; i++) {
            choice[i] = (uint32_t)((seeded_next(&seeded) >> 20) %
                                   fact_choices(&f->sheet.fact[i]));
        }
        most = fmax(most, score_of(f, choice));
    }
    return most;
}

static void copies_score(struct quote_finding *f,
                         const struct register_list *list,
                         const struct secret *document)
{
    uint32_t choice[FACTS_MOST];
    f->log10_lr = f->second_log10_lr = -INFINITY;
    for (size_t b = 0; b < list->batches; b++) {
        const struct register_batch *batch = &list->batch[b];
        for (uint32_t i = 0; i < batch->copies; i++) {
            double now = copy_score(f, document, batch->first + i, choice);
            f->copies++;
            if (now <= f->log10_lr) {
                f->second_log10_lr = fmax(f->second_log10_lr, now);
                continue;
            }
            f->second_log10_lr = f->log10_lr;
            f->log10_lr = now;
            f->copy = batch->first + i;
            memcpy(f->choice, choice, sizeof choice);
        }
    }
    f->control_log10_lr = copy_score(f, document, 0, choice);
    f->random_log10_lr = random_score(f);
}

static enum sting_status facts_seek(struct quote_finding *f,
                                    const struct plain *text)
{
    enum sting_status status = STING_OK;
    for (uint32_t i = 0; !status && i < f->sheet.facts; i++) {
        status = quote_find(text, &f->sheet.fact[i], &f->place[i]);
        f->seen[i] = f->place[i].choice;
        bool is_seen = !status && f->seen[i] != FACT_UNSEEN;
        bool is_own = fact_choices(&f->sheet.fact[i]) > 1;
        f->quoted += is_seen && is_own;
        f->common += is_seen && !is_own;
    }
    f->power = fact_log10_power(f->sheet.fact, f->sheet.facts, f->seen);
    return status;
}

/* What was asked: the same words typed with other blanks, capitals, quotes or
 * dashes are the same question. */
static enum sting_status question_of(struct bytes text, struct digest *out)
{
    struct plain plain STING_AUTO(plain_release) = {0};
    struct buffer codes STING_AUTO(buffer_release) = {0};
    enum sting_status status = plain_add_text(&plain, text);
    for (size_t i = 0; !status && i < plain.size; i++) {
        uint32_t code = plain.code[i];
        const uint8_t byte[] = {(uint8_t)code, (uint8_t)(code >> 8),
                                (uint8_t)(code >> 16)};
        status = buffer_append(&codes, (struct bytes){byte, sizeof byte});
    }
    *out = digest_of(buffer_bytes(&codes));
    return status;
}

static struct digest question_of_facts(const struct quote_finding *f)
{
    return question_of_page(f->sheet.original, QUESTION_FACTS);
}

/* One bait; a finding is kept when the text quotes any of its facts. */
static enum sting_status bait_seek(struct quote *quote,
                                   const struct operation *operation,
                                   const struct operation_keys *keys,
                                   const char *name, const struct plain *text,
                                   struct fault *fault)
{
    struct quote_finding *f = &quote->finding[quote->findings];
    *f = (struct quote_finding){.verdict = TRACE_NONE};
    enum sting_status status =
        facts_load(operation, keys, name, &f->sheet, fault);
    if (!status) {
        quote->declared += f->sheet.facts;
        status = facts_seek(f, text);
    }
    if (status || f->quoted + f->common == 0) {
        fact_sheet_release(&f->sheet);
        return status;
    }
    quote->findings++;
    memcpy(f->bait, f->sheet.bait, sizeof f->bait);
    return STING_OK;
}

/* Which of its copies has these facts; they move out of *issued. */
static enum sting_status finding_score(struct quote *quote,
                                       const struct operation_keys *keys,
                                       struct register_list *issued,
                                       struct quote_finding *f)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct secret document STING_AUTO(secret_wipe);
    struct register_copy copy;
    const struct register_batch *batch = NULL;
    mark_document_key(&keys->mark, f->sheet.original, &document);
    enum sting_status status = register_list_take(issued, f->bait, &list);
    if (status) {
        return status;
    }
    copies_score(f, &list, &document);
    quote->tried += f->copies;
    if (f->copy && register_find(&list, f->copy, &copy, &batch)) {
        f->issued_us = batch->issued_utc_us;
        snprintf(f->holder, sizeof f->holder, "%s", copy.holder);
        secret_wipe(&copy.salt);
    }
    return STING_OK;
}

/* The register is read once, however many baits are quoted. */
static enum sting_status findings_score(struct quote *quote,
                                        const struct operation *operation,
                                        const struct operation_keys *keys,
                                        struct fault *fault)
{
    struct register_list issued STING_AUTO(register_list_release) = {0};
    const char *one = quote->findings == 1 ? quote->finding[0].bait : NULL;
    enum sting_status status =
        quote->findings > 0
            ? register_load(operation, keys, one, &issued, fault)
            : STING_OK;
    for (size_t i = 0; !status && i < quote->findings; i++) {
        status = finding_score(quote, keys, &issued, &quote->finding[i]);
    }
    return status;
}

static void finding_judge(const struct quote *quote, struct quote_finding *f)
{
    f->log10_false = strength_log10_false(
        f->log10_lr, quote->tried > 0 ? quote->tried : 1, f->run);
    if (f->copy == 0 || f->quoted == 0) {
        return;
    }
    if (f->log10_false <= STRENGTH_ATTRIBUTED) {
        f->verdict = TRACE_ATTRIBUTED;
    } else if (f->log10_false <= STRENGTH_LEAD) {
        f->verdict = TRACE_LEAD;
    }
}

/* The questions of this run: of the text, then of each document's facts; as
 * often as the ledger has them. The caller frees them; NULL: it fails. */
static struct history_question *questions_counted(
    const struct operation *operation, const struct quote *quote,
    enum sting_status *status, struct fault *fault)
{
    size_t count = quote->findings + 1;
    struct history_question *question = calloc(count, sizeof *question);
    if (!question) {
        *status = fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
        return NULL;
    }
    question[0].digest = quote->question;
    for (size_t i = 1; i < count; i++) {
        question[i].digest = question_of_facts(&quote->finding[i - 1]);
    }
    *status = history_count(operation, question, count, fault);
    return question;
}

static enum sting_status runs_count(const struct operation *operation,
                                    struct quote *quote, struct fault *fault)
{
    enum sting_status status = STING_OK;
    struct history_question *question =
        questions_counted(operation, quote, &status, fault);
    for (size_t i = 0; !status && i <= quote->findings; i++) {
        uint32_t run = question[i].before + 1;
        if (i == 0) {
            quote->run = run;
        } else {
            quote->finding[i - 1].run = run > quote->run ? run : quote->run;
        }
    }
    free(question);
    return status;
}

enum sting_status quote_is_next(const struct operation *operation,
                                const struct quote *quote, struct fault *fault)
{
    enum sting_status status = STING_OK;
    struct history_question *question =
        questions_counted(operation, quote, &status, fault);
    for (size_t i = 0; !status && i <= quote->findings; i++) {
        uint32_t run = i ? quote->finding[i - 1].run : quote->run;
        status =
            question[i].before + 1 > run ? history_overtaken(fault) : STING_OK;
    }
    free(question);
    return status;
}

static enum sting_status baits_take(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    struct bytes text, struct quote *quote,
                                    struct fault *fault)
{
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    struct plain plain STING_AUTO(plain_release) = {0};
    enum sting_status status = bait_names_init(operation, &names, fault);
    if (!status) {
        status = plain_add_text(&plain, text);
    }
    if (!status) {
        quote->finding = calloc(names.count + 1, sizeof *quote->finding);
        status = quote->finding ? STING_OK : STING_E_NOMEM;
    }
    for (size_t i = 0; !status && i < names.count; i++) {
        status =
            bait_seek(quote, operation, keys, names.name[i], &plain, fault);
    }
    return status ? status : findings_score(quote, operation, keys, fault);
}

enum sting_status quote_run(const struct operation *operation,
                            const struct operation_keys *keys, const char *name,
                            struct bytes text, struct quote *out,
                            struct fault *fault)
{
    struct quote quote STING_AUTO(quote_release) = {.name = name,
                                                    .digest = digest_of(text)};
    quote.is_blind = operation_config(operation)->blind;
    int64_t began_us = clock_now().boot_us;
    enum sting_status status = question_of(text, &quote.question);
    if (!status) {
        status = baits_take(operation, keys, text, &quote, fault);
    }
    if (!status) {
        status = runs_count(operation, &quote, fault);
    }
    if (!status) {
        status = handover_load(operation, &quote.handover, fault);
    }
    if (status) {
        return status;
    }
    for (size_t i = 0; i < quote.findings; i++) {
        finding_judge(&quote, &quote.finding[i]);
    }
    quote.seconds = (double)(clock_now().boot_us - began_us) / 1e6;
    *out = quote;
    quote = (struct quote){0};
    return STING_OK;
}

/* What is said of the text as a whole. */
static struct history_answer answer_of(const struct quote *quote)
{
    struct history_answer answer = {.question = quote->question,
                                    .k = quote->run,
                                    .none = quote->findings == 0,
                                    .tried = quote->tried};
    for (size_t i = 0; i < quote->findings; i++) {
        answer.attributed += quote->finding[i].verdict == TRACE_ATTRIBUTED;
        answer.lead += quote->finding[i].verdict == TRACE_LEAD;
        answer.none += quote->finding[i].verdict == TRACE_NONE;
    }
    return answer;
}

/* A document that is registered twice is asked about once. */
static bool is_repeated(const struct quote *quote, size_t finding)
{
    struct digest own = question_of_facts(&quote->finding[finding]);
    size_t i = 0;
    while (!digest_equal(question_of_facts(&quote->finding[i]), own)) {
        i++;
    }
    return i < finding;
}

enum sting_status quote_write(struct writer *writer, const struct quote *quote,
                              struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    const struct history_answer whole = answer_of(quote);
    enum sting_status status = quote_json(quote, !quote->is_blind, &text);
    if (!status) {
        status =
            history_answer_write(writer, &whole, buffer_bytes(&text), fault);
    }
    for (size_t i = 0; !status && i < quote->findings; i++) {
        const struct history_answer asked = {
            .question = question_of_facts(&quote->finding[i]),
            .k = quote->finding[i].run,
            .tried = quote->tried};
        status = is_repeated(quote, i)
                     ? STING_OK
                     : history_answer_write(writer, &asked, bytes_of_text(""),
                                            fault);
    }
    return status;
}
