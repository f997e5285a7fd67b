#include "operation/kept.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/digest.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/told.h"
#include "operation/access.h"
#include "operation/key_file.h"

#define MOST_ID_BYTES 256

/* One look at the folder. */
struct look {
    const struct operation *operation;
    struct ledger *ledger;
    const struct told_files *told;
    struct moment now;
    char by[ACCESS_NAME_SIZE]; /* whose account looks */
};

static enum sting_status tell(const struct look *look, const char *kind,
                              const struct line_field field[], size_t fields,
                              struct fault *fault)
{
    return ledger_append(look->ledger, look->now, kind, field, fields, NULL,
                         fault);
}

enum sting_status kept_digest(int dir, const char *path,
                              char out[DIGEST_TEXT_SIZE], struct fault *fault)
{
    struct buffer bytes STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        file_read(dir, path, KEPT_MOST_KEY_BYTES, &bytes, fault);
    if (!status) {
        digest_text(digest_of(buffer_bytes(&bytes)), out);
    }
    return status;
}

/* ---- operation.yaml ---- */

static enum sting_status config_line(const struct look *look, struct bytes text,
                                     const char *sha256, const char *why,
                                     struct fault *fault)
{
    struct ledger_blob blob;
    char hash[2][DIGEST_TEXT_SIZE];
    enum sting_status status = ledger_blob(look->ledger, text, &blob, fault);
    if (status) {
        return status;
    }
    const struct line_field field[] = {
        {"sha256", sha256},
        {"blob", digest_text(blob.ct, hash[0])},
        {"pt", digest_text(blob.pt, hash[1])},
        {"why", why},
        {"by", look->by},
    };
    return tell(look, "config", field, sizeof field / sizeof *field, fault);
}

/* The `session` line has named what this process runs by; the last word is
 * what the file holds. */
static enum sting_status config_look(const struct look *look,
                                     struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    char now[DIGEST_TEXT_SIZE];
    const struct told_files *told = look->told;
    enum sting_status status =
        file_read(operation_dir(look->operation), CONFIG_FILE,
                  CONFIG_MOST_BYTES, &text, fault);
    if (status) {
        return status;
    }
    digest_text(digest_of(buffer_bytes(&text)), now);
    bool is_run_by = !strcmp(now, operation_config_digest(look->operation));
    bool is_told = !told->config[0] || !strcmp(now, told->config);
    if (is_told && is_run_by) {
        return STING_OK;
    }
    const char *why = is_told ? "newer than what the station runs by"
                      : !strcmp(now, told->config_before)
                          ? "a change did not reach the file, or was undone"
                          : "changed by hand";
    return config_line(look, buffer_bytes(&text), now, why, fault);
}

/* ---- where it is ---- */

char *kept_place(int dir, char out[TOLD_PLACE_SIZE])
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct stat info = {.st_ino = 0};
    char hex[DIGEST_TEXT_SIZE];
    (void)!file_read(AT_FDCWD, "/etc/machine-id", MOST_ID_BYTES, &text, NULL);
    (void)!fstatat(dir, "evidence/ledger", &info, AT_SYMLINK_NOFOLLOW);
    (void)!buffer_printf(&text, "|%ju", (uintmax_t)info.st_ino);
    digest_text(digest_of(buffer_bytes(&text)), hex);
    (void)snprintf(out, TOLD_PLACE_SIZE, "%.16s", hex);
    return out;
}

bool kept_is_moved(const struct ledger *ledger)
{
    const char *before = ledger_told(ledger)->place;
    const char *now = ledger_place(ledger);
    return before[0] && now[0] && strcmp(before, now) != 0;
}

/* Two copies that both go on are a fork; that this may be one is told. */
static enum sting_status place_look(const struct look *look,
                                    struct fault *fault)
{
    const struct line_field field[] = {
        {"item", "operation"},
        {"state", "moved"},
        {"by", look->by},
        {"why", "another machine, or a copy of the folder"}};
    return kept_is_moved(look->ledger)
               ? tell(look, "custody", field, sizeof field / sizeof *field,
                      fault)
               : STING_OK;
}

/* ---- keys/ ---- */

static enum sting_status key_tell(const struct look *look, const char *path,
                                  const char *before, const char *after,
                                  struct fault *fault)
{
    const struct line_field field[] = {
        {"item", path},
        {"state", !after ? "missing" : !before ? "found" : "changed"},
        {"by", look->by},
        {"before", before},
        {"after", after},
    };
    return tell(look, "custody", field, sizeof field / sizeof *field, fault);
}

