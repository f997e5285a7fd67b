#include "operation/writer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger/line.h"
#include "operation/core.h"
#include "operation/core_socket.h"

#define RETRY_MS 50
#define MOST_TRIES 200 /* ten seconds */

struct writer {
    int station;       /* -1: we are the core ourselves */
    struct core *core; /* NULL: a station is */
};

void writer_free(struct writer **writer)
{
    struct fault fault;
    if (*writer) {
        (void)!writer_close(writer, &fault);
    }
}

static void rest(void)
{
    const struct timespec time = {.tv_nsec = RETRY_MS * 1000000L};
    (void)nanosleep(&time, NULL);
}

/* Ask the core, wherever it runs. */
static enum sting_status ask(struct writer *writer, uint32_t kind,
                             struct bytes payload, struct wire_answer *answer,
                             struct fault *fault)
{
    const struct wire_head request = {.kind = kind,
                                      .payload_bytes = (uint32_t)payload.size};
    if (!writer->core) {
        return core_call(writer->station, request, payload, answer, fault);
    }
    core_handle(writer->core, &request, payload, &answer->head,
                &answer->payload);
    if (answer->head.kind != WIRE_FAILED) {
        return STING_OK;
    }
    const char *why = buffer_text(&answer->payload);
    const char *todo = answer->payload.size ? why + strlen(why) + 1 : "";
    return fault_set(fault, (enum sting_status)answer->head.number[0], todo,
                     "%s", why);
}

/* The core ourselves, or a station; whichever there is first. */
static enum sting_status core_find(struct writer *writer,
                                   const struct operation *operation,
                                   struct moment (*now)(void), bool confirms,
                                   struct fault *fault)
{
    enum sting_status status = STING_E_BUSY;
    for (int i = 0; i < MOST_TRIES && status == STING_E_BUSY; i++) {
        if (i > 0) {
            rest();
        }
        status = (confirms ? core_open_confirming
                           : core_open)(operation, now, &writer->core, fault);
        if (status == STING_E_BUSY) {
            enum sting_status found =
                core_connect(operation, &writer->station, fault);
            status = found == STING_E_ABSENT ? STING_E_BUSY : found;
        }
    }
    return status;
}

/* A station looks for itself at what we go by. */
static enum sting_status station_look(struct writer *writer,
                                      const struct operation *operation,
                                      struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    return ask(writer, WIRE_CORE_LOOK,
               bytes_of_text(operation_config_digest(operation)), &answer,
               fault);
}

static enum sting_status begin(const struct operation *operation,
                               struct moment (*now)(void), bool confirms,
                               struct writer **out, struct fault *fault)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        return STING_E_NOMEM;
    }
    if (operation_office(operation)) {
        operation = operation_office(operation);
    }
    writer->station = -1;
    enum sting_status status =
        core_find(writer, operation, now, confirms, fault);
    if (!status && !writer->core && !confirms) {
        status = station_look(writer, operation, fault);
    }
    if (status) {
        fd_close(&writer->station);
        free(writer);
        return status;
    }
    *out = writer;
    return STING_OK;
}

enum sting_status writer_open(const struct operation *operation,
                              struct moment (*now)(void), struct writer **out,
                              struct fault *fault)
{
    return begin(operation, now, false, out, fault);
}

enum sting_status writer_open_confirming(const struct operation *operation,
                                         struct moment (*now)(void),
                                         struct writer **out,
                                         struct fault *fault)
{
    return begin(operation, now, true, out, fault);
}

enum sting_status writer_close(struct writer **writer, struct fault *fault)
{
    enum sting_status status = STING_OK;
    fd_close(&(*writer)->station);
    if ((*writer)->core) {
        status = core_close(&(*writer)->core, "command", fault);
    }
    free(*writer);
    *writer = NULL;
    return status;
}

enum sting_status writer_line(struct writer *writer, const char *kind,
                              const struct line_field *field, size_t fields,
                              uint64_t *seq, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer request STING_AUTO(buffer_release) = {0};
    enum sting_status status = core_line_write(kind, field, fields, &request);
    if (!status) {
        status =
            ask(writer, WIRE_CORE_LINE, buffer_bytes(&request), &answer, fault);
    }
    if (!status && seq) {
        *seq = (uint64_t)answer.head.number[0];
    }
    return status;
}

