#include "trace/history.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/reader.h"

#define NUMBER_SIZE 32

static bool asks_about(const struct line *line, struct digest picture)
{
    uint8_t question[DIGEST_SIZE];
    return bytes_equal(bytes_of_text(line->kind->name),
                       bytes_of_text("trace")) &&
           line_hex(line, "question", question, DIGEST_SIZE) == STING_OK &&
           bytes_equal((struct bytes){question, DIGEST_SIZE},
                       (struct bytes){picture.byte, DIGEST_SIZE});
}

enum sting_status history_count(const struct operation *operation,
                                struct digest picture, uint32_t *before,
                                struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    uint32_t count = 0;
    struct line line;
    while (!status && !(status = ledger_reader_next_known(reader, &line))) {
        count += asks_about(&line, picture);
    }
    if (!reader || status != STING_E_ABSENT) {
        return status;
    }
    *before = count;
    return STING_OK;
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

static enum sting_status blob_write(struct writer *writer,
                                    const struct trace_run *run,
                                    const struct pictures *of,
                                    struct digest out[2], struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    const struct trace_run sealed = trace_run_sealed(run);
    enum sting_status status = STING_OK;
    for (size_t p = 0; p < of->count; p++) {
        const struct trace_picture *picture = of->picture[p];
        for (size_t i = 0; !status && i < picture->findings; i++) {
            status = trace_finding_json(&sealed, picture, i, &text);
        }
    }
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    return writer_blob(writer, buffer_bytes(&text), &out[0], &out[1], fault);
}

enum sting_status history_write(struct writer *writer,
                                const struct trace_run *run, size_t first,
                                size_t pictures, struct fault *fault)
{
    enum { K, PICTURES, TRIED, ATTRIBUTED, LEAD, NONE, NUMBERS };
    const struct pictures of = {run->picture + first, pictures};
    const struct trace_picture *file = of.picture[0];
    char number[NUMBERS][NUMBER_SIZE];
    char question[DIGEST_TEXT_SIZE];
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    struct digest blob[2];
    enum sting_status status = blob_write(writer, run, &of, blob, fault);
    if (status) {
        return status;
    }
    const uint32_t value[NUMBERS] = {
        file->run,
        (uint32_t)pictures,
        (uint32_t)run->tried,
        verdicts(&of, TRACE_ATTRIBUTED),
        verdicts(&of, TRACE_LEAD),
        verdicts(&of, TRACE_NONE),
    };
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(number[i], NUMBER_SIZE, "%" PRIu32, value[i]);
    }
    const struct line_field field[] = {
        {"run", number[K]},
        {"question", digest_text(file->digest, question)},
        {"k", number[K]},
        {"pictures", number[PICTURES]},
        {"tried", number[TRIED]},
        {"attributed", number[ATTRIBUTED]},
        {"lead", number[LEAD]},
        {"none", number[NONE]},
        {"blob", digest_text(blob[0], ct)},
        {"pt", digest_text(blob[1], pt)},
    };
    return writer_line(writer, "trace", field, sizeof field / sizeof *field,
                       NULL, fault);
}
