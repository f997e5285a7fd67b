#include "operation/picture_worker.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "jail/worker.h"
#include "wire/wire.h"

#define PATIENCE_S 120    /* for one answer; then the worker is given up */
#define PAGE_PATIENCE_S 6 /* for each page of a copy: scans are packed anew */

struct picture_worker {
    struct worker process;
    int pages;  /* of the PDF that it holds; 0: none */
    int sheets; /* of the picture that it holds; 0: none */
    struct picture_budget budget;
    bool is_faint; /* the opened PDF is planned so */
};

static void be_patient(struct picture_worker *worker, int seconds)
{
    const struct timeval patience = {.tv_sec = seconds};
    (void)setsockopt(worker->process.channel, SOL_SOCKET, SO_RCVTIMEO,
                     &patience, sizeof patience);
}

static enum sting_status start(struct picture_worker *worker,
                               struct fault *fault)
{
    worker->pages = worker->sheets = 0;
    enum sting_status status =
        worker_start(WORKER_PICTURE, &worker->process, fault);
    if (!status) {
        be_patient(worker, PATIENCE_S);
    }
    return status;
}

enum sting_status picture_worker_new(struct picture_worker **out,
                                     struct fault *fault)
{
    struct picture_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return STING_E_NOMEM;
    }
    worker->process = WORKER_NONE;
    enum sting_status status = start(worker, fault);
    if (status) {
        free(worker);
        return status;
    }
    *out = worker;
    return STING_OK;
}

void picture_worker_free(struct picture_worker **worker)
{
    if (*worker) {
        worker_stop(&(*worker)->process, 100);
    }
    free(*worker);
    *worker = NULL;
}

void picture_worker_renew(struct picture_worker *worker)
{
    worker_stop(&worker->process, 100);
    worker->pages = worker->sheets = 0;
}

static enum sting_status given_up(struct picture_worker *worker,
                                  bool is_stalled, struct fault *fault)
{
    const char *how = worker_stop_why(&worker->process, 0);
    worker->pages = worker->sheets = 0;
    return fault_set(fault, STING_E_FORMAT,
                     "the file is broken, or too large for this machine",
                     "the worker that reads it %s",
                     is_stalled ? "took too long and was stopped" : how);
}

/* Ask, and where the worker died or stalled, say how and let it go: the next
 * call starts another one. */
static enum sting_status ask(struct picture_worker *worker,
                             struct wire_head request, struct bytes payload,
                             uint32_t expected, struct wire_answer *answer,
                             struct fault *fault)
{
    struct fault ignored;
    struct fault *told = fault ? fault : &ignored;
    if (worker->process.pid == 0) {
        enum sting_status status = start(worker, told);
        if (status) {
            return status;
        }
    }
    told->why[0] = '\0';
    errno = 0;
    enum sting_status status = wire_call(worker->process.channel, request,
                                         payload, expected, answer, told);
    if (status == STING_E_IO) {
        return given_up(worker, errno == EAGAIN, told);
    }
    if (status == STING_E_NOMEM && answer->head.kind == WIRE_FAILED) {
        return fault_set(told, STING_E_LIMIT, "give a smaller or simpler file",
                         "it needs more memory than a file may take");
    }
    return status;
}

static enum sting_status nonsense(struct picture_worker *worker,
                                  struct fault *fault)
{
    worker_stop(&worker->process, 0);
    worker->pages = worker->sheets = 0;
    return fault_set(fault, STING_E_FORMAT, "",
                     "the worker that reads the file answered with nonsense");
}

/* Ask for a picture and take its rows. */
static enum sting_status ask_plane(struct picture_worker *worker,
                                   struct wire_head request, struct plane *out,
                                   int64_t *at_us, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct plane plane;
    enum sting_status status = ask(worker, request, (struct bytes){0},
                                   WIRE_PICTURE_PLANE, &answer, fault);
    if (status) {
        return status;
    }
    int64_t width = answer.head.number[0], height = answer.head.number[1];
    if (width < 1 || height < 1 || width > PLANE_MOST_PX ||
        height > PLANE_MOST_PX ||
        (size_t)(width * height) != answer.payload.size) {
        return nonsense(worker, fault);
    }
    status = plane_init(&plane, (int)width, (int)height);
    if (status) {
        return status;
    }
    for (int y = 0; y < plane.height_px; y++) {
        memcpy(plane_row(&plane, y),
               answer.payload.data + (size_t)y * (size_t)width, (size_t)width);
    }
    *out = plane;
    if (at_us) {
        *at_us = answer.head.number[2];
    }
    return STING_OK;
}

/* Take a text that ends with NUL from the front: printable ASCII alone. */
static bool fact_take(struct bytes *from, char *out, size_t size)
{
    const uint8_t *end = memchr(from->data, 0, from->size);
    size_t length = end ? (size_t)(end - from->data) : size;
    for (size_t i = 0; i < length && length < size; i++) {
        if (from->data[i] < ' ' || from->data[i] > '~') {
            return false;
        }
    }
    if (length >= size) {
        return false;
    }
    memcpy(out, from->data, length + 1);
    *from = (struct bytes){from->data + length + 1, from->size - length - 1};
    return true;
}