enum sting_status writer_blob(struct writer *writer, struct bytes plain,
                              struct digest *ct, struct digest *pt,
                              struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    if (plain.size > CORE_MOST_BLOB_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "make it shorter",
                         "it is larger than %zu bytes", CORE_MOST_BLOB_BYTES);
    }
    enum sting_status status =
        ask(writer, WIRE_CORE_BLOB, plain, &answer, fault);
    if (!status && answer.payload.size != (size_t)2 * DIGEST_SIZE) {
        return fault_set(fault, STING_E_FORMAT, "",
                         "the station answered in another form");
    }
    if (!status) {
        memcpy(ct->byte, answer.payload.data, DIGEST_SIZE);
    }
    if (!status && pt) {
        memcpy(pt->byte, answer.payload.data + DIGEST_SIZE, DIGEST_SIZE);
    }
    return status;
}

enum sting_status writer_station_seal(const struct operation *operation,
                                      enum writer_seal how, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    const struct wire_head request = {.kind = WIRE_CORE_SEAL, .number = {how}};
    int station STING_AUTO(fd_close) = -1;
    enum sting_status status = core_connect(operation, &station, fault);
    return status ? status
                  : core_call(station, request, (struct bytes){NULL, 0},
                              &answer, fault);
}

bool writer_show(const struct operation *operation, enum show what,
                 uint32_t which, int64_t n, struct bytes bytes)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct fault fault = {"", ""};
    int station STING_AUTO(fd_close) = -1;
    const struct wire_head head = {.kind = WIRE_CORE_SHOW,
                                   .number = {(int64_t)what, which, n},
                                   .payload_bytes = (uint32_t)bytes.size};
    return !core_connect(operation, &station, &fault) &&
           !core_call(station, head, bytes, &answer, &fault);
}

enum sting_status writer_print(const struct operation *operation,
                               const char *bait, int page,
                               const struct plane *grey, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer bytes STING_AUTO(buffer_wipe) = {0};
    int station STING_AUTO(fd_close) = -1;
    const struct wire_head head = {
        .kind = WIRE_CORE_PRINT,
        .number = {page, grey->width_px, grey->height_px}};
    enum sting_status status = buffer_printf(&bytes, "%s%c", bait, 0);
    for (int y = 0; y < grey->height_px && !status; y++) {
        const struct bytes row = {plane_row(grey, y), (size_t)grey->width_px};
        status = buffer_append(&bytes, row);
    }
    if (status) {
        return fault_set(fault, status, "", "the memory is used up");
    }
    status = core_connect(operation, &station, fault);
    if (status == STING_E_ABSENT) {
        return fault_set(fault, STING_E_ABSENT, "start sting run",
                         "no station runs");
    }
    return status
               ? status
               : core_call(station, head, buffer_bytes(&bytes), &answer, fault);
}

enum sting_status writer_link(const struct operation *operation,
                              const char *word, const char *by,
                              int64_t *incident, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer request STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_CORE_ACK};
    int station STING_AUTO(fd_close) = -1;
    enum sting_status status = core_connect(operation, &station, fault);
    if (!status) {
        status = buffer_printf(&request, "%s%c%s%c", word, 0, by, 0);
    }
    if (!status) {
        status =
            core_call(station, head, buffer_bytes(&request), &answer, fault);
    }
    *incident = status ? 0 : answer.head.number[0];
    return status;
}

enum sting_status writer_note(const struct operation *operation,
                              struct moment (*now)(void), const char *kind,
                              const struct line_field *field, size_t fields,
                              struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status = writer_open(operation, now, &writer, fault);
    if (!status) {
        status = writer_line(writer, kind, field, fields, NULL, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

enum sting_status writer_sealed_line(struct writer *writer, const char *kind,
                                     const struct line_field *field,
                                     size_t fields, struct bytes plain,
                                     struct fault *fault)
{
    struct digest ct;
    struct digest pt;
    char text[2][DIGEST_TEXT_SIZE];
    struct line_field all[LINE_MOST_FIELDS];
    if (fields + 2 > LINE_MOST_FIELDS) {
        return fault_set(fault, STING_E_ARG, "",
                         "the line has too many fields");
    }
    enum sting_status status = writer_blob(writer, plain, &ct, &pt, fault);
    if (status) {
        return status;
    }
    memcpy(all, field, fields * sizeof *field);
    all[fields] = (struct line_field){"blob", digest_text(ct, text[0])};
    all[fields + 1] = (struct line_field){"pt", digest_text(pt, text[1])};
    return writer_line(writer, kind, all, fields + 2, NULL, fault);
}
