#include "operation/create.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "crypt/digest.h"
#include "ledger/store.h"
#include "operation/config_text.h"
#include "operation/folder_copy.h"
#include "operation/kept.h"
#include "operation/key_file.h"

#define FIRST_LINES 6
#define FIRST_BY "sting new"

/* All secrets of the new operation, in one place that is never swapped out. */
struct secrets {
    struct secret mark;
    struct secret identity;
    struct secret case_key;
    struct secret log_key;
    struct secret epoch_key;
    struct secret recovery;
    struct secret names;
};

static void secrets_wipe(struct secrets *secrets)
{
    secret_wipe_bytes(secrets, sizeof *secrets);
}

static void secrets_fill(struct secrets *secrets,
                         const struct random_source *random)
{
    (void)mlock(secrets, sizeof *secrets); /* best effort */
    random_fill(random, (uint8_t *)secrets, sizeof *secrets);
}

char *key_fingerprint(const struct public_key *key, char text[FINGERPRINT_SIZE])
{
    struct digest digest =
        digest_of((struct bytes){key->byte, PUBLIC_KEY_SIZE});
    for (size_t i = 0; i < 8; i++) {
        snprintf(text + 5 * i, 6, "%02x%02x%s", digest.byte[2 * i],
                 digest.byte[2 * i + 1], i < 7 ? " " : "");
    }
    return text;
}

/* The operation's own recipient first, then those given, else a new one. */
static enum sting_status recipients_fill(const struct operation_plan *plan,
                                         const struct secrets *secrets,
                                         struct agreement_key *key,
                                         struct operation_made *out,
                                         struct fault *fault)
{
    if (plan->recipients >= CONFIG_MOST_RECIPIENTS) {
        return fault_set(fault, STING_E_ARG, "name fewer",
                         "more than %d recipients", CONFIG_MOST_RECIPIENTS);
    }
    if (plan->role != CONFIG_BOX) {
        key[out->recipients++] = agreement_public(&secrets->identity);
    } else if (plan->recipients < 2) {
        return fault_set(fault, STING_E_ARG, "name two with --recipient",
                         "a box has no identity of its own");
    }
    for (size_t i = 0; i < plan->recipients; i++) {
        if (age_recipient_parse(bytes_of_text(plan->recipient[i]),
                                &key[out->recipients++])) {
            return fault_set(
                fault, STING_E_ARG, "copy it whole: age1 and 58 characters",
                "\"%.80s\" is no age recipient", plan->recipient[i]);
        }
    }
    if (plan->recipients == 0) {
        key[out->recipients++] = agreement_public(&secrets->recovery);
        age_identity_text(&secrets->recovery, out->recovery);
    }
    for (size_t i = 0; i < out->recipients; i++) {
        char text[AGE_TEXT_SIZE];
        age_recipient_text(&key[i], text);
        snprintf(out->recipient[i], CONFIG_RECIPIENT_SIZE, "%.71s", text);
    }
    if (plan->blind) {
        const struct agreement_key names = agreement_public(&secrets->names);
        char text[AGE_TEXT_SIZE];
        age_recipient_text(&names, text);
        snprintf(out->names, sizeof out->names, "%.71s", text);
    }
    return STING_OK;
}

static enum sting_status keys_write(int dir, const struct operation_plan *plan,
                                    const struct secrets *secrets,
                                    const struct random_source *random,
                                    struct fault *fault)
{
    const struct {
        const char *path;
        const struct secret *key;
    } locked[] = {{KEY_FILE_MARK, &secrets->mark},
                  {KEY_FILE_IDENTITY, &secrets->identity},
                  {KEY_FILE_CASE, &secrets->case_key}};
    const struct key_lock both = {.first = plan->passphrase,
                                  .second = plan->second,
                                  .log2_n = plan->log2_n};
    const struct key_lock one = {.first = plan->passphrase,
                                 .log2_n = plan->log2_n};
    size_t locks = plan->role == CONFIG_BOX ? 0 : 3;
    enum sting_status status =
        key_file_save(dir, KEY_FILE_LOG, &secrets->log_key, fault);
    if (!status) {
        status = key_file_save(dir, KEY_FILE_EPOCH, &secrets->epoch_key, fault);
    }
    for (size_t i = 0; i < locks && !status; i++) {
        bool is_double =
            plan->two_people && locked[i].key == &secrets->identity;
        status = key_file_lock(dir, locked[i].path, locked[i].key,
                               is_double ? &both : &one, random, fault);
    }
    const struct key_lock alone = {.first = plan->second,
                                   .log2_n = plan->log2_n};
    if (!status && plan->blind) {
        status = key_file_lock(dir, KEY_FILE_NAMES, &secrets->names, &alone,
                               random, fault);
    }
    return status;
}