enum sting_status picture_open(struct picture_worker *worker, struct bytes file,
                               struct picture_file *out, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct picture_file told = {0};
    worker->sheets = 0;
    enum sting_status status =
        ask(worker, (struct wire_head){.kind = WIRE_PICTURE_OPEN}, file,
            WIRE_DONE, &answer, fault);
    if (status) {
        return status;
    }
    struct bytes from = buffer_bytes(&answer.payload);
    if (answer.head.number[0] < 1 || answer.head.number[0] > INT16_MAX ||
        !fact_take(&from, told.kind, sizeof told.kind) ||
        !fact_take(&from, told.taken, sizeof told.taken) ||
        !fact_take(&from, told.camera, sizeof told.camera)) {
        return nonsense(worker, fault);
    }
    worker->sheets = told.sheets = (int)answer.head.number[0];
    *out = told;
    return STING_OK;
}

bool picture_is_open(const struct picture_worker *worker)
{
    return worker->sheets > 0;
}

enum sting_status picture_sheet(struct picture_worker *worker, int sheet,
                                struct plane *out, int64_t *at_us,
                                struct fault *fault)
{
    struct wire_head request = {.kind = WIRE_PICTURE_LOAD, .number = {sheet}};
    if (!picture_is_open(worker)) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the file was given up before");
    }
    return ask_plane(worker, request, out, at_us, fault);
}

enum sting_status picture_load(struct picture_worker *worker, struct bytes file,
                               struct plane *out, struct fault *fault)
{
    struct picture_file opened;
    enum sting_status status = picture_open(worker, file, &opened, fault);
    return status ? status : picture_sheet(worker, 0, out, NULL, fault);
}

/* What takes the longer the more pages the PDF has, and longer still where
 * others are at work. */
static enum sting_status ask_of_all(struct picture_worker *worker,
                                    struct wire_head request,
                                    struct bytes payload,
                                    struct wire_answer *answer,
                                    struct fault *fault)
{
    be_patient(worker, PATIENCE_S + PAGE_PATIENCE_S * worker->pages);
    enum sting_status status =
        ask(worker, request, payload, WIRE_DONE, answer, fault);
    be_patient(worker, PATIENCE_S);
    return status;
}

enum sting_status picture_pdf_open(struct picture_worker *worker,
                                   struct bytes file, int *pages,
                                   struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    worker->pages = 0;
    enum sting_status status =
        ask(worker, (struct wire_head){.kind = WIRE_PDF_OPEN}, file, WIRE_DONE,
            &answer, fault);
    if (status) {
        return status;
    }
    if (answer.head.number[0] < 1 || answer.head.number[0] > INT16_MAX) {
        return nonsense(worker, fault);
    }
    worker->pages = (int)answer.head.number[0];
    worker->is_faint = false;
    *pages = worker->pages;
    return STING_OK;
}

static enum sting_status check_page(const struct picture_worker *worker,
                                    int page, struct fault *fault)
{
    if (worker->pages == 0) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the file was given up before");
    }
    return page >= 0 && page < worker->pages ? STING_OK : STING_E_ARG;
}

void picture_pdf_faint(struct picture_worker *worker)
{
    worker->is_faint = true;
}

enum sting_status picture_pdf_page(struct picture_worker *worker, int page,
                                   struct mark_page *out, struct fault *fault)
{
    struct wire_head request = {.kind = WIRE_PDF_PAGE,
                                .number = {page, worker->is_faint}};
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    enum sting_status status = check_page(worker, page, fault);
    if (!status) {
        status = ask_of_all(worker, request, (struct bytes){0}, &answer, fault);
    }
    if (status) {
        return status;
    }
    worker->budget = (struct picture_budget){
        .growth = (double)answer.head.number[1] / 1e6,
        .left_out = answer.head.number[2],
    };
    struct bytes from = buffer_bytes(&answer.payload);
    status = mark_page_read(&from, out);
    return status == STING_E_FORMAT ? nonsense(worker, fault) : status;
}

enum sting_status picture_pdf_plan(struct picture_worker *worker, int page,
                                   const struct mark_page *plan,
                                   struct fault *fault)
{
    struct wire_head request = {.kind = WIRE_PDF_PAGE, .number = {page}};
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer record STING_AUTO(buffer_release) = {0};
    enum sting_status status = check_page(worker, page, fault);
    if (!status) {
        status = mark_page_write(plan, &record);
    }
    return status ? status
                  : ask(worker, request, buffer_bytes(&record), WIRE_DONE,
                        &answer, fault);
}

struct picture_budget picture_pdf_budget(const struct picture_worker *worker)
{
    return worker->budget;
}

enum sting_status picture_pdf_render(struct picture_worker *worker, int page,
                                     double dpi, struct plane *out,
                                     struct fault *fault)
{
    enum sting_status status = check_page(worker, page, fault);
    if (status || !(dpi >= 1 && dpi <= 2400)) {
        return status ? status : STING_E_ARG;
    }
    struct wire_head request = {.kind = WIRE_PDF_RENDER,
                                .number = {page, llround(dpi * 1e6)}};
    return ask_plane(worker, request, out, NULL, fault);
}

