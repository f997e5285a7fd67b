/* Appending: lines, blobs, checkpoints. */
#include "ledger/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"

static const char disk_advice[] =
    "free some space or check the disk, then start again";

struct ledger *ledger_alloc(const struct ledger_context *context)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger) {
        return NULL;
    }
    ledger->operation = -1;
    ledger->file = -1;
    ledger->random = context->random;
    snprintf(ledger->version, sizeof ledger->version, "%s",
             context->version ? context->version : STING_VERSION);
    snprintf(ledger->config, sizeof ledger->config, "%s",
             context->config ? context->config : "");
    snprintf(ledger->place, sizeof ledger->place, "%s",
             context->place ? context->place : "");
    snprintf(ledger->boot, sizeof ledger->boot, "%s",
             context->boot ? context->boot : "");
    ledger->clock = context->clock
                        ? *context->clock
                        : (struct clock_state){.error_us = -1, .most_us = -1};
    return ledger;
}

void ledger_free(struct ledger **ledger)
{
    if (*ledger) {
        fd_close(&(*ledger)->operation);
        fd_close(&(*ledger)->file);
        secret_wipe(&(*ledger)->log_key);
        secret_wipe(&(*ledger)->epoch_key);
    }
    free(*ledger);
    *ledger = NULL;
}

char *ledger_origin_text(const struct public_key *case_key,
                         char text[LEDGER_ORIGIN_SIZE])
{
    char hex[DIGEST_TEXT_SIZE];
    digest_text(digest_of((struct bytes){case_key->byte, PUBLIC_KEY_SIZE}),
                hex);
    snprintf(text, LEDGER_ORIGIN_SIZE, "sting/%.32s", hex);
    return text;
}

void ledger_date_advance(char date[LEDGER_DATE_SIZE], int64_t utc_us)
{
    char text[LINE_TIME_SIZE];
    line_time_text(utc_us, text);
    text[LEDGER_DATE_SIZE - 1] = '\0';
    if (strcmp(text, date) > 0) {
        memcpy(date, text, LEDGER_DATE_SIZE);
    }
}

enum sting_status ledger_refuse_broken(struct fault *fault)
{
    return fault_set(fault, STING_E_IO, disk_advice,
                     "the ledger is closed after an error of the disk");
}

/* Write the bytes of one line at the end, durably. What a failed write left
 * behind is cut off again: the file ends in whole lines, or is given up. */
static enum sting_status write_line(struct ledger *ledger, struct bytes text,
                                    struct fault *fault)
{
    enum sting_status status = file_write_fd(ledger->file, text);
    if (status) {
        fault_errno(fault, status, disk_advice, "the ledger cannot be written");
        if (ftruncate(ledger->file, (off_t)ledger->bytes) != 0) {
            ledger->is_broken = true;
        }
        return STING_E_IO;
    }
    if (fdatasync(ledger->file) != 0) {
        ledger->is_broken = true;
        fault_errno(fault, STING_E_IO, disk_advice,
                    "the ledger cannot be synced");
        /* What is not known to be on the disk must not look as if it were. */
        (void)!ftruncate(ledger->file, (off_t)ledger->bytes);
        return STING_E_IO;
    }
    ledger->bytes += text.size;
    return STING_OK;
}

/* May this line be written? `close` and `recipients` bind those after it. */
static enum sting_status line_allow(const struct ledger *ledger,
                                    const struct line *line,
                                    struct fault *fault)
{
    struct agreement_key key[AGE_MOST_RECIPIENTS];
    size_t keys = 0;
    const char *kind = line->kind->name;
    if (ledger->is_closed && !line_may_follow_close(kind)) {
        return fault_set(fault, STING_E_UNSUPPORTED, "",
                         "the operation is closed");
    }
    if (!strcmp(kind, "recipients") &&
        ledger_recipients_read(line_raw(line, "to"), key, &keys)) {
        return fault_set(fault, STING_E_ARG, "name 2 to 16, age1...",
                         "these cannot be all recipients");
    }
    return STING_OK;
}

static void line_bind(struct ledger *ledger, const struct line *line)
{
    const char *kind = line->kind->name;
    if (strcmp(kind, "session") != 0) { /* it tells what is, not what was */
        told_take(&ledger->told, line);
    }
    if (!strcmp(kind, "close")) {
        ledger->is_closed = true;
    } else if (!strcmp(kind, "recipients") &&
               ledger_recipients_read(line_raw(line, "to"), ledger->recipient,
                                      &ledger->recipients)) {
        ledger->is_broken = true; /* it was read before */
    }
}