static enum sting_status key_look(const struct look *look, const char *path,
                                  struct fault *fault)
{
    const struct told_file *told = told_find(look->told, path);
    const char *before = told && told->sha256[0] ? told->sha256 : NULL;
    char now[DIGEST_TEXT_SIZE];
    enum sting_status status =
        kept_digest(operation_dir(look->operation), path, now, fault);
    bool is_absent = status == STING_E_ABSENT;
    if (status && !is_absent) {
        return status;
    }
    bool is_same = before ? !is_absent && !strcmp(before, now) : is_absent;
    return is_same
               ? STING_OK
               : key_tell(look, path, before, is_absent ? NULL : now, fault);
}

static enum sting_status keys_look(const struct look *look, struct fault *fault)
{
    static const char *const path[] = {KEY_FILE_IDENTITY, KEY_FILE_MARK,
                                       KEY_FILE_CASE, KEY_FILE_NAMES};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof path / sizeof *path && !status; i++) {
        status = key_look(look, path[i], fault);
    }
    return status;
}

/* ---- recipients ---- */

void kept_list_text(const char (*list)[CONFIG_RECIPIENT_SIZE], size_t count,
                    char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "," : "",
                                 list[i]);
    }
}

/* The next key of a list with commas; false at its end. */
static bool key_take(const char **list, char out[CONFIG_RECIPIENT_SIZE])
{
    size_t size = strcspn(*list, ",");
    (void)snprintf(out, CONFIG_RECIPIENT_SIZE, "%.*s", (int)size, *list);
    *list += size + ((*list)[size] == ',');
    return size > 0;
}

static bool has_key(const char *list, const char *key)
{
    char one[CONFIG_RECIPIENT_SIZE];
    while (key_take(&list, one)) {
        if (!strcmp(one, key)) {
            return true;
        }
    }
    return false;
}

bool kept_same(const char *told, const char (*list)[CONFIG_RECIPIENT_SIZE],
               size_t count, char other[CONFIG_RECIPIENT_SIZE])
{
    char text[CONFIG_MOST_RECIPIENTS * CONFIG_RECIPIENT_SIZE];
    kept_list_text(list, count, text, sizeof text);
    for (const char *at = text; key_take(&at, other);) {
        if (!has_key(told, other)) {
            return false; /* one too many is the worse */
        }
    }
    for (const char *at = told; key_take(&at, other);) {
        if (!has_key(text, other)) {
            return false;
        }
    }
    other[0] = '\0';
    return true;
}

static void ledger_list(const struct ledger *ledger, char *out, size_t size)
{
    char text[CONFIG_MOST_RECIPIENTS][CONFIG_RECIPIENT_SIZE];
    const struct age_to to = ledger_recipients(ledger);
    size_t count = 0;
    for (; count < to.recipients && count < CONFIG_MOST_RECIPIENTS; count++) {
        char one[AGE_TEXT_SIZE];
        age_recipient_text(&to.recipient[count], one);
        (void)snprintf(text[count], sizeof *text, "%.71s", one);
    }
    kept_list_text((const char(*)[CONFIG_RECIPIENT_SIZE])text, count, out,
                   size);
}

/* A text that is not gone by; once is enough. */
static enum sting_status refused_tell(const struct look *look, const char *why,
                                      struct fault *fault)
{
    const char *digest = operation_config_digest(look->operation);
    const struct line_field field[] = {
        {"item", TOLD_CONFIG_ITEM}, {"state", "refused"}, {"by", look->by},
        {"after", digest},          {"why", why},
    };
    return strcmp(look->told->refused, digest) != 0
               ? tell(look, "custody", field, sizeof field / sizeof *field,
                      fault)
               : STING_OK;
}

static enum sting_status refuse(const struct look *look, const char *other,
                                bool is_named, const char *of,
                                struct fault *fault)
{
    char why[CONFIG_RECIPIENT_SIZE + 80];
    (void)snprintf(why, sizeof why, "%s: %s %s", of,
                   is_named ? "names" : "lacks", other);
    enum sting_status status = refused_tell(look, why, fault);
    return status
               ? status
               : fault_set(
                     fault, STING_E_FORGED,
                     "take the change out, or have a named person confirm it: "
                     "sting recipients OP --confirm",
                     "%s %s A KEY, AND NOBODY CONFIRMED IT: %s, below %s; "
                     "nothing is written or sealed",
                     CONFIG_FILE, is_named ? "ADDS" : "LEAVES OUT", other, of);
}

