/* sting unlock: look at what is sealed, with a reason; and who did so far. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/plain.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/custody_list.h"
#include "cli/out_new.h"
#include "cli/unlock_pages.h"
#include "cli/unlock_play.h"
#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "operation/footage.h"
#include "operation/incident_list.h"
#include "operation/register.h"
#include "operation/writer.h"

#define AROUND_US INT64_C(2000000)
#define MOST_TEXT ((size_t)8 * 1024 * 1024)

static const char help[] =
    "usage: sting unlock OP --reason TEXT [--by WHO]\n"
    "                    [--incident N --out FILE.mp4 | --entry LINE |\n"
    "                    --name COPY [--show] | --pages]\n"
    "                    [--passphrase-file F]...\n"
    "       sting unlock OP [--code CODE] [--minutes N | --out DIR]\n"
    "                    [--by WHO] [--passphrase-file F]...\n"
    "       sting unlock OP --list | --requests [--json]\n"
    "       sting unlock OP --deny REQUEST [--by WHO]\n"
    "\n"
    "Open what is sealed and look at it: the recording of an incident as the\n"
    "camera sent it, or the text or picture that a line of the ledger names.\n"
    "With neither, only try the passphrase. Who, when and why is a line of "
    "the\n"
    "ledger before anything is shown; a wrong passphrase is one too. What is\n"
    "given out has another line, with its SHA-256.\n"
    "Where somebody asks in a browser to play a recording, sting unlock OP "
    "shows\n"
    "who, what and why, and wants the code that his browser shows; the "
    "station\n"
    "gets the keys of these recordings and no other, and shows them to that "
    "login\n"
    "alone, for a while.\n"
    "\n"
    "  --incident N --out F  the recording, 2 s around the incident; F is\n"
    "                        another file than any that is there\n"
    "                        (and F-2, if the camera's stream began anew)\n"
    "  --entry LINE          what line number LINE sealed, on stdout\n"
    "  --name COPY           in a blind operation: who holds this copy. Needs\n"
    "                        the second person's passphrase too; with --show\n"
    "                        also to custodians and admins at the console of\n"
    "                        the station that runs, for an hour\n"
    "  --pages               what the pages of baits in zones look like from\n"
    "                        afar, to the station that runs: its cameras "
    "then\n"
    "                        tell which page lies there, until it ends\n"
    "  --code CODE           what the browser shows; without it, the terminal "
    "is asked\n"
    "  --minutes N           for so long, 1 to 60; 15 unless told otherwise\n"
    "  --out DIR             where an exhibit goes that is asked for there; "
    "else\n"
    "                        a folder of its mark, here: ABC-1; or the file "
    "of\n"
    "                        a cut for the press: incident-3.mp4\n"
    "  --requests            who asks in a browser now; --deny refuses one\n"
    "  --list                who opened, took out, deleted or changed what so\n"
    "                        far, without any passphrase\n" ACCESS_HELP "\n"
    "examples:\n"
    "  sting unlock ops/tank --incident 3 --out look.mp4 \\\n"
    "    --reason 'is it the cleaner?' --by 'Head of security'\n"
    "  sting unlock ops/tank --list\n";

struct request {
    const char *path;
    int64_t incident;
    const char *out;
    int64_t entry; /* -1: none */
    int64_t copy;  /* whose name is asked for; 0: none */
    bool shows;    /* that name, at the console too */
    bool pages;    /* to the station, for its cameras */
    bool list;
    bool requests;
    bool json;
    struct unlock_play play;
    struct access_options access;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--incident", OPTION_NUMBER, &request->incident, 1, UINT32_MAX},
        {"--out", OPTION_TEXT, &request->out, 0, 0},
        {"--entry", OPTION_NUMBER, &request->entry, 0, INT64_MAX},
        {"--name", OPTION_NUMBER, &request->copy, 1, UINT32_MAX},
        {"--show", OPTION_FLAG, &request->shows, 0, 0},
        {"--pages", OPTION_FLAG, &request->pages, 0, 0},
        {"--list", OPTION_FLAG, &request->list, 0, 0},
        {"--requests", OPTION_FLAG, &request->requests, 0, 0},
        {"--code", OPTION_TEXT, &request->play.code, 0, 0},
        {"--minutes", OPTION_NUMBER, &request->play.minutes, 1, 60},
        {"--deny", OPTION_NUMBER, &request->play.deny, 1, UINT32_MAX},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting unlock OP --reason TEXT"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    request->path = options.word[0];
    request->play.access = &request->access;
    int asked = (request->incident != 0) + (request->entry >= 0) +
                (request->copy != 0) + request->pages + request->list +
                request->requests + (request->play.code != NULL) +
                (request->play.deny != 0);
    request->play.out = request->out;
    return (request->incident && !request->out) || asked > 1 ||
                   (request->out && asked && !request->incident &&
                    !request->play.code)
               ? fault_set(fault, STING_E_ARG, "see sting unlock --help",
                           "one thing at a time, and --incident with --out")
               : STING_OK;
}