/* What the operation is for, as it stood on the first day. */
static enum sting_status purpose_write(const struct operation_plan *plan,
                                       struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "goal", plan->goal);
    json_add_text(json, "legal_basis", plan->legal_basis);
    json_add_text(json, "decided_by", plan->decided_by);
    json_add_text(json, "until", plan->until);
    return json_line(json, out);
}

/* What stands behind the genesis: the hash of each file that was made with it,
 * and whom names are sealed to. Nobody is named: a box tells no names. */
struct firsts {
    struct ledger_first line[FIRST_LINES];
    size_t lines;
    struct line_field config[3];
    struct line_field key[4][4];
    char key_hash[4][DIGEST_TEXT_SIZE];
    struct line_field recipients[4];
    struct kept_recipients to;
};

static void first_add(struct firsts *firsts, const char *kind,
                      const struct line_field field[], size_t fields)
{
    firsts->line[firsts->lines++] =
        (struct ledger_first){.kind = kind, .field = field, .fields = fields};
}

static enum sting_status first_keys(int dir, struct firsts *firsts,
                                    struct fault *fault)
{
    static const char *const path[] = {KEY_FILE_IDENTITY, KEY_FILE_MARK,
                                       KEY_FILE_CASE, KEY_FILE_NAMES};
    for (size_t i = 0; i < 4; i++) {
        enum sting_status status =
            kept_digest(dir, path[i], firsts->key_hash[i], fault);
        if (status == STING_E_ABSENT) {
            continue; /* a box has none, and only a blind operation names */
        }
        if (status) {
            return status;
        }
        const struct line_field field[] = {{"item", path[i]},
                                           {"state", "made"},
                                           {"by", FIRST_BY},
                                           {"after", firsts->key_hash[i]}};
        memcpy(firsts->key[i], field, sizeof field);
        first_add(firsts, "custody", firsts->key[i], 4);
    }
    return STING_OK;
}

