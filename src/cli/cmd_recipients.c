/* sting recipients: who can open what is sealed from now on. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "ledger/age.h"
#include "operation/change.h"

static const char help[] =
    "usage: sting recipients OP [--json]\n"
    "       sting recipients OP [--add age1...]... [--remove age1...]...\n"
    "                        --by WHO --reason TEXT [--passphrase-file F]...\n"
    "\n"
    "List the public keys that everything is sealed to, or change the list: a\n"
    "line of the ledger, and from then on files are sealed to the new list. "
    "At\n"
    "least two stay, the operation's own among them. It asks for the\n"
    "passphrases that open the identity: where two people are needed to look,\n"
    "two are needed to let somebody else look.\n"
    "\n"
    "What was sealed before stays as it is: who is added does not open it, "
    "who\n"
    "is removed still does.\n"
    "\n"
    "example: sting recipients ops/tank --remove age1old... --add age1new...\n"
    "           --by 'Head of security' --reason 'recovery paper was lost'\n";

struct request {
    const char *path;
    struct option_texts add, remove;
    bool json;
    struct access_options access;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--add", OPTION_EACH, &request->add, 0, 0},
        {"--remove", OPTION_EACH, &request->remove, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting recipients OP"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    request->path = options.word[0];
    bool changes = request->add.count > 0 || request->remove.count > 0;
    return !changes || (request->access.by && request->access.reason)
               ? STING_OK
               : fault_set(fault, STING_E_ARG, "see sting recipients --help",
                           "--by and --reason are needed");
}

/* Where `text` stands in the list; its count when it does not. */
static size_t place_of(const struct config_recipients *list, const char *text)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->text[i], text) != 0) {
        i++;
    }
    return i;
}

static enum sting_status list_remove(struct config_recipients *list,
                                     const char *text, const char *own,
                                     struct fault *fault)
{
    size_t at = place_of(list, text);
    if (at == list->count || !strcmp(text, own)) {
        return fault_set(fault, STING_E_ARG, "see sting recipients OP",
                         at == list->count
                             ? "\"%.80s\" is none of them"
                             : "%.80s is the operation's own and stays",
                         text);
    }
    memmove(list->text[at], list->text[at + 1],
            (list->count - at - 1) * sizeof *list->text);
    list->count--;
    return STING_OK;
}

static enum sting_status list_add(struct config_recipients *list,
                                  const char *text, struct fault *fault)
{
    struct agreement_key key;
    if (age_recipient_parse(bytes_of_text(text), &key) ||
        list->count == CONFIG_MOST_RECIPIENTS) {
        return fault_set(fault, STING_E_ARG,
                         "copy it whole: age1 and 58 characters",
                         "\"%.80s\" cannot be added", text);
    }
    if (place_of(list, text) == list->count) {
        (void)snprintf(list->text[list->count++], CONFIG_RECIPIENT_SIZE, "%s",
                       text);
    }
    return STING_OK;
}

static enum sting_status wanted_make(const struct config *config,
                                     const struct request *request,
                                     const char *own,
                                     struct config_recipients *out,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    out->count = config->recipients;
    memcpy(out->text, config->recipient, sizeof out->text);
    for (size_t i = 0; i < request->add.count && !status; i++) {
        status = list_add(out, request->add.text[i], fault);
    }
    for (size_t i = 0; i < request->remove.count && !status; i++) {
        status = list_remove(out, request->remove.text[i], own, fault);
    }
    return status || out->count >= 2
               ? status
               : fault_set(fault, STING_E_ARG, "add another one first",
                           "fewer than two would be left");
}

static enum sting_status change(const struct operation *operation,
                                const struct request *request,
                                struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct config_recipients wanted;
    char own[AGE_TEXT_SIZE];
    const struct change change = {request->access.by, request->access.reason};
    const struct access access =
        access_of(&request->access, "recipients", NULL);
    enum sting_status status =
        access_open(operation, OPERATION_IDENTITY, &access, &keys, fault);
    if (status) {
        return status;
    }
    struct agreement_key key = agreement_public(&keys.identity);
    age_recipient_text(&key, own);
    status =
        wanted_make(operation_config(operation), request, own, &wanted, fault);
    return status ? status
                  : change_recipients(operation, &wanted, &change, fault);
}

static void list_print(const struct config *config, bool as_json)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    struct buffer line STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < config->recipients; i++) {
        json_add_text(list, NULL, config->recipient[i]);
        if (!as_json) {
            puts(config->recipient[i]);
        }
    }
    json_add_child(json, "recipients", &list);
    if (as_json && json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

/* Open the operation anew: the list is read where it stands. */
static enum sting_status serve(const struct request *request,
                               struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    enum sting_status status = operation_open(request->path, &operation, fault);
    if (!status && (request->add.count || request->remove.count)) {
        status = change(operation, request, fault);
        operation_close(&operation);
        if (!status) {
            status = operation_open(request->path, &operation, fault);
        }
        if (!status) {
            fputs("What was sealed before stays as it is.\n", stderr);
        }
    }
    if (!status) {
        list_print(operation_config(operation), request->json);
    }
    return status;
}

static int recipients_run(int argc, char **argv)
{
    static struct request request;
    struct fault fault = {"", ""};
    if (request_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "recipients", &fault);
    }
    enum sting_status status = serve(&request, &fault);
    return status ? command_failed(status, request.path, &fault) : EXIT_DONE;
}

const struct command command_recipients = {
    "recipients", "who can open what is sealed from now on", help,
    recipients_run};