/* Is it about what is asked in a browser? Without a reason and anything in
 * particular it is, if somebody asks. */
static bool is_about_play(const struct operation *operation,
                          const struct request *request)
{
    bool is_particular = request->incident || request->entry >= 0 ||
                         request->copy || request->pages;
    return request->play.code || request->play.deny ||
           (request->out && !request->incident) ||
           (!is_particular && !request->access.reason &&
            unlock_play_is_asked(operation));
}

/* What was given out, by its hash, before it exists. */
static enum sting_status custody_tell(const struct operation *operation,
                                      const struct request *request,
                                      const char *item, struct bytes given,
                                      struct fault *fault)
{
    char sha256[DIGEST_TEXT_SIZE];
    char user[ACCESS_NAME_SIZE];
    const char *by = request->access.by;
    const struct line_field field[] = {
        {"item", item},
        {"state", "shown"},
        {"by", by ? by : access_user(user)},
        {"after",
         given.size > 0 ? digest_text(digest_of(given), sha256) : NULL},
        {"why", request->access.reason},
        {"box", operation_box(operation)},
    };
    return writer_note(operation, clock_now, "custody", field,
                       sizeof field / sizeof *field, fault);
}

static enum sting_status film_give(const struct operation *operation,
                                   const struct request *request,
                                   const char *item, struct footage *footage,
                                   size_t film, struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    enum sting_status status = out_film(request->out, film, &file);
    if (!status) {
        status = out_new(buffer_text(&file), fault);
    }
    if (!status) {
        status =
            buffer_append(&footage->init, buffer_bytes(&footage->fragments));
    }
    if (!status) {
        status = custody_tell(operation, request, item,
                              buffer_bytes(&footage->init), fault);
    }
    if (!status) {
        status = file_write(AT_FDCWD, buffer_text(&file),
                            buffer_bytes(&footage->init), 0600, fault);
    }
    if (!status) {
        printf("%s: %s, %.1f MB. It is in clear: keep it as you keep the "
               "keys.\n",
               buffer_text(&file), item, (double)footage->init.size / 1e6);
    }
    return status;
}

/* A file for each film of the stretch. */
static enum sting_status films_show(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    const struct request *request,
                                    const char *item, struct fault *fault)
{
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    int dir = operation_dir(operation);
    enum sting_status status = incident_list_read(dir, &list, fault);
    const struct incident_entry *entry =
        status ? NULL : incident_list_find(&list, (uint32_t)request->incident);
    if (!entry) {
        return status ? status
                      : fault_set(fault, STING_E_ABSENT, "",
                                  "there is no %s; the ledger tells of %zu",
                                  item, list.count);
    }
    int64_t end_us = entry->end_us ? entry->end_us : clock_now().utc_us;
    struct footage_stretch stretch = {
        entry->camera, entry->start_us - AROUND_US, end_us + AROUND_US, 0};
    size_t film = 0;
    do {
        struct footage footage STING_AUTO(footage_release) = {0};
        status = footage_open(dir, &keys->identity, &stretch, &footage, fault);
        stretch.since_line = footage.goes_on_line;
        if (!status) {
            status =
                film_give(operation, request, item, &footage, ++film, fault);
        }
    } while (!status && stretch.since_line);
    if (!status && film > 1) {
        printf("These are %zu films, a file each: the camera's stream began "
               "anew meanwhile.\n",
               film);
    }
    return status;
}

/* The blob that line number `seq` names. */
static enum sting_status blob_find(int dir, int64_t seq, struct digest *out,
                                   struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line = {0};
    enum sting_status status = ledger_reader_open(dir, &reader, fault);
    if (status) {
        return status;
    }
    do {
        status = ledger_reader_next(reader, &line);
    } while (!status && line.seq < (uint64_t)seq);
    const char *key =
        !status && line_has(&line, "purpose") ? "purpose" : "blob";
    if (status || line_hex(&line, key, out->byte, DIGEST_SIZE)) {
        return fault_set(fault, STING_E_ABSENT, "see evidence/ledger",
                         "line %" PRId64 " of the ledger seals nothing", seq);
    }
    return STING_OK;
}