static void first_names(struct firsts *firsts,
                        const struct operation_made *made)
{
    char name[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
    memcpy(name, made->recipient, sizeof name);
    memcpy(name[0], made->names, sizeof name[0]); /* config_text.c */
    kept_list_text(made->recipient, made->recipients, firsts->to.to,
                   sizeof firsts->to.to);
    kept_list_text((const char(*)[CONFIG_RECIPIENT_SIZE])name, made->recipients,
                   firsts->to.names, sizeof firsts->to.names);
    const struct line_field field[] = {{"to", firsts->to.to},
                                       {"by", FIRST_BY},
                                       {"why", "blind from the beginning"},
                                       {"names", firsts->to.names}};
    memcpy(firsts->recipients, field, sizeof field);
    first_add(firsts, "recipients", firsts->recipients, 4);
}

/* `genesis` still lacks what comes behind it. */
static enum sting_status ledger_write(int dir,
                                      const struct ledger_context *context,
                                      struct ledger_genesis genesis,
                                      const struct operation_made *made,
                                      struct moment now, struct fault *fault)
{
    struct buffer config STING_AUTO(buffer_release) = {0};
    struct firsts firsts = {.lines = 0};
    const struct line_field field[] = {
        {"sha256", context->config}, {"why", TOLD_AS_MADE}, {"by", FIRST_BY}};
    memcpy(firsts.config, field, sizeof field);
    enum sting_status status =
        file_read(dir, CONFIG_FILE, CONFIG_MOST_BYTES, &config, fault);
    if (!status) {
        first_add(&firsts, "config", firsts.config, 3);
        firsts.line[0].plain = buffer_bytes(&config);
        status = first_keys(dir, &firsts, fault);
    }
    if (!status && made->names[0]) {
        first_names(&firsts, made);
    }
    genesis.first = firsts.line;
    genesis.firsts = firsts.lines;
    return status ? status : ledger_create(dir, &genesis, context, now, fault);
}

/* Fill the open, empty folder. */
static enum sting_status folder_fill(int dir, const struct operation_plan *plan,
                                     const struct random_source *random,
                                     struct moment now,
                                     struct operation_made *out,
                                     struct fault *fault)
{
    struct secrets secrets STING_AUTO(secrets_wipe);
    struct agreement_key recipient[CONFIG_MOST_RECIPIENTS];
    struct buffer config STING_AUTO(buffer_release) = {0};
    char digest[DIGEST_TEXT_SIZE];
    secrets_fill(&secrets, random);
    const struct public_key case_key = signature_public(&secrets.case_key);
    key_fingerprint(&case_key, out->fingerprint);
    out->case_key = digest_of((struct bytes){case_key.byte, PUBLIC_KEY_SIZE});
    enum sting_status status =
        recipients_fill(plan, &secrets, recipient, out, fault);
    if (!status) {
        status = config_text_write(plan, out, &config, fault);
    }
    if (status) {
        return status;
    }
    if (folder_make(dir, "keys") || folder_make(dir, "bait") ||
        folder_make(dir, "queue")) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "the folders cannot be made");
    }
    status = file_write(dir, CONFIG_FILE, buffer_bytes(&config), 0600, fault);
    if (!status) {
        status = keys_write(dir, plan, &secrets, random, fault);
    }
    const struct ledger_context context = {
        .random = random,
        .config = digest_text(digest_of(buffer_bytes(&config)), digest)};
    struct buffer purpose STING_AUTO(buffer_release) = {0};
    status = status ? status : purpose_write(plan, &purpose);
    const struct ledger_genesis genesis = {.purpose = buffer_bytes(&purpose),
                                           .role = config_role_text(plan->role),
                                           .case_key = &secrets.case_key,
                                           .log_key = &secrets.log_key,
                                           .epoch_key = &secrets.epoch_key,
                                           .recipient = recipient,
                                           .recipients = out->recipients};
    return status ? status
                  : ledger_write(dir, &context, genesis, out, now, fault);
}

/* Is the name free, or an empty folder? rename() then takes it. */
static enum sting_status name_check(const char *path, struct fault *fault)
{
    struct stat info;
    if (lstat(path, &info) != 0 && errno == ENOENT) {
        return STING_OK;
    }
    if (rmdir(path) == 0) {
        return STING_OK;
    }
    return fault_set(fault, STING_E_BUSY, "choose another name",
                     "there is something of this name already");
}

static enum sting_status draft_make(const char *path, char draft[PATH_MAX],
                                    int *dir, struct fault *fault)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    int used = snprintf(draft, PATH_MAX, "%.*s.XXXXXX", (int)length, path);
    if (length == 0 || used >= PATH_MAX || !mkdtemp(draft)) {
        return fault_errno(fault, STING_E_IO, "name a folder that can be made",
                           "the folder cannot be made");
    }
    *dir = open(draft, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *dir >= 0 ? STING_OK
                     : fault_errno(fault, STING_E_IO, "",
                                   "the new folder cannot be opened");
}

enum sting_status operation_create(const char *path,
                                   const struct operation_plan *plan,
                                   const struct random_source *random,
                                   struct moment now,
                                   struct operation_made *out,
                                   struct fault *fault)
{
    char draft[PATH_MAX];
    int dir STING_AUTO(fd_close) = -1;
    *out = (struct operation_made){0};
    enum sting_status status = name_check(path, fault);
    if (!status) {
        status = draft_make(path, draft, &dir, fault);
    }
    if (status) {
        return status;
    }
    status = folder_fill(dir, plan, random, now, out, fault);
    if (!status && rename(draft, path) != 0) {
        status = fault_errno(fault, STING_E_IO, "choose another name",
                             "the folder cannot take its name");
    }
    if (status) {
        folder_remove(AT_FDCWD, draft);
    }
    return status;
}
