#include "anchor/renew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor/renew_state.h"
#include "base/file.h"
#include "ledger/anchor_file.h"
#include "ledger/consistency.h"
#include "ledger/line.h"
#include "ledger/reader.h"

#define MOST_RECORDS 1000

/* A record as the last line that names it tells. */
struct record {
    uint32_t number;
    uint32_t renewal;
    uint64_t size;
    struct digest root;
    struct digest ct;
    char file[ARCHIVE_PATH_SIZE];
    char manifest[DIGEST_TEXT_SIZE];
    bool is_named; /* by a line; of a closed operation none is any more */
};

/* What the ledger tells of renewals. */
struct past {
    struct record record[MOST_RECORDS];
    size_t records;
    uint64_t told;  /* the last line that says something more, from 1 */
    bool is_closed; /* no line can be written any more */
};

static void renewing_release(struct renewing *renewing)
{
    client_stop(&renewing->net);
    client_stop(&renewing->check);
    buffer_release(&renewing->ca);
    buffer_release(&renewing->crl);
    buffer_release(&renewing->tls);
    writer_free(&renewing->writer);
}

/* ---- what was renewed before ---- */

static void record_put(struct past *past, const struct record *record)
{
    size_t i = 0;
    while (i < past->records && past->record[i].number != record->number) {
        i++;
    }
    if (i < MOST_RECORDS) {
        past->record[i] = *record;
        past->records += i == past->records;
    }
}

static void record_take(struct past *past, const struct line *line)
{
    struct record record = {.number = 0};
    int64_t size = 0;
    char type[16];
    line_text(line, "file", record.file, sizeof record.file);
    line_text(line, "manifest", record.manifest, sizeof record.manifest);
    if (strcmp(line_text(line, "type", type, sizeof type), "renewal") != 0 ||
        !archive_record_number(record.file, &record.number, &record.renewal) ||
        line_integer(line, "size", &size) ||
        line_hex(line, "root", record.root.byte, DIGEST_SIZE) ||
        line_hex(line, "ct", record.ct.byte, DIGEST_SIZE)) {
        return;
    }
    record.size = (uint64_t)size;
    record.is_named = true;
    record_put(past, &record);
}

/* Lines that every command leaves, and anchors' own, need no record. */
static bool says_more(const struct line *line)
{
    static const char *const little[] = {"session", "stop",   "epoch", "anchor",
                                         "clock",   "unlock", "close"};
    for (size_t i = 0; i < sizeof little / sizeof *little; i++) {
        if (!strcmp(line->kind->name, little[i])) {
            return false;
        }
    }
    return true;
}

static enum sting_status past_read(const struct operation *operation,
                                   struct past *past, struct fault *fault)
{
    struct line line;
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        if (!strcmp(line.kind->name, "anchor")) {
            record_take(past, &line);
        }
        past->told = says_more(&line) ? line.seq + 1 : past->told;
        past->is_closed |= !strcmp(line.kind->name, "close");
    }
    if (status && status != STING_E_ABSENT) {
        return fault_set(fault, status, "see sting verify",
                         "the ledger cannot be read");
    }
    return reader ? STING_OK : status;
}

static struct record *record_of(struct past *past, uint32_t number)
{
    for (size_t i = 0; i < past->records; i++) {
        if (past->record[i].number == number) {
            return &past->record[i];
        }
    }
    return NULL;
}

static enum sting_status stamps_read(int dir, const char *file,
                                     struct buffer *der,
                                     struct evidence_record *out)
{
    enum sting_status status =
        file_read(dir, file, EVIDENCE_MOST_BYTES, der, NULL);
    return status ? status : evidence_record_read(buffer_bytes(der), out);
}

/* Does the record go on where the other one ends? An old one put back under a
 * higher number does not. */
static bool goes_on(const struct evidence_record *record,
                    const struct evidence_record *before)
{
    bool goes = record->stamps > before->stamps;
    for (size_t i = 0; goes && i < before->stamps; i++) {
        goes = bytes_equal(record->stamp[i].token, before->stamp[i].token);
    }
    return goes;
}

/* One that lies here: is it newer than what is known of its number? */
static void found_take(int dir, const struct archive_found *found,
                       struct past *past)
{
    struct evidence_record stamps, before;
    struct buffer der STING_AUTO(buffer_release) = {0};
    struct buffer other STING_AUTO(buffer_release) = {0};
    struct archive_head head;
    struct evidence_object object;
    struct record *known = record_of(past, found->number);
    struct record record = {.number = found->number, .renewal = found->renewal};
    archive_record_path(record.number, record.renewal, record.file);
    if (stamps_read(dir, record.file, &der, &stamps) ||
        (known && (stamps_read(dir, known->file, &other, &before) ||
                   !goes_on(&stamps, &before))) ||
        archive_read(dir, record.number, &head, &object, NULL, NULL)) {
        return; /* it decides nothing */
    }
    record.size = head.entries;
    record_put(past, &record);
}