static enum sting_status entry_show(const struct operation *operation,
                                    const struct operation_keys *keys,
                                    const struct request *request,
                                    const char *item, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    struct digest ct;
    int dir = operation_dir(operation);
    enum sting_status status = blob_find(dir, request->entry, &ct, fault);
    if (!status) {
        status =
            ledger_blob_open(dir, &keys->identity, ct, MOST_TEXT, &text, fault);
    }
    if (!status) {
        status =
            custody_tell(operation, request, item, buffer_bytes(&text), fault);
    }
    if (!status && fwrite(text.data, 1, text.size, stdout) != text.size) {
        status = fault_errno(fault, STING_E_IO, "", "stdout cannot be written");
    }
    return status;
}

/* Without a hash in its line: a name is soon guessed from one. */
static enum sting_status name_show(const struct operation *operation,
                                   const struct operation_keys *keys,
                                   const struct request *request,
                                   const char *item, struct fault *fault)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    const struct register_batch *batch = NULL;
    struct register_copy copy;
    enum sting_status status =
        register_load(operation, keys, NULL, &list, fault);
    if (!status &&
        !register_find(&list, (uint32_t)request->copy, &copy, &batch)) {
        status = fault_set(fault, STING_E_ABSENT, "see sting bait list",
                           "there is no %s", item);
    }
    if (!status) {
        status =
            custody_tell(operation, request, item, (struct bytes){0}, fault);
    }
    if (!status) {
        secret_wipe(&copy.salt);
        printf("Copy %u of %s was issued to %s.\nThat is whom it was given to, "
               "not who took a picture of it.\n",
               copy.number, batch->bait, copy.holder);
    }
    if (!status && request->shows &&
        !writer_show(operation, SHOW_NAME, copy.number, 0,
                     (struct bytes){(const uint8_t *)copy.holder,
                                    strlen(copy.holder) + 1})) {
        fputs("sting: nothing was shown: no station with a console runs\n",
              stderr);
    }
    return status;
}

/* What is looked at, as the ledger calls it; NULL: nothing in particular. */
static const char *item_text(const struct request *request, char *out,
                             size_t size)
{
    if (request->incident) {
        (void)snprintf(out, size, "incident %" PRId64, request->incident);
    } else if (request->entry >= 0) {
        (void)snprintf(out, size, "line %" PRId64, request->entry);
    } else if (request->copy) {
        (void)snprintf(out, size, "name of copy %" PRId64, request->copy);
    } else if (request->pages) {
        (void)snprintf(out, size, "pages of baits, for cameras");
    } else {
        return NULL;
    }
    return out;
}

static enum sting_status unlock(const struct operation *operation,
                                struct request *request, struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    char text[48];
    const char *item = item_text(request, text, sizeof text);
    unsigned names = request->copy ? OPERATION_NAMES : 0;
    enum sting_status status = access_reason_need(&request->access, fault);
    const struct access access = access_of(&request->access, "unlock", item);
    if (!status && request->incident) {
        status = out_new(request->out, fault);
    }
    if (!status) {
        status = access_open(operation, OPERATION_IDENTITY | names, &access,
                             &keys, fault);
    }
    if (status) {
        return status;
    }
    if (request->incident) {
        return films_show(operation, &keys, request, item, fault);
    }
    if (request->entry >= 0) {
        return entry_show(operation, &keys, request, item, fault);
    }
    if (request->copy) {
        return name_show(operation, &keys, request, item, fault);
    }
    if (request->pages) {
        return unlock_pages(operation, &keys, fault);
    }
    puts("It opens. The ledger tells who tried, and why.");
    return STING_OK;
}

static enum sting_status request_do(const struct operation *operation,
                                    struct request *request,
                                    struct fault *fault)
{
    if (request->list) {
        return custody_list_print(operation_dir(operation), request->json,
                                  fault);
    }
    if (request->requests) {
        return unlock_play_list(operation, request->json, fault);
    }
    if (is_about_play(operation, request)) {
        return unlock_play(operation, &request->play, fault);
    }
    return unlock(operation, request, fault);
}

static int unlock_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    static struct request request = {.entry = -1, .play = {.minutes = 15}};
    struct fault fault = {"", ""};
    operation_guard_memory();
    if (request_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "unlock", &fault);
    }
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status = request_do(operation, &request, &fault);
    }
    return status ? command_failed(status, request.path, &fault) : EXIT_DONE;
}

const struct command command_unlock = {
    "unlock", "look at what is sealed, with a reason; who did so far", help,
    unlock_run};
