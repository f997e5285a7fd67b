/* A new ledger: its first line, signed by the case key. */
#include "ledger/store.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"

static enum sting_status join_recipients(const struct ledger *ledger,
                                         struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < ledger->recipients && !status; i++) {
        char text[AGE_TEXT_SIZE];
        age_recipient_text(&ledger->recipient[i], text);
        status = buffer_printf(out, "%s%s", i > 0 ? "," : "", text);
    }
    return status;
}

static void key_hex(const struct secret *key, char out[2 * PUBLIC_KEY_SIZE + 1])
{
    struct public_key public = signature_public(key);
    hex_write((struct bytes){public.byte, PUBLIC_KEY_SIZE}, out);
}

/* The first line: everything but sig= is signed by the case key. */
static enum sting_status genesis_text(const struct ledger *ledger,
                                      const struct ledger_genesis *genesis,
                                      const struct ledger_blob *purpose,
                                      struct moment now, struct buffer *out)
{
    struct buffer recipients STING_AUTO(buffer_release) = {0};
    char key[3][2 * PUBLIC_KEY_SIZE + 1];
    char hash[2][DIGEST_TEXT_SIZE];
    char sig[2 * SIGNATURE_SIZE + 1];
    struct line_head head = {.seq = 0, .at = now};
    memcpy(head.boot, ledger->boot, LINE_BOOT_SIZE - 1);
    key_hex(genesis->case_key, key[0]);
    key_hex(genesis->log_key, key[1]);
    key_hex(genesis->epoch_key, key[2]);
    enum sting_status status = join_recipients(ledger, &recipients);
    if (status) {
        return status;
    }
    const struct line_field field[] = {
        {"v", LINE_VERSION},
        {"origin", ledger->origin},
        {"role", genesis->role},
        {"case", key[0]},
        {"log", key[1]},
        {"epoch", key[2]},
        {"recipients", buffer_text(&recipients)},
        {"purpose", digest_text(purpose->ct, hash[0])},
        {"purpose_pt", digest_text(purpose->pt, hash[1])},
        {"sig", ""},
    };
    status =
        line_begin(out, &head, "genesis", field, sizeof field / sizeof *field);
    if (status) {
        return status;
    }
    struct bytes said = {out->data, out->size - strlen(" sig=")};
    struct signature signature = signature_sign(genesis->case_key, said);
    hex_write((struct bytes){signature.byte, SIGNATURE_SIZE}, sig);
    uint8_t random[LINE_RANDOM_SIZE];
    random_fill(ledger->random, random, sizeof random);
    status = buffer_text_append(out, sig);
    return status
               ? status
               : line_end(out, random, (struct digest){{0}}, ledger->prev_size);
}

static enum sting_status write_first(struct ledger *ledger,
                                     const struct ledger_first *first,
                                     struct moment now, struct fault *fault)
{
    struct line_field field[LINE_MOST_FIELDS];
    struct ledger_blob blob;
    char hash[2][DIGEST_TEXT_SIZE];
    size_t fields = first->fields;
    if (fields + 2 > LINE_MOST_FIELDS) {
        return STING_E_ARG;
    }
    memcpy(field, first->field, fields * sizeof *field);
    if (first->plain.size > 0) {
        enum sting_status status =
            ledger_blob(ledger, first->plain, &blob, fault);
        if (status) {
            return status;
        }
        field[fields++] =
            (struct line_field){"blob", digest_text(blob.ct, hash[0])};
        field[fields++] =
            (struct line_field){"pt", digest_text(blob.pt, hash[1])};
    }
    return ledger_append_line(ledger, now, first->kind, field, fields, NULL,
                              fault);
}

static enum sting_status write_genesis(struct ledger *ledger,
                                       const struct ledger_genesis *genesis,
                                       struct moment now, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct ledger_blob purpose;
    enum sting_status status =
        ledger_blob(ledger, genesis->purpose, &purpose, fault);
    if (status) {
        return status;
    }
    status = genesis_text(ledger, genesis, &purpose, now, &text);
    if (status) {
        return fault_set(fault, status, "", "the genesis line: %s",
                         sting_status_text(status));
    }
    if (file_write_fd(ledger->file, buffer_bytes(&text)) ||
        fdatasync(ledger->file) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "evidence/ledger cannot be written");
    }
    ledger->bytes = text.size;
    ledger->prev = digest_of(buffer_bytes(&text));
    tree_add(&ledger->tree, tree_leaf(buffer_bytes(&text)));
    for (size_t i = 0; i < genesis->firsts && !status; i++) {
        status = write_first(ledger, &genesis->first[i], now, fault);
    }
    return status ? status
                  : ledger_sign(ledger, now, 0, genesis->epoch_key, fault);
}

static enum sting_status make_folders(int operation, struct fault *fault)
{
    static const char *const folder[] = {
        "evidence/blobs", "evidence/checkpoints", "evidence/segments"};
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        if (folder_make(operation, folder[i])) {
            return fault_errno(fault, STING_E_IO, "check the permissions",
                               "%s cannot be made", folder[i]);
        }
    }
    return STING_OK;
}

enum sting_status ledger_create(int operation,
                                const struct ledger_genesis *genesis,
                                const struct ledger_context *context,
                                struct moment now, struct fault *fault)
{
    struct ledger *ledger STING_AUTO(ledger_free) = ledger_alloc(context);
    if (genesis->recipients < 2 || genesis->recipients > AGE_MOST_RECIPIENTS) {
        return fault_set(fault, STING_E_ARG, "name a second recipient",
                         "a ledger is sealed to at least two recipients");
    }
    if (!ledger) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    struct public_key case_key = signature_public(genesis->case_key);
    ledger_origin_text(&case_key, ledger->origin);
    memcpy(ledger->recipient, genesis->recipient,
           genesis->recipients * sizeof *genesis->recipient);
    ledger->recipients = genesis->recipients;
    ledger->log_key = *genesis->log_key;
    ledger->prev_size = line_prev_size(bytes_of_text(LINE_VERSION));
    enum sting_status status = ledger_boot_read(ledger, fault);
    if (!status) {
        status = make_folders(operation, fault);
    }
    if (!status) {
        status = ledger_files_open(ledger, operation, O_CREAT | O_EXCL, fault);
    }
    return status ? status : write_genesis(ledger, genesis, now, fault);
}