/* Records that were made after the end stand in no line: they are taken as
 * they lie here, and judged by what they say themselves. */
static enum sting_status unnamed_take(const struct operation *operation,
                                      struct past *past, struct fault *fault)
{
    struct archive_found *found = NULL;
    size_t count = 0;
    int dir = operation_dir(operation);
    enum sting_status status = archive_find(dir, &found, &count);
    if (status == STING_E_LIMIT) {
        return fault_set(
            fault, status, "move away what is none of yours, then renew again",
            "more than %d records lie in " ARCHIVE_FOLDER, ARCHIVE_MOST_FOUND);
    }
    for (size_t i = 0; i < count && !status; i++) {
        found_take(dir, &found[i], past);
    }
    free(found);
    return status;
}

/* ---- one record ---- */

static enum sting_status line_write(struct renewing *renewing,
                                    const struct record *record)
{
    char size[24];
    char text[4][DIGEST_TEXT_SIZE];
    int dir = operation_dir(renewing->operation);
    const struct buffer *pem[] = {&renewing->ca, &renewing->crl};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < 2 && !status; i++) {
        struct digest ct;
        text[i][0] = '\0';
        if (pem[i]->size > 0) {
            status =
                anchor_pem_put(dir, buffer_bytes(pem[i]), &ct, renewing->fault);
            digest_text(ct, text[i]);
        }
    }
    if (status || !renewing->writer) {
        return status;
    }
    snprintf(size, sizeof size, "%llu", (unsigned long long)record->size);
    const struct line_field field[] = {
        {"type", "renewal"},
        {"size", size},
        {"root", digest_text(record->root, text[2])},
        {"state", "renewed"},
        {"file", record->file},
        {"ct", digest_text(record->ct, text[3])},
        {"by", renewing->tsa->tsa},
        {"ca", text[0][0] ? text[0] : NULL},
        {"crl", text[1][0] ? text[1] : NULL},
        {"manifest", record->manifest},
    };
    return writer_line(renewing->writer, "anchor", field,
                       sizeof field / sizeof *field, NULL, renewing->fault);
}

/* The manifest's hash is the one of its line; of a new one it is noted. */
static bool manifest_fits(struct record *record,
                          const struct evidence_object *object)
{
    char text[HASH_TEXT_SIZE];
    hash_text(&object->hash[HASH_SHA256], text);
    if (!record->manifest[0]) {
        memcpy(record->manifest, text, sizeof record->manifest);
    }
    return strcmp(record->manifest, text) == 0;
}

/* One more stamp on the record read, or the first when it is NULL. */
static enum sting_status stamp_add(struct renewing *renewing,
                                   struct record *record,
                                   const struct evidence_record *before,
                                   enum hash_kind kind)
{
    int dir = operation_dir(renewing->operation);
    struct hash hash;
    struct archive_head head;
    struct evidence_object object;
    struct buffer token STING_AUTO(buffer_release) = {0};
    struct buffer after STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        archive_read(dir, record->number, &head, &object, NULL, NULL);
    if (status || !manifest_fits(record, &object)) {
        return fault_set(renewing->fault, STING_E_FORMAT, "see sting verify",
                         "a manifest is not the one that the ledger names");
    }
    if (!status) {
        status = evidence_next(before, &object, kind, &hash);
    }
    if (!status) {
        status = renew_stamp(renewing, &hash, &token);
    }
    if (!status) {
        status =
            evidence_record_write(before, buffer_bytes(&token), kind, &after);
    }
    archive_record_path(record->number, record->renewal + 1, record->file);
    if (!status) {
        record->ct = digest_of(buffer_bytes(&after));
        status = file_write(dir, record->file, buffer_bytes(&after), 0600,
                            renewing->fault);
    }
    return status ? status : line_write(renewing, record);
}

static enum sting_status record_renew(struct renewing *renewing,
                                      struct record *record)
{
    struct evidence_record before;
    struct buffer der STING_AUTO(buffer_release) = {0};
    enum hash_kind kind = renewing->how->kind;
    enum sting_status status =
        file_read(operation_dir(renewing->operation), record->file,
                  EVIDENCE_MOST_BYTES, &der, renewing->fault);
    bool is_other = record->is_named &&
                    !digest_equal(digest_of(buffer_bytes(&der)), record->ct);
    if (!status &&
        (is_other || evidence_record_read(buffer_bytes(&der), &before))) {
        status = fault_set(renewing->fault, STING_E_FORMAT, "see sting verify",
                           "%s is not the record that the ledger names",
                           record->file);
    }
    if (!status && kind == HASH_KINDS) {
        kind = evidence_record_kind(&before);
    }
    if (!status) {
        status = stamp_add(renewing, record, &before, kind);
    }
    renewing->out->records += !status;
    return status;
}