enum sting_status picture_pdf_letters(struct picture_worker *worker, int page,
                                      struct mark_letters *out,
                                      struct fault *fault)
{
    struct wire_head request = {.kind = WIRE_PDF_LETTERS, .number = {page}};
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    enum sting_status status = check_page(worker, page, fault);
    if (!status) {
        status =
            ask(worker, request, (struct bytes){0}, WIRE_DONE, &answer, fault);
    }
    if (status) {
        return status;
    }
    status = mark_letters_read(buffer_bytes(&answer.payload), out);
    return status == STING_E_FORMAT ? nonsense(worker, fault) : status;
}

enum sting_status picture_pdf_write(struct picture_worker *worker,
                                    const int8_t *const *sign,
                                    const uint32_t *units, int pages,
                                    struct buffer *out, struct fault *fault)
{
    static const int8_t stay[MARK_MOST_UNITS];
    struct buffer signs STING_AUTO(buffer_release) = {0};
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    enum sting_status status = check_page(worker, pages - 1, fault);
    for (int p = 0; !status && p < pages; p++) {
        const int8_t *from = sign[p] ? sign[p] : stay;
        status =
            units[p] <= MARK_MOST_UNITS
                ? buffer_append(&signs,
                                (struct bytes){(const uint8_t *)from, units[p]})
                : STING_E_ARG;
    }
    if (!status) {
        status = ask_of_all(worker, (struct wire_head){.kind = WIRE_PDF_WRITE},
                            buffer_bytes(&signs), &answer, fault);
    }
    return status ? status : buffer_append(out, buffer_bytes(&answer.payload));
}

enum sting_status picture_pdf_pack(struct picture_worker *worker,
                                   enum mark_packing packing,
                                   struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    return ask(worker,
               (struct wire_head){.kind = WIRE_PDF_PACK, .number = {packing}},
               (struct bytes){0}, WIRE_DONE, &answer, fault);
}

enum sting_status picture_pdf_rules(struct picture_worker *worker, int pages,
                                    struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    be_patient(worker, PATIENCE_S + PAGE_PATIENCE_S * pages);
    enum sting_status status =
        ask(worker, (struct wire_head){.kind = WIRE_PDF_RULES},
            (struct bytes){0}, WIRE_DONE, &answer, fault);
    be_patient(worker, PATIENCE_S);
    return status;
}

static enum sting_status texts_join(const struct bytes text[], size_t texts,
                                    struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < texts; i++) {
        status = buffer_append(out, text[i]);
        if (!status && i + 1 < texts) {
            status = buffer_append(out, (struct bytes){(uint8_t[]){0}, 1});
        }
    }
    return status;
}

enum sting_status picture_pdf_find(struct picture_worker *worker,
                                   const struct pdf_wanted *wanted,
                                   uint32_t *found, struct pdf_spot *spot,
                                   struct buffer *text, struct fault *fault)
{
    const struct bytes part[] = {wanted->before, wanted->value, wanted->after};
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    enum sting_status status = check_page(worker, 0, fault);
    if (!status) {
        status = texts_join(part, 3, &payload);
    }
    if (!status) {
        status = ask(worker, (struct wire_head){.kind = WIRE_PDF_FIND},
                     buffer_bytes(&payload), WIRE_DONE, &answer, fault);
    }
    const int64_t *number = answer.head.number;
    for (int i = 0; !status && i < 5; i++) {
        if (number[i] < 0 || number[i] > INT32_MAX) {
            return nonsense(worker, fault);
        }
    }
    if (status) {
        return status;
    }
    *found = (uint32_t)number[0];
    *spot = (struct pdf_spot){(uint32_t)number[1], (uint32_t)number[2],
                              (uint32_t)number[3], (uint32_t)number[4]};
    return buffer_append(text, buffer_bytes(&answer.payload));
}

static enum sting_status fact_put(const struct fact *fact, uint32_t choice,
                                  struct buffer *out)
{
    char text[FACT_VALUE_SIZE];
    fact_text(fact, choice, text);
    const uint32_t number[] = {fact->page, fact->content, fact->glyph,
                               fact->glyphs, (uint32_t)strlen(text)};
    enum sting_status status = buffer_append(
        out, (struct bytes){(const uint8_t *)number, sizeof number});
    return status ? status : buffer_append(out, bytes_of_text(text));
}

enum sting_status picture_pdf_swap(struct picture_worker *worker,
                                   const struct fact *fact, uint32_t facts,
                                   const uint32_t *choice, struct fault *fault)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    enum sting_status status = check_page(worker, 0, fault);
    for (uint32_t i = 0; !status && i < facts; i++) {
        if (fact_choices(&fact[i]) > 1) {
            status = fact_put(&fact[i], choice[i], &payload);
        }
    }
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    return status ? status
                  : ask(worker, (struct wire_head){.kind = WIRE_PDF_SWAP},
                        buffer_bytes(&payload), WIRE_DONE, &answer, fault);
}
