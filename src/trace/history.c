#include "trace/history.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/reader.h"

#define NUMBER_SIZE 32

/* Count one line of the ledger for the question that it asked. */
static void line_count(const struct line *line,
                       struct history_question *question, size_t count)
{
    struct digest asked;
    if (!bytes_equal(bytes_of_text(line->kind->name), bytes_of_text("trace")) ||
        line_hex(line, "question", asked.byte, DIGEST_SIZE)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_it = digest_equal(question[i].digest, asked);
        question[i].before += is_it;
        if (is_it && !question[i].traced_us && !line_has(line, "of")) {
            question[i].traced_us = line->at.utc_us;
        }
    }
}

enum sting_status history_count(const struct operation *operation,
                                struct history_question *question, size_t count,
                                struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    struct line line;
    for (size_t i = 0; i < count; i++) {
        question[i].before = 0;
        question[i].traced_us = 0;
    }
    if (status) {
        return status;
    }
    while (!(status = ledger_reader_next_known(reader, &line))) {
        line_count(&line, question, count);
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

enum sting_status history_overtaken(struct fault *fault)
{
    return fault_set(fault, STING_E_BUSY, "run it again",
                     "another run asked about the same meanwhile, and both "
                     "would be charged as one");
}

enum sting_status history_answer_write(struct writer *writer,
                                       const struct history_answer *answer,
                                       struct bytes found, struct fault *fault)
{
    enum { K, PICTURES, TRIED, ATTRIBUTED, LEAD, NONE, NUMBERS };
    char number[NUMBERS][NUMBER_SIZE];
    char question[DIGEST_TEXT_SIZE];
    const uint64_t value[NUMBERS] = {
        answer->k,          answer->pictures, (uint64_t)answer->tried,
        answer->attributed, answer->lead,     answer->none,
    };
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(number[i], NUMBER_SIZE, "%" PRIu64, value[i]);
    }
    const struct line_field field[] = {
        {"run", number[K]},
        {"question", digest_text(answer->question, question)},
        {"k", number[K]},
        {"pictures", number[PICTURES]},
        {"tried", number[TRIED]},
        {"attributed", number[ATTRIBUTED]},
        {"lead", number[LEAD]},
        {"none", number[NONE]},
        {"of", answer->is_handover ? "handover" : NULL},
    };
    return writer_sealed_line(writer, "trace", field,
                              sizeof field / sizeof *field, found, fault);
}

size_t history_sheets(const struct trace_run *run, size_t first)
{
    int sheets = run->picture[first]->file.sheets;
    size_t left = run->pictures - first;
    return sheets < 1 ? 1 : (size_t)sheets < left ? (size_t)sheets : left;
}

/* The pictures of one file. */
struct pictures {
    struct trace_picture *const *picture;
    size_t count;
};

static uint32_t verdicts(const struct pictures *of, enum trace_verdict verdict)
{
    uint32_t count = 0;
    for (size_t p = 0; p < of->count; p++) {
        const struct trace_picture *picture = of->picture[p];
        for (size_t i = 0; i < picture->findings; i++) {
            count += picture->finding[i].verdict == verdict;
        }
    }
    return count;
}

static enum sting_status findings_json(const struct trace_run *run,
                                       const struct pictures *of,
                                       struct buffer *out)
{
    const struct trace_run sealed = trace_run_sealed(run);
    enum sting_status status = STING_OK;
    for (size_t p = 0; p < of->count; p++) {
        const struct trace_picture *picture = of->picture[p];
        for (size_t i = 0; !status && i < picture->findings; i++) {
            status = trace_finding_json(&sealed, picture, i, out);
        }
    }
    return status;
}

enum sting_status history_write(struct writer *writer,
                                const struct trace_run *run, size_t first,
                                size_t pictures, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    const struct pictures of = {run->picture + first, pictures};
    const struct history_answer answer = {
        .question = of.picture[0]->digest,
        .k = of.picture[0]->run,
        .pictures = (uint32_t)pictures,
        .tried = run->tried,
        .attributed = verdicts(&of, TRACE_ATTRIBUTED),
        .lead = verdicts(&of, TRACE_LEAD),
        .none = verdicts(&of, TRACE_NONE),
        .is_handover = run->is_handover,
    };
    enum sting_status status = findings_json(run, &of, &text);
    return status ? fault_set(fault, status, "", "the memory is used up")
                  : history_answer_write(writer, &answer, buffer_bytes(&text),
                                         fault);
}
