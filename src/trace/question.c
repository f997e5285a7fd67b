#include "trace/question.h"

#include <stdlib.h>

#include "trace/history.h"

struct digest question_of_page(struct digest original, uint32_t page)
{
    const uint8_t number[4] = {(uint8_t)page, (uint8_t)(page >> 8),
                               (uint8_t)(page >> 16), (uint8_t)(page >> 24)};
    const struct bytes part[] = {bytes_of_text("question"),
                                 {original.byte, DIGEST_SIZE},
                                 {number, sizeof number}};
    return digest_sha256(part, 3);
}

/* One question of a run. */
struct asked {
    size_t shelf;
    int page; /* -1: the whole document */
    uint32_t pictures;
};

struct asked_list {
    struct asked *asked;               /* owned */
    struct history_question *question; /* owned; of each */
    size_t count;
};

static void asked_list_release(struct asked_list *list)
{
    free(list->asked);
    free(list->question);
    *list = (struct asked_list){0};
}

/* A document that is registered twice is asked about once. */
static struct digest question_about(const struct trace_run *run, size_t shelf,
                                    int page)
{
    return question_of_page(run->library->shelf[shelf].bait.original,
                            run->is_handover ? QUESTION_HANDOVER
                                             : (uint32_t)(page + 1));
}

/* Its place in the list; `count` where it is not there. */
static size_t asked_find(const struct asked_list *list, struct digest question)
{
    size_t i = 0;
    while (i < list->count &&
           !digest_equal(list->question[i].digest, question)) {
        i++;
    }
    return i;
}

static void asked_add(struct asked_list *list, const struct trace_run *run,
                      const struct trace_finding *finding)
{
    struct digest digest = question_about(run, finding->shelf, finding->page);
    size_t at = asked_find(list, digest);
    if (at == list->count) {
        list->asked[at] = (struct asked){finding->shelf, finding->page, 0};
        list->question[at] = (struct history_question){.digest = digest};
        list->count++;
    }
    list->asked[at].pictures++;
}

/* A page that is registered twice, seen in one spot, is asked about once. */
static bool is_repeated(const struct trace_run *run,
                        const struct trace_picture *picture, size_t finding)
{
    const struct trace_finding *f = &picture->finding[finding];
    struct digest own = question_about(run, f->shelf, f->page);
    for (size_t i = 0; i < finding; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (other->spot == f->spot &&
            digest_equal(own, question_about(run, other->shelf, other->page))) {
            return true;
        }
    }
    return false;
}

/* The whole document is asked about by pictures of more than one page. */
static void documents_add(struct asked_list *list, const struct trace_run *run)
{
    size_t pages = list->count;
    for (size_t i = 1; i < pages; i++) {
        const struct trace_finding whole = {.shelf = list->asked[i].shelf,
                                            .page = -1};
        for (size_t k = 0; k < i; k++) {
            if (list->asked[k].shelf == whole.shelf &&
                asked_find(list, question_about(run, whole.shelf, -1)) ==
                    list->count) {
                asked_add(list, run, &whole);
            }
        }
    }
}

static enum sting_status asked_fill(const struct trace_run *run,
                                    struct asked_list *out, struct fault *fault)
{
    size_t most = 2 * run->pictures * SEARCH_MOST_HITS + 1;
    out->asked = calloc(most, sizeof *out->asked);
    out->question = calloc(most, sizeof *out->question);
    if (!out->asked || !out->question) {
        return fault_set(fault, STING_E_NOMEM, "", "the memory is used up");
    }
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->scored; f++) {
            if (run->picture[i]->finding[f].page >= 0 &&
                !is_repeated(run, run->picture[i], f)) {
                asked_add(out, run, &run->picture[i]->finding[f]);
            }
        }
    }
    documents_add(out, run);
    return STING_OK;
}

