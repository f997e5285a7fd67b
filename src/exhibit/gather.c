/* One walk over the ledger and one over its checkpoints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "exhibit/gathered.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "ledger/unsigned_lines.h"

#define AROUND_US INT64_C(60000000) /* a keyframe lies nearer than that */

void gathered_release(struct gathered *gathered)
{
    proof_tree_release(&gathered->tree);
    buffer_release(&gathered->text);
    buffer_release(&gathered->notes);
    buffer_release(&gathered->office);
    free(gathered->line);
    free(gathered->note);
    free(gathered->film);
    free(gathered->piece);
    free(gathered->run);
    *gathered = (struct gathered){0};
}

struct bytes gathered_text(const struct gathered *gathered, size_t index)
{
    const struct gathered_line *line = &gathered->line[index];
    return (struct bytes){gathered->text.data + line->at, line->bytes};
}

struct line gathered_parse(const struct gathered *gathered, size_t index)
{
    struct line line;
    if (line_parse(gathered_text(gathered, index), &line)) {
        line = (struct line){.kind = line_kind_at(0)};
    }
    return line;
}

struct bytes gathered_note_text(const struct gathered *gathered,
                                const struct gathered_note *note)
{
    return (struct bytes){gathered->notes.data + note->at, note->bytes};
}

const struct gathered_note *gathered_final(const struct gathered *gathered)
{
    return &gathered->note[gathered->final];
}

bool gathered_is(const struct line *line, const char *kind)
{
    return !strcmp(line->kind->name, kind);
}

int64_t gathered_integer(const struct line *line, const char *key)
{
    int64_t value = 0;
    return line_integer(line, key, &value) ? 0 : value;
}

int64_t gathered_time(const struct line *line, const char *key)
{
    int64_t value = 0;
    return line_time(line, key, &value) ? 0 : value;
}

static bool is_of_camera(const struct gathered *gathered,
                         const struct line *line)
{
    char camera[65];
    line_text(line, "camera", camera, sizeof camera);
    return !strcmp(camera, gathered->order->camera);
}

static bool wants_film(const struct gathered *gathered, const struct line *line)
{
    int64_t t0_us = gathered_time(line, "t0");
    return is_of_camera(gathered, line) &&
           (gathered_is(line, "init") ||
            (t0_us < gathered->order->to_us &&
             t0_us + gathered_integer(line, "us") >
                 gathered->order->from_us - AROUND_US));
}

static bool wants_camera(const struct gathered *gathered,
                         const struct line *line)
{
    return !line_has(line, "camera") || is_of_camera(gathered, line);
}

static bool wants_any(const struct gathered *gathered, const struct line *line)
{
    (void)gathered;
    (void)line;
    return true;
}

/* What each kind of line is to an exhibit; others are not shown. */
static const struct {
    const char *kind;
    enum gathered_why why;
    bool (*wants)(const struct gathered *gathered, const struct line *line);
} row[] = {
    {"genesis", WHY_CHAIN, wants_any},
    {"epoch", WHY_CHAIN, wants_any},
    {"init", WHY_FILM, wants_film},
    {"seg", WHY_FILM, wants_film},
    {"session", WHY_AROUND, wants_any},
    {"stop", WHY_AROUND, wants_any},
    {"clock", WHY_AROUND, wants_any},
    {"gap", WHY_AROUND, wants_camera},
    {"camera", WHY_AROUND, wants_camera},
    {"rest", WHY_AROUND, wants_camera},
    {"sight", WHY_AROUND, wants_camera},
    {"erase", WHY_AROUND, wants_camera},
    {"incident", WHY_INCIDENT, wants_camera},
    {"page", WHY_INCIDENT, wants_camera},
    {"alert", WHY_INCIDENT, wants_any},
    {"ack", WHY_INCIDENT, wants_any},
    {"go", WHY_INCIDENT, wants_any},
    {"trace", WHY_TRACE, wants_any},
    {"unlock", WHY_CUSTODY, wants_any},
    {"custody", WHY_CUSTODY, wants_any},
    {"export", WHY_CUSTODY, wants_any},
    {"release", WHY_CUSTODY, wants_any},
    {"dossier", WHY_CUSTODY, wants_any},
    {"import", WHY_CUSTODY, wants_any},
    {"recipients", WHY_CUSTODY, wants_any},
    {"close", WHY_CUSTODY, wants_any},
    {"beacon", WHY_ANCHOR, wants_any},
    {"anchor", WHY_ANCHOR, wants_any},
    {"tsr", WHY_ANCHOR, wants_any},
    {"cosig", WHY_ANCHOR, wants_any},
};