/* NOLINTNEXTLINE(readability-function-size): who, when, what, and answers */
enum sting_status ledger_append_line(struct ledger *ledger, struct moment at,
                                     const char *kind,
                                     const struct line_field field[],
                                     size_t fields, uint64_t *seq,
                                     struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    uint8_t random[LINE_RANDOM_SIZE];
    struct line_head head = {.seq = ledger->tree.leaves, .at = at};
    memcpy(head.boot, ledger->boot, LINE_BOOT_SIZE - 1);
    enum sting_status status = line_begin(&text, &head, kind, field, fields);
    if (status == STING_E_ARG) {
        return fault_set(fault, status, "this is a mistake in sting",
                         "a %s line with these fields is not in the table",
                         kind);
    }
    random_fill(ledger->random, random, sizeof random);
    if (!status) {
        status = line_end(&text, random, ledger->prev, ledger->prev_size);
    }
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    struct line line;
    status = line_parse(buffer_bytes(&text), &line);
    if (!status) {
        status = line_allow(ledger, &line, fault);
    }
    if (!status) {
        status = write_line(ledger, buffer_bytes(&text), fault);
    }
    if (status) {
        return status;
    }
    line_bind(ledger, &line);
    if (seq) {
        *seq = ledger->tree.leaves;
    }
    ledger->prev = digest_of(buffer_bytes(&text));
    ledger->last_utc_us = at.utc_us;
    ledger->last_boot_us = at.boot_us;
    ledger->offset_us = at.utc_us - at.boot_us;
    ledger->has_offset = true;
    tree_add(&ledger->tree, tree_leaf(buffer_bytes(&text)));
    return STING_OK;
}

/* NOLINTNEXTLINE(readability-function-size): who, when, what, and answers */
enum sting_status ledger_append(struct ledger *ledger, struct moment now,
                                const char *kind,
                                const struct line_field field[], size_t fields,
                                uint64_t *seq, struct fault *fault)
{
    if (ledger->is_broken) {
        return ledger_refuse_broken(fault);
    }
    struct moment at = ledger_moment(ledger, now);
    enum sting_status status = ledger_clock_step(ledger, at, fault);
    if (!status) {
        status =
            ledger_append_line(ledger, at, kind, field, fields, seq, fault);
    }
    return status || !line_instructs(kind)
               ? status
               : ledger_checkpoint(ledger, at, fault);
}

enum sting_status ledger_blob(struct ledger *ledger, struct bytes plain,
                              struct ledger_blob *out, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct age_to to = ledger_recipients(ledger);
    char hex[DIGEST_TEXT_SIZE];
    char path[DIGEST_TEXT_SIZE + 32];
    if (ledger->is_broken) {
        return ledger_refuse_broken(fault);
    }
    enum sting_status status = age_seal(&to, ledger->random, plain, &sealed);
    if (status) {
        return fault_set(fault, status, "", "a blob of %zu bytes: %s",
                         plain.size, sting_status_text(status));
    }
    struct ledger_blob blob = {.ct = digest_of(buffer_bytes(&sealed)),
                               .pt = digest_of(plain),
                               .bytes = sealed.size};
    snprintf(path, sizeof path, "evidence/blobs/%s.age",
             digest_text(blob.ct, hex));
    status =
        file_write(ledger->operation, path, buffer_bytes(&sealed), 0600, fault);
    if (!status) {
        *out = blob;
    }
    return status;
}

