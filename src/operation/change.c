#include "operation/change.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypt/digest.h"
#include "ledger/line.h"
#include "operation/create.h"
#include "operation/kept.h"
#include "operation/key_file.h"
#include "operation/writer.h"

/* The line that tells of a new text, then the text. */
static enum sting_status config_replace(const struct operation *operation,
                                        struct writer *writer,
                                        struct bytes text,
                                        const struct change *change,
                                        struct fault *fault)
{
    char sha256[DIGEST_TEXT_SIZE];
    const struct line_field field[] = {
        {"sha256", digest_text(digest_of(text), sha256)},
        {"why", change->why},
        {"by", change->by},
    };
    enum sting_status status = writer_sealed_line(
        writer, "config", field, sizeof field / sizeof *field, text, fault);
    return status ? status
                  : file_write(operation_dir(operation), CONFIG_FILE, text,
                               0600, fault);
}

static enum sting_status config_text(const struct operation *operation,
                                     struct buffer *out, struct fault *fault)
{
    return file_read(operation_dir(operation), CONFIG_FILE, CONFIG_MOST_BYTES,
                     out, fault);
}

enum sting_status change_until(const struct operation *operation,
                               const char *until, const struct change *change,
                               struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct buffer old STING_AUTO(buffer_release) = {0};
    struct buffer new STING_AUTO(buffer_release) = {0};
    const struct line_field field[] = {
        {"until", until}, {"by", change->by}, {"why", change->why}};
    enum sting_status status = config_text(operation, &old, fault);
    if (!status) {
        status = config_until_set(buffer_bytes(&old), until, &new, fault);
    }
    if (!status) {
        status = writer_open(operation, clock_now, &writer, fault);
    }
    if (!status) {
        status = writer_line(writer, "extend", field, 3, NULL, fault);
    }
    if (!status) {
        status = config_replace(operation, writer, buffer_bytes(&new), change,
                                fault);
    }
    return status ? status : writer_close(&writer, fault);
}

enum sting_status change_recipients(const struct operation *operation,
                                    const struct config_recipients *wanted,
                                    const struct change *change,
                                    struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct buffer old STING_AUTO(buffer_release) = {0};
    struct buffer new STING_AUTO(buffer_release) = {0};
    const struct config *config = operation_config(operation);
    struct kept_recipients told, to;
    kept_list_text(wanted->text, wanted->count, to.to, sizeof to.to);
    kept_list_text(config->name_to, config->names_to, to.names,
                   sizeof to.names);
    const struct line_field field[] = {
        {"to", to.to},
        {"by", change->by},
        {"why", change->why},
        {"names", to.names[0] ? to.names : NULL}};
    enum sting_status status = config_text(operation, &old, fault);
    if (!status) {
        status = config_recipients_set(buffer_bytes(&old), wanted, &new, fault);
    }
    if (!status) {
        status = kept_recipients_read(operation, &told, fault);
    }
    if (!status) {
        status = writer_open_confirming(operation, clock_now, &writer, fault);
    }
    if (!status &&
        (strcmp(told.to, to.to) != 0 || strcmp(told.names, to.names) != 0)) {
        status = writer_line(writer, "recipients", field, 4, NULL, fault);
    }
    if (!status && !config_recipients_equal(config, wanted)) {
        status = config_replace(operation, writer, buffer_bytes(&new), change,
                                fault);
    }
    return status ? status : writer_close(&writer, fault);
}

/* ---- passphrases ---- */

/* One key file that gets another lock, and the line that says so. */
struct relock {
    const char *path;
    const struct change *change;
    char before[DIGEST_TEXT_SIZE], after[DIGEST_TEXT_SIZE];
};

static enum sting_status relock_tell(struct writer *writer,
                                     const struct relock *is, const char *state,
                                     struct fault *fault)
{
    const struct line_field field[] = {
        {"item", is->path},
        {"state", state},
        {"by", is->change->by},
        {"before", is->before[0] ? is->before : NULL},
        {"after", is->after[0] ? is->after : NULL},
        {"why", is->change->why}};
    return writer_line(writer, "custody", field, sizeof field / sizeof *field,
                       NULL, fault);
}

/* Which locks a file had and is to have: the second person's layer of the
 * identity is inside the first's, that of the names is the only one. */
static void locks_of(const struct operation *operation, const char *path,
                     const struct passphrase_change *order,
                     struct key_lock *old, struct key_lock *new)
{
    const struct bytes first = passphrase_bytes(&order->old.first);
    const struct bytes second = passphrase_bytes(&order->old.second);
    const struct bytes to = passphrase_bytes(&order->to);
    bool is_inside = order->is_second && !strcmp(path, KEY_FILE_IDENTITY) &&
                     operation_config(operation)->two_people;
    *old = (struct key_lock){.first = order->is_second ? second : first};
    *new = (struct key_lock){.first = to, .log2_n = OPERATION_LOG2_N};
    if (is_inside) {
        *old = (struct key_lock){.first = first, .second = second};
        *new = (struct key_lock){
            .first = first, .second = to, .log2_n = OPERATION_LOG2_N};
    }
}

static enum sting_status file_relock(const struct operation *operation,
                                     struct writer *writer,
                                     const struct passphrase_change *order,
                                     struct relock *is, bool *changed,
                                     struct fault *fault)
{
    struct key_lock lock[2];
    char before[DIGEST_TEXT_SIZE];
    struct fault ignored;
    locks_of(operation, is->path, order, &lock[KEY_LOCK_OLD],
             &lock[KEY_LOCK_NEW]);
    enum sting_status status =
        kept_digest(operation_dir(operation), is->path, before, fault);
    if (!status) {
        status = key_file_relock(operation_dir(operation), is->path, lock,
                                 operation_random(operation), changed, fault);
    }
    if (status == STING_E_FORGED) {
        (void)!relock_tell(writer, is, "refused", &ignored);
    }
    if (status || !*changed) {
        return status;
    }
    memcpy(is->before, before, sizeof before);
    status = kept_digest(operation_dir(operation), is->path, is->after, fault);
    return status ? status : relock_tell(writer, is, "relocked", fault);
}

enum sting_status change_passphrase(const struct operation *operation,
                                    const struct passphrase_change *order,
                                    const struct change *change, size_t *files,
                                    struct fault *fault)
{
    static const struct {
        const char *path;
        bool is_second;
    } row[] = {{KEY_FILE_IDENTITY, false},
               {KEY_FILE_MARK, false},
               {KEY_FILE_CASE, false},
               {KEY_FILE_IDENTITY, true},
               {KEY_FILE_NAMES, true}};
    struct writer *writer STING_AUTO(writer_free) = NULL;
    const struct config *config = operation_config(operation);
    enum sting_status status =
        writer_open(operation, clock_now, &writer, fault);
    *files = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++) {
        bool changed = false;
        bool is_meant = row[i].is_second == order->is_second &&
                        (!row[i].is_second || config->two_people ||
                         strcmp(row[i].path, KEY_FILE_IDENTITY) != 0);
        if (is_meant) {
            struct relock is = {.path = row[i].path, .change = change};
            status =
                file_relock(operation, writer, order, &is, &changed, fault);
        }
        /* The names' key is there in blind operations only. */
        if (status == STING_E_ABSENT && row[i].is_second) {
            status = STING_OK;
        }
        *files += changed;
    }
    return status ? status : writer_close(&writer, fault);
}