/* What is asked, and how often it was before. */
static enum sting_status asked_count(const struct operation *operation,
                                     const struct trace_run *run,
                                     struct asked_list *out,
                                     struct fault *fault)
{
    enum sting_status status = asked_fill(run, out, fault);
    return status ? status
                  : history_count(operation, out->question, out->count, fault);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

enum sting_status question_count(const struct operation *operation,
                                 struct trace_run *run, struct fault *fault)
{
    struct asked_list list STING_AUTO(asked_list_release) = {0};
    enum sting_status status = asked_count(operation, run, &list, fault);
    run->document_runs = 1;
    for (size_t i = 0; !status && i < run->pictures; i++) {
        struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->scored; f++) {
            struct trace_finding *finding = &picture->finding[f];
            if (finding->page >= 0) {
                size_t at = asked_find(
                    &list, question_about(run, finding->shelf, finding->page));
                finding->run =
                    larger(list.question[at].before + 1, picture->run);
            }
        }
    }
    for (size_t i = 0; !status && i < list.count; i++) {
        if (list.asked[i].page < 0 || run->is_handover) {
            run->document_runs =
                larger(run->document_runs, list.question[i].before + 1);
        }
    }
    return status;
}

/* The k that findings on this page were charged with. */
static uint32_t run_of(const struct trace_run *run, const struct asked *asked,
                       struct digest question)
{
    uint32_t k = asked->page < 0 ? run->document_runs : 1;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->scored; f++) {
            const struct trace_finding *finding = &run->picture[i]->finding[f];
            if (finding->page >= 0 &&
                digest_equal(question_about(run, finding->shelf, finding->page),
                             question)) {
                k = larger(k, finding->run);
            }
        }
    }
    return k;
}

enum sting_status question_check(const struct operation *operation,
                                 const struct trace_run *run,
                                 struct fault *fault)
{
    struct asked_list list STING_AUTO(asked_list_release) = {0};
    enum sting_status status = asked_count(operation, run, &list, fault);
    for (size_t i = 0; !status && i < list.count; i++) {
        struct history_question *asked = &list.question[i];
        if (asked->before + 1 > run_of(run, &list.asked[i], asked->digest)) {
            status = history_overtaken(fault);
        }
    }
    return status;
}

/* What the pictures of one question say together, if there are several. */
static const struct trace_joint *joint_of(const struct trace_run *run,
                                          struct digest question,
                                          size_t *number)
{
    for (size_t i = 0; i < run->joints; i++) {
        const struct trace_finding *finding = &run->joint[i].finding;
        if (digest_equal(question_about(run, finding->shelf, finding->page),
                         question)) {
            *number = i;
            return &run->joint[i];
        }
    }
    return NULL;
}

static enum sting_status asked_write(struct writer *writer,
                                     const struct trace_run *run,
                                     const struct asked *asked,
                                     struct digest question,
                                     struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    size_t at = 0;
    const struct trace_run sealed = trace_run_sealed(run);
    const struct trace_joint *joint = joint_of(run, question, &at);
    bool is_named = joint && joint->finding.verdict == TRACE_ATTRIBUTED;
    bool is_lead = joint && joint->finding.verdict == TRACE_LEAD;
    const struct history_answer answer = {
        .question = question,
        .k = run_of(run, asked, question),
        .pictures = asked->pictures,
        .tried = run->tried,
        .attributed = is_named,
        .lead = is_lead,
        .none = joint && !is_named && !is_lead,
        .is_handover = run->is_handover,
    };
    enum sting_status status =
        joint ? trace_joint_json(&sealed, at, &text) : STING_OK;
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : history_answer_write(writer, &answer, buffer_bytes(&text),
                                         fault);
}

enum sting_status question_write(struct writer *writer,
                                 const struct trace_run *run,
                                 struct fault *fault)
{
    struct asked_list list STING_AUTO(asked_list_release) = {0};
    enum sting_status status = asked_fill(run, &list, fault);
    for (size_t i = 0; !status && i < list.count; i++) {
        status = asked_write(writer, run, &list.asked[i],
                             list.question[i].digest, fault);
    }
    return status;
}
