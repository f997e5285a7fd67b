#include "trace/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/reader.h"

#define NUMBER_SIZE 32

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
    struct digest digest;
    size_t shelf;
    int page; /* -1: the whole document */
    uint32_t before;
    uint32_t pictures;
};

struct asked_list {
    struct asked *asked; /* owned */
    size_t count;
};

static void asked_list_release(struct asked_list *list)
{
    free(list->asked);
    *list = (struct asked_list){0};
}

/* A document that is registered twice is asked about once. */
static struct digest question_about(const struct trace_run *run, size_t shelf,
                                    int page)
{
    return question_of_page(run->library->shelf[shelf].bait.original,
                            (uint32_t)(page + 1));
}

static struct asked *asked_find(const struct asked_list *list,
                                struct digest question)
{
    for (size_t i = 0; i < list->count; i++) {
        if (digest_equal(list->asked[i].digest, question)) {
            return &list->asked[i];
        }
    }
    return NULL;
}

static void asked_add(struct asked_list *list, const struct trace_run *run,
                      const struct trace_finding *finding)
{
    struct digest digest = question_about(run, finding->shelf, finding->page);
    struct asked *known = asked_find(list, digest);
    if (!known) {
        known = &list->asked[list->count++];
        *known = (struct asked){digest, finding->shelf, finding->page, 0, 0};
    }
    known->pictures++;
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
                !asked_find(list, question_about(run, whole.shelf, -1))) {
                asked_add(list, run, &whole);
            }
        }
    }
}

static enum sting_status asked_fill(const struct trace_run *run,
                                    struct asked_list *out)
{
    size_t most = 2 * run->pictures * SEARCH_MOST_HITS + 1;
    out->asked = calloc(most, sizeof *out->asked);
    if (!out->asked) {
        return STING_E_NOMEM;
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

/* Count one line of the ledger for the question that it asked. */
static void line_count(const struct line *line, struct asked_list *list)
{
    struct digest question;
    if (!bytes_equal(bytes_of_text(line->kind->name), bytes_of_text("trace")) ||
        line_hex(line, "question", question.byte, DIGEST_SIZE)) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        list->asked[i].before += digest_equal(list->asked[i].digest, question);
    }
}

static enum sting_status ledger_count(const struct operation *operation,
                                      struct asked_list *list,
                                      struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    if (status) {
        return status;
    }
    struct line line;
    while (!(status = ledger_reader_next_known(reader, &line))) {
        line_count(&line, list);
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

enum sting_status question_count(const struct operation *operation,
                                 struct trace_run *run, struct fault *fault)
{
    struct asked_list list STING_AUTO(asked_list_release) = {0};
    enum sting_status status = asked_fill(run, &list);
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    status = ledger_count(operation, &list, fault);
    run->document_runs = 1;
    for (size_t i = 0; !status && i < run->pictures; i++) {
        struct trace_picture *picture = run->picture[i];
        for (size_t f = 0; f < picture->scored; f++) {
            struct trace_finding *finding = &picture->finding[f];
            const struct asked *asked =
                finding->page < 0
                    ? NULL
                    : asked_find(&list, question_about(run, finding->shelf,
                                                       finding->page));
            if (asked) {
                finding->run = larger(asked->before + 1, picture->run);
            }
        }
    }
    for (size_t i = 0; !status && i < list.count; i++) {
        if (list.asked[i].page < 0) {
            run->document_runs =
                larger(run->document_runs, list.asked[i].before + 1);
        }
    }
    return status;
}

/* What the pictures of one question say together, if there are several. */
static const struct trace_joint *joint_of(const struct trace_run *run,
                                          const struct asked *asked,
                                          size_t *number)
{
    for (size_t i = 0; i < run->joints; i++) {
        const struct trace_finding *finding = &run->joint[i].finding;
        if (digest_equal(question_about(run, finding->shelf, finding->page),
                         asked->digest)) {
            *number = i;
            return &run->joint[i];
        }
    }
    return NULL;
}

static enum sting_status asked_write(struct writer *writer,
                                     const struct trace_run *run,
                                     const struct asked *asked, uint32_t k,
                                     struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    char number[3][NUMBER_SIZE];
    char hex[3][DIGEST_TEXT_SIZE];
    struct digest blob[2];
    size_t at = 0;
    const struct trace_run sealed = trace_run_sealed(run);
    const struct trace_joint *joint = joint_of(run, asked, &at);
    bool is_named = joint && joint->finding.verdict == TRACE_ATTRIBUTED;
    bool is_lead = joint && joint->finding.verdict == TRACE_LEAD;
    enum sting_status status =
        joint ? trace_joint_json(&sealed, at, &text) : STING_OK;
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    status =
        writer_blob(writer, buffer_bytes(&text), &blob[0], &blob[1], fault);
    if (status) {
        return status;
    }
    snprintf(number[0], NUMBER_SIZE, "%" PRIu32, k);
    snprintf(number[1], NUMBER_SIZE, "%" PRIu32, asked->pictures);
    snprintf(number[2], NUMBER_SIZE, "%.0f", run->tried);
    const struct line_field field[] = {
        {"run", number[0]},
        {"question", digest_text(asked->digest, hex[0])},
        {"k", number[0]},
        {"pictures", number[1]},
        {"tried", number[2]},
        {"attributed", is_named ? "1" : "0"},
        {"lead", is_lead ? "1" : "0"},
        {"none", joint && !is_named && !is_lead ? "1" : "0"},
        {"blob", digest_text(blob[0], hex[1])},
        {"pt", digest_text(blob[1], hex[2])},
    };
    return writer_line(writer, "trace", field, sizeof field / sizeof *field,
                       NULL, fault);
}

/* The k that findings on this page were charged with. */
static uint32_t run_of(const struct trace_run *run, const struct asked *asked)
{
    uint32_t k = asked->page < 0 ? run->document_runs : 1;
    for (size_t i = 0; i < run->pictures; i++) {
        for (size_t f = 0; f < run->picture[i]->scored; f++) {
            const struct trace_finding *finding = &run->picture[i]->finding[f];
            if (finding->page >= 0 &&
                digest_equal(question_about(run, finding->shelf, finding->page),
                             asked->digest)) {
                k = larger(k, finding->run);
            }
        }
    }
    return k;
}

enum sting_status question_write(struct writer *writer,
                                 const struct trace_run *run,
                                 struct fault *fault)
{
    struct asked_list list STING_AUTO(asked_list_release) = {0};
    enum sting_status status = asked_fill(run, &list);
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    for (size_t i = 0; !status && i < list.count; i++) {
        status = asked_write(writer, run, &list.asked[i],
                             run_of(run, &list.asked[i]), fault);
    }
    return status;
}