static enum sting_status line_keep(struct gathered *gathered,
                                   enum gathered_why why, uint64_t seq,
                                   struct bytes text)
{
    struct gathered_line *kept =
        array_add(&gathered->line, &gathered->lines, sizeof *gathered->line);
    if (!kept) {
        return STING_E_NOMEM;
    }
    *kept = (struct gathered_line){
        .seq = seq, .at = gathered->text.size, .bytes = text.size, .why = why};
    return buffer_append(&gathered->text, text);
}

static enum sting_status line_take(struct gathered *gathered,
                                   const struct line *line, struct bytes text)
{
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (gathered_is(line, row[i].kind)) {
            return row[i].wants(gathered, line)
                       ? line_keep(gathered, row[i].why, line->seq, text)
                       : STING_OK;
        }
    }
    return STING_OK;
}

static enum sting_status lines_walk(struct gathered *gathered,
                                    struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct unsigned_lines nobodys STING_AUTO(unsigned_lines_release) = {0};
    int dir = operation_dir(gathered->operation);
    enum sting_status status = ledger_reader_open(dir, &reader, fault);
    if (!status) {
        status = unsigned_lines_read(dir, &nobodys, fault);
    }
    while (!status) {
        struct line line;
        status = ledger_reader_next(reader, &line);
        bool is_read =
            !status && !(line_instructs(line.kind->name) &&
                         unsigned_lines_has(&nobodys, gathered->tree.leaves));
        if (status && status != STING_E_FORMAT && status != STING_E_LIMIT &&
            status != STING_E_UNSUPPORTED) {
            break;
        }
        struct bytes text = ledger_reader_text(reader);
        status = proof_tree_add(&gathered->tree, tree_leaf(text));
        if (!status && is_read) {
            status = line_take(gathered, &line, text);
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}

static enum sting_status genesis_take(struct gathered *gathered,
                                      struct fault *fault)
{
    struct line line = {.kind = line_kind_at(1)};
    if (gathered->lines > 0) {
        line = gathered_parse(gathered, 0);
    }
    if (!gathered_is(&line, "genesis") || line.seq != 0 ||
        line_hex(&line, "case", gathered->case_key.byte, PUBLIC_KEY_SIZE) ||
        line_hex(&line, "log", gathered->log_key.byte, PUBLIC_KEY_SIZE)) {
        return fault_set(fault, STING_E_FORMAT, "see sting verify",
                         "the ledger does not begin as one of sting's");
    }
    line_text(&line, "origin", gathered->origin, sizeof gathered->origin);
    return STING_OK;
}

/* Who signs: the operation itself, or the office that imported it. */
static enum sting_status signer_take(struct gathered *gathered,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    gathered->sign_key = gathered->log_key;
    memcpy(gathered->signer, gathered->origin, sizeof gathered->signer);
    if (!gathered->order->office) {
        return STING_OK;
    }
    enum sting_status status = ledger_reader_open(
        operation_dir(gathered->order->office), &reader, fault);
    if (!status) {
        status = ledger_reader_next(reader, &line);
    }
    if (!status) {
        status =
            line_hex(&line, "log", gathered->sign_key.byte, PUBLIC_KEY_SIZE);
    }
    if (!status) {
        line_text(&line, "origin", gathered->signer, sizeof gathered->signer);
        status = buffer_append(&gathered->office, ledger_reader_text(reader));
    }
    return status;
}

static enum sting_status note_take(void *context, const struct note *note,
                                   struct bytes text)
{
    struct gathered *gathered = context;
    struct gathered_note *kept = array_add(
        &gathered->note, &gathered->note_count, sizeof *gathered->note);
    if (!kept) {
        return STING_E_NOMEM;
    }
    *kept = (struct gathered_note){note->size, gathered->notes.size, text.size};
    return buffer_append(&gathered->notes, text);
}

enum sting_status gather(struct gathered *gathered, struct fault *fault)
{
    enum sting_status status = lines_walk(gathered, fault);
    if (!status) {
        status = genesis_take(gathered, fault);
    }
    if (!status) {
        status = signer_take(gathered, fault);
    }
    if (!status) {
        status = ledger_notes_walk(operation_dir(gathered->operation),
                                   note_take, gathered, fault);
    }
    if (status == STING_E_FORMAT && fault && !fault->why[0]) {
        return fault_set(fault, status, "see sting verify",
                         "a checkpoint does not parse");
    }
    return status;
}