/* Append a note to the day's file, durably; a failed write is cut off. */
static enum sting_status write_note(struct ledger *ledger, struct bytes note,
                                    struct fault *fault)
{
    char path[64];
    snprintf(path, sizeof path, "evidence/checkpoints/%s.notes",
             ledger->notes_date);
    int file STING_AUTO(fd_close) =
        openat(ledger->operation, path,
               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    off_t end = file < 0 ? -1 : lseek(file, 0, SEEK_END);
    if (end < 0) {
        return fault_errno(fault, STING_E_IO, disk_advice,
                           "%s cannot be opened", path);
    }
    bool is_written = !file_write_fd(file, note);
    if (!is_written || fdatasync(file) != 0) {
        fault_errno(fault, STING_E_IO, disk_advice, "%s cannot be written",
                    path);
        bool is_cut = ftruncate(file, end) == 0;
        (void)!fsync(file); /* else it may come back; start-up syncs again */
        ledger->is_broken = is_written || !is_cut;
        return STING_E_IO;
    }
    int folder STING_AUTO(fd_close) =
        openat(ledger->operation, "evidence/checkpoints",
               O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (end == 0 && (folder < 0 || fsync(folder) != 0)) {
        ledger->is_broken = true;
        return fault_errno(fault, STING_E_IO, disk_advice,
                           "evidence/checkpoints cannot be synced");
    }
    return STING_OK;
}

/* On to the day's file; where something else has its name, the one before goes
 * on. */
static void notes_date_advance(struct ledger *ledger, int64_t utc_us)
{
    struct stat info;
    char date[LEDGER_DATE_SIZE];
    char path[64];
    memcpy(date, ledger->notes_date, sizeof date);
    ledger_date_advance(date, utc_us);
    snprintf(path, sizeof path, "evidence/checkpoints/%s.notes", date);
    bool is_free =
        fstatat(ledger->operation, path, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        S_ISREG(info.st_mode);
    if (is_free || !ledger->notes_date[0]) {
        memcpy(ledger->notes_date, date, sizeof date);
    }
}

enum sting_status ledger_sign(struct ledger *ledger, struct moment now,
                              uint64_t epoch, const struct secret *key,
                              struct fault *fault)
{
    struct buffer note STING_AUTO(buffer_release) = {0};
    char name[NOTE_MOST_NAME];
    if (ledger->is_broken) {
        return ledger_refuse_broken(fault);
    }
    ledger_epoch_name(ledger->origin, epoch, name, sizeof name);
    enum sting_status status = note_write(
        &note, ledger->origin, ledger->tree.leaves, tree_root(&ledger->tree));
    if (!status) {
        status = note_sign(&note, 0, ledger->origin, &ledger->log_key);
    }
    if (!status) {
        status = note_sign(&note, 0, name, key);
    }
    if (!status) {
        status = note_close(&note);
    }
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    notes_date_advance(ledger, now.utc_us);
    status = write_note(ledger, buffer_bytes(&note), fault);
    if (!status) {
        ledger->signed_lines = ledger->tree.leaves;
    }
    return status;
}

enum sting_status ledger_checkpoint(struct ledger *ledger, struct moment now,
                                    struct fault *fault)
{
    if (ledger->signed_lines == ledger->tree.leaves) {
        return STING_OK;
    }
    return ledger_sign(ledger, now, ledger->epoch, &ledger->epoch_key, fault);
}

enum sting_status ledger_close(struct ledger **ledger, struct moment now,
                               const char *why, struct fault *fault)
{
    char n[24];
    snprintf(n, sizeof n, "%" PRIu64, (*ledger)->session);
    const struct line_field field[] = {{"n", n}, {"why", why}};
    enum sting_status status =
        ledger_append(*ledger, now, "stop", field, 2, NULL, fault);
    if (!status) {
        status = ledger_next_epoch(*ledger, now, fault);
    }
    ledger_free(ledger);
    return status;
}

uint64_t ledger_lines(const struct ledger *ledger)
{
    return ledger->tree.leaves;
}

struct age_to ledger_recipients(const struct ledger *ledger)
{
    return (struct age_to){.recipient = ledger->recipient,
                           .recipients = ledger->recipients};
}

const char *ledger_place(const struct ledger *ledger)
{
    return ledger->place;
}

const struct told_files *ledger_told(const struct ledger *ledger)
{
    return &ledger->told;
}

const struct random_source *ledger_random(const struct ledger *ledger)
{
    return ledger->random;
}

int ledger_operation(const struct ledger *ledger)
{
    return ledger->operation;
}

const char *ledger_recovered(const struct ledger *ledger)
{
    return ledger->recovered;
}

bool ledger_is_camera_name(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        uint8_t c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!letter && (c != '.' || i == 0)) {
            return false;
        }
    }
    return name.size > 0 && name.size < LEDGER_CAMERA_SIZE;
}

struct ledger_camera *ledger_camera_row(struct ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->cameras; i++) {
        if (!strcmp(ledger->camera[i].name, name)) {
            return &ledger->camera[i];
        }
    }
    size_t most =
        ledger->is_stranger ? LEDGER_MOST_STRANGERS : LEDGER_MOST_CAMERAS;
    if (ledger->cameras >= most ||
        !ledger_is_camera_name(bytes_of_text(name))) {
        return NULL;
    }
    struct ledger_camera *row = &ledger->camera[ledger->cameras++];
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

enum sting_status ledger_blob_open(int operation, const struct secret *identity,
                                   struct digest ct, size_t most_bytes,
                                   struct buffer *out, struct fault *fault)
{
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct age_with with = {.identity = identity, .identities = 1};
    char hex[DIGEST_TEXT_SIZE];
    char path[DIGEST_TEXT_SIZE + 32];
    snprintf(path, sizeof path, "evidence/blobs/%s.age", digest_text(ct, hex));
    enum sting_status status =
        file_read(operation, path, most_bytes, &sealed, fault);
    if (status) {
        return status;
    }
    if (!digest_equal(digest_of(buffer_bytes(&sealed)), ct)) {
        return fault_set(fault, STING_E_FORGED, "run sting verify",
                         "%s is not the file that the ledger names", path);
    }
    size_t before = out->size;
    status = age_open(&with, buffer_bytes(&sealed), out);
    if (status) {
        out->size = before;
        return fault_set(fault, status, "use an identity of this operation",
                         "%s cannot be opened with this key", path);
    }
    return STING_OK;
}