/* Blind is made, not written later: names given out before would stay open to
 * whoever reads the record, while its text says that they are not. Of an
 * operation from before such lines, the key for names tells. */
static enum sting_status late_look(const struct look *look, struct fault *fault)
{
    const struct told_files *told = look->told;
    bool has_key = faccessat(operation_dir(look->operation), KEY_FILE_NAMES,
                             F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    bool was_made_so = told->names[0] || (!told->is_as_made && has_key);
    struct fault ignored;
    if (!operation_config(look->operation)->blind || was_made_so) {
        return STING_OK;
    }
    (void)!refused_tell(look, "blind: yes", &ignored);
    return fault_set(fault, STING_E_FORGED,
                     "take it out again; for names under a second person's "
                     "key begin another operation: sting new --blind",
                     "%s says blind: yes, but this operation was made without: "
                     "holders' names given so far lie open to all who read it, "
                     "and would go on to",
                     CONFIG_FILE);
}

/* Blind is what was made blind: the ledger told whom names are sealed to, or
 * there is a key for them. Neither can be taken back by editing a text. */
static enum sting_status blind_look(const struct look *look,
                                    struct fault *fault)
{
    enum sting_status status = operation_blind_check(
        look->operation, look->told->names[0] != '\0', fault);
    struct fault ignored;
    if (status) {
        (void)!refused_tell(look, "blind: no", &ignored);
    }
    return status ? status : late_look(look, fault);
}

/* A blind operation of before such lines: what its file says now counts. */
static enum sting_status names_first(const struct look *look, const char *to,
                                     struct fault *fault)
{
    const struct config *config = operation_config(look->operation);
    char names[CONFIG_MOST_RECIPIENTS * CONFIG_RECIPIENT_SIZE];
    kept_list_text(config->name_to, config->names_to, names, sizeof names);
    const struct line_field field[] = {{"to", to},
                                       {"by", look->by},
                                       {"why", "names_recipients first told"},
                                       {"names", names}};
    return config->names_to ? tell(look, "recipients", field, 4, fault)
                            : STING_OK;
}

static enum sting_status recipients_look(const struct look *look,
                                         struct fault *fault)
{
    const struct config *config = operation_config(look->operation);
    char to[CONFIG_MOST_RECIPIENTS * CONFIG_RECIPIENT_SIZE];
    char other[CONFIG_RECIPIENT_SIZE];
    ledger_list(look->ledger, to, sizeof to);
    if (!kept_same(to, config->recipient, config->recipients, other)) {
        return refuse(look, other, !has_key(to, other), "recipients", fault);
    }
    if (!look->told->names[0]) {
        return names_first(look, to, fault);
    }
    if (!kept_same(look->told->names, config->name_to, config->names_to,
                   other)) {
        return refuse(look, other, !has_key(look->told->names, other),
                      "names_recipients", fault);
    }
    return STING_OK;
}

enum sting_status kept_check(const struct operation *operation,
                             struct ledger *ledger,
                             const struct kept_order *order,
                             struct fault *fault)
{
    struct look look = {.operation = operation,
                        .ledger = ledger,
                        .told = ledger_told(ledger),
                        .now = order->now};
    (void)access_user(look.by);
    enum sting_status status =
        order->begins ? place_look(&look, fault) : STING_OK;
    if (!status) {
        status = config_look(&look, fault);
    }
    if (!status) {
        status = keys_look(&look, fault);
    }
    if (!status) {
        status = blind_look(&look, fault);
    }
    return status || order->confirms ? status : recipients_look(&look, fault);
}

enum sting_status kept_recipients_read(const struct operation *operation,
                                       struct kept_recipients *out,
                                       struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    *out = (struct kept_recipients){"", ""};
    enum sting_status status =
        ledger_reader_open_signed(operation_dir(operation), &reader, fault);
    while (!status && !(status = ledger_reader_next(reader, &line))) {
        bool is_first = !strcmp(line.kind->name, "genesis");
        if (is_first || !strcmp(line.kind->name, "recipients")) {
            line_text(&line, is_first ? "recipients" : "to", out->to,
                      sizeof out->to);
        }
        if (!is_first && line_has(&line, "names")) {
            line_text(&line, "names", out->names, sizeof out->names);
        }
    }
    return status == STING_E_ABSENT && reader ? STING_OK : status;
}
