#include "operation/access.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ledger/line.h"
#include "operation/writer.h"

const char *access_user(char name[ACCESS_NAME_SIZE])
{
    struct passwd entry;
    struct passwd *found = NULL;
    char space[4096];
    (void)snprintf(name, ACCESS_NAME_SIZE, "account %u", (unsigned)getuid());
    if (getpwuid_r(getuid(), &entry, space, sizeof space, &found) == 0 &&
        found && found->pw_name[0]) {
        (void)snprintf(name, ACCESS_NAME_SIZE, "%s", found->pw_name);
    }
    return name;
}

/* "identity,mark": the keys of the line, in the order of their bits. */
static void keys_text(unsigned which, char *out, size_t size)
{
    static const struct {
        enum operation_key key;
        const char *name;
    } row[] = {{OPERATION_IDENTITY, "identity"},
               {OPERATION_MARK, "mark"},
               {OPERATION_CASE, "case"},
               {OPERATION_NAMES, "names"}};
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (which & row[i].key) {
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     used ? "," : "", row[i].name);
        }
    }
}

static enum sting_status line_write(const struct operation *operation,
                                    unsigned which, const struct access *access,
                                    const char *state, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    char user[ACCESS_NAME_SIZE];
    char what[48];
    keys_text(which, what, sizeof what);
    const struct line_field field[] = {
        {"what", what},
        {"by", access->by ? access->by : access_user(user)},
        {"why", access->why},
        {"state", state},
        {"command", access->command},
        {"of", access->of},
        {"box", operation_box(operation)},
    };
    enum sting_status status =
        (access->confirms ? writer_open_confirming
                          : writer_open)(operation, clock_now, &writer, fault);
    if (!status) {
        status = writer_line(writer, "unlock", field,
                             sizeof field / sizeof *field, NULL, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

/* The next passphrase file of those given, NULL for the terminal. */
static const char *file_take(const struct access *access, size_t *used)
{
    return *used < access->passphrase_files ? access->passphrase_file[(*used)++]
                                            : NULL;
}

static enum sting_status people_read(unsigned needed,
                                     const struct access *access,
                                     struct people *people, struct fault *fault)
{
    enum sting_status status = STING_OK;
    size_t used = 0;
    if (needed & PEOPLE_FIRST) {
        status = passphrase_read(file_take(access, &used), PASSPHRASE_OPEN, "",
                                 &people->first, fault);
    }
    if (!status && (needed & PEOPLE_SECOND)) {
        status = passphrase_read(file_take(access, &used), PASSPHRASE_OPEN,
                                 PASSPHRASE_SECOND, &people->second, fault);
    }
    return status;
}

/* Only a blind operation has a key for names; that the text does not hide one
 * is checked when the key is asked for. */
static unsigned needed_of(const struct operation *operation, unsigned which)
{
    return operation_config(operation)->blind
               ? which
               : which & ~(unsigned)OPERATION_NAMES;
}

static enum sting_status words_check(const struct access *access,
                                     struct fault *fault)
{
    bool is_long = (access->why && strlen(access->why) > ACCESS_MOST_REASON) ||
                   (access->by && strlen(access->by) > ACCESS_MOST_REASON);
    return is_long ? fault_set(fault, STING_E_ARG, "make it shorter",
                               "who or why takes more than %d bytes",
                               ACCESS_MOST_REASON)
                   : STING_OK;
}

enum sting_status access_unlock(const struct operation *operation,
                                unsigned which, const struct access *access,
                                struct operation_keys *out, struct fault *fault)
{
    struct people people STING_AUTO(people_wipe) = {0};
    struct fault ignored;
    bool names_are_asked = which & OPERATION_NAMES;
    which = needed_of(operation, which);
    enum sting_status status = words_check(access, fault);
    if (!status && names_are_asked) {
        status = operation_blind_check(operation, false, fault);
    }
    if (!status) {
        status = operation_keys_present(operation, which, fault);
    }
    if (!status) {
        status = people_read(operation_people(operation, which), access,
                             &people, fault);
    }
    if (!status) {
        status =
            operation_keys_unlock_by(operation, which, &people, out, fault);
    }
    if (status == STING_E_FORGED) {
        (void)!line_write(operation, which, access, "refused", &ignored);
    }
    if (status) {
        operation_keys_wipe(out);
    }
    return status;
}

enum sting_status access_tell(const struct operation *operation, unsigned which,
                              const struct access *access, struct fault *fault)
{
    return line_write(operation, needed_of(operation, which), access, "opened",
                      fault);
}

enum sting_status access_open(const struct operation *operation, unsigned which,
                              const struct access *access,
                              struct operation_keys *out, struct fault *fault)
{
    enum sting_status status =
        access_unlock(operation, which, access, out, fault);
    if (!status) {
        status = access_tell(operation, which, access, fault);
    }
    if (status) {
        operation_keys_wipe(out);
    }
    return status;
}