/* A record of its own for what no record covers. */
static enum sting_status record_begin(struct renewing *renewing,
                                      const struct past *past)
{
    int dir = operation_dir(renewing->operation);
    struct note note;
    struct growth growth = {0};
    struct record record = {.number = 1};
    struct buffer text STING_AUTO(buffer_release) = {0};
    char origin[NOTE_MOST_NAME + 1];
    for (size_t i = 0; i < past->records; i++) {
        if (past->record[i].number >= record.number) {
            record.number = past->record[i].number + 1;
        }
    }
    enum sting_status status =
        anchor_newest_note(dir, &text, &note, renewing->fault);
    if (!status) {
        status = growth_to(dir, note.size, &growth, NULL);
    }
    if (status) {
        return status;
    }
    snprintf(origin, sizeof origin, "%.*s", (int)note.origin.size,
             note.origin.data);
    record.size = note.size;
    record.root = note.root;
    status = archive_write(dir, record.number, origin, note.size, growth.offset,
                           renewing->fault);
    if (!status) {
        status =
            stamp_add(renewing, &record, NULL,
                      renewing->how->kind == HASH_KINDS ? HASH_SHA256
                                                        : renewing->how->kind);
    }
    renewing->out->begun += !status;
    renewing->out->entries = record.size;
    return status;
}

/* ---- all ---- */

static bool is_broken(const struct renew_settings *how,
                      const struct record *record)
{
    for (size_t i = 0; i < how->brokens; i++) {
        if (how->broken[i] == record->number) {
            return true;
        }
    }
    return false;
}

/* Every record that holds gets one more stamp; *covered, the lines that they
 * speak of. */
static enum sting_status records_renew(struct renewing *renewing,
                                       struct past *past, uint64_t *covered)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < past->records; i++) {
        struct record *record = &past->record[i];
        if (is_broken(renewing->how, record)) {
            renewing->out->broken++;
        } else {
            *covered = record->size > *covered ? record->size : *covered;
            status = record_renew(renewing, record);
        }
    }
    return status;
}

static enum sting_status authority_find(struct renewing *renewing)
{
    const struct config *config = operation_config(renewing->operation);
    const struct operation *operation = renewing->operation;
    for (size_t i = 0; i < config->anchors && !renewing->tsa; i++) {
        renewing->tsa = config->anchor[i].tsa[0] ? &config->anchor[i] : NULL;
    }
    if (!renewing->tsa) {
        return fault_set(renewing->fault, STING_E_ARG,
                         "add anchors: - tsa: and its ca_file: to "
                         "operation.yaml",
                         "no time-stamping authority is named");
    }
    const struct {
        const char *path;
        struct buffer *out;
    } file[] = {{renewing->tsa->ca_file, &renewing->ca},
                {renewing->tsa->crl_file, &renewing->crl},
                {renewing->tsa->tls_ca_file, &renewing->tls}};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof file / sizeof *file && !status; i++) {
        if (file[i].path[0]) {
            status =
                operation_file_read(operation, file[i].path, ANCHOR_MOST_PEM,
                                    file[i].out, renewing->fault);
        }
    }
    return status;
}

enum sting_status renew_run(const struct operation *operation,
                            const struct renew_settings *how,
                            struct renewed *out, struct fault *fault)
{
    struct renewing renewing STING_AUTO(renewing_release) = {
        .operation = operation,
        .how = how,
        .net = CLIENT_OF(WORKER_NET),
        .check = CLIENT_OF(WORKER_CHECK),
        .out = out,
        .fault = fault};
    struct past *past = calloc(1, sizeof *past);
    uint64_t covered = 0;
    *out = (struct renewed){.records = 0};
    enum sting_status status = past ? authority_find(&renewing) : STING_E_NOMEM;
    if (!status) {
        status = past_read(operation, past, fault);
    }
    if (!status && past->is_closed) {
        status = unnamed_take(operation, past, fault);
    } else if (!status) {
        status = writer_open(operation, how->now, &renewing.writer, fault);
    }
    if (!status) {
        status = records_renew(&renewing, past, &covered);
    }
    if (!status && past->told > covered) {
        status = record_begin(&renewing, past);
    }
    if (!status && renewing.writer) {
        status = writer_close(&renewing.writer, fault);
    }
    free(past);
    return status;
}
