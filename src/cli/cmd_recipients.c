/* sting recipients: who can open what is sealed from now on. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "ledger/age.h"
#include "operation/change.h"
#include "operation/kept.h"

static const char help[] =
    "usage: sting recipients OP [--json]\n"
    "       sting recipients OP [--add age1...]... [--remove age1...]...\n"
    "                        --by WHO --reason TEXT [--passphrase-file F]...\n"
    "       sting recipients OP --confirm --by WHO --reason TEXT ...\n"
    "\n"
    "List the public keys that everything is sealed to, or change the list: a\n"
    "line of the ledger, and from then on files are sealed to the new list. "
    "At\n"
    "least two stay, the operation's own among them. It asks for the\n"
    "passphrases that open the identity: where two people are needed to look,\n"
    "two are needed to let somebody else look.\n"
    "\n"
    "The list is the ledger's. Keys that somebody wrote into operation.yaml "
    "by\n"
    "hand, there or below names_recipients, are no recipients: everything "
    "that\n"
    "would write refuses to, until they are taken out or\n"
    "  --confirm    says that the lists in operation.yaml are meant (of a "
    "blind\n"
    "               operation, other names_recipients need the second "
    "person's\n"
    "               passphrase too)\n"
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
    bool confirm;
    bool json;
    struct access_options access;
};

static bool changes_list(const struct request *request)
{
    return request->add.count > 0 || request->remove.count > 0;
}

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--add", OPTION_EACH, &request->add, 0, 0},
        {"--remove", OPTION_EACH, &request->remove, 0, 0},
        {"--confirm", OPTION_FLAG, &request->confirm, 0, 0},
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
    if (request->confirm && changes_list(request)) {
        return fault_set(fault, STING_E_ARG, "do one after the other",
                         "--confirm takes the list as it stands");
    }
    return (!request->confirm && !changes_list(request)) ||
                   (request->access.by && request->access.reason)
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

/* "age1...,age1..." as a list. */
static void list_read(const char *told, struct config_recipients *out)
{
    out->count = 0;
    while (*told && out->count < CONFIG_MOST_RECIPIENTS) {
        size_t size = strcspn(told, ",");
        (void)snprintf(out->text[out->count++], CONFIG_RECIPIENT_SIZE, "%.*s",
                       (int)size, told);
        told += size + (told[size] == ',');
    }
}

/* From the ledger's list; or as operation.yaml has it, when that is meant. */
static enum sting_status wanted_make(const struct config *config,
                                     const struct request *request,
                                     const struct kept_recipients *told,
                                     const char *own,
                                     struct config_recipients *out,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    list_read(told->to, out);
    if (request->confirm) {
        out->count = config->recipients;
        memcpy(out->text, config->recipient, sizeof out->text);
    }
    for (size_t i = 0; i < request->add.count && !status; i++) {
        status = list_add(out, request->add.text[i], fault);
    }
    for (size_t i = 0; i < request->remove.count && !status; i++) {
        status = list_remove(out, request->remove.text[i], own, fault);
    }
    if (!status && place_of(out, own) == out->count) {
        status = fault_set(fault, STING_E_ARG, "write it into operation.yaml",
                           "the operation's own, %s, is missing", own);
    }
    return status || out->count >= 2
               ? status
               : fault_set(fault, STING_E_ARG, "add another one first",
                           "fewer than two would be left");
}

/* Other readers of holders' names are the second person's to decide on. */
static unsigned keys_needed(const struct config *config,
                            const struct kept_recipients *told)
{
    char other[CONFIG_RECIPIENT_SIZE];
    return !told->names[0] || kept_same(told->names, config->name_to,
                                        config->names_to, other)
               ? OPERATION_IDENTITY
               : OPERATION_IDENTITY | OPERATION_NAMES;
}

/* Who unlocked keys/names is the second person only if that key opens what was
 * sealed till now: anybody can put a file of his own in its place. */
static enum sting_status second_check(const struct operation_keys *keys,
                                      const struct kept_recipients *told,
                                      struct fault *fault)
{
    struct config_recipients before;
    char own[AGE_TEXT_SIZE];
    if (!(keys->has & OPERATION_NAMES)) {
        return STING_OK;
    }
    struct agreement_key key = agreement_public(&keys->names);
    age_recipient_text(&key, own);
    list_read(told->names, &before);
    return place_of(&before, own) < before.count
               ? STING_OK
               : fault_set(fault, STING_E_FORGED,
                           "put back the file keys/names that was there",
                           "keys/names opens no names of this operation: it "
                           "is not the second person's");
}

static enum sting_status change(const struct operation *operation,
                                const struct request *request,
                                struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct config_recipients wanted;
    struct kept_recipients told;
    char own[AGE_TEXT_SIZE];
    const struct config *config = operation_config(operation);
    const struct change change = {request->access.by, request->access.reason};
    struct access access = access_of(&request->access, "recipients", NULL);
    access.confirms = true;
    enum sting_status status = kept_recipients_read(operation, &told, fault);
    unsigned which = status ? 0 : keys_needed(config, &told);
    if (!status && !request->confirm && which != OPERATION_IDENTITY) {
        status = fault_set(fault, STING_E_ARG,
                           "take them out again, or use --confirm first",
                           "names_recipients are not those of the ledger");
    }
    if (!status) {
        status = access_open(operation, which, &access, &keys, fault);
    }
    if (!status) {
        status = second_check(&keys, &told, fault);
    }
    if (status) {
        return status;
    }
    struct agreement_key key = agreement_public(&keys.identity);
    age_recipient_text(&key, own);
    status = wanted_make(config, request, &told, own, &wanted, fault);
    return status ? status
                  : change_recipients(operation, &wanted, &change, fault);
}

/* Loud, for whoever asks: the file says what nobody confirmed. */
static enum sting_status doubt_tell(const struct operation *operation,
                                    struct fault *fault)
{
    const struct config *config = operation_config(operation);
    struct kept_recipients told;
    char other[CONFIG_RECIPIENT_SIZE];
    enum sting_status status = kept_recipients_read(operation, &told, fault);
    if (!status &&
        (!kept_same(told.to, config->recipient, config->recipients, other) ||
         (told.names[0] &&
          !kept_same(told.names, config->name_to, config->names_to, other)))) {
        fprintf(stderr, "OPERATION.YAML DIFFERS, and nobody confirmed it: %s\n",
                other);
    }
    return status;
}

static void list_print(const struct config_recipients *all, bool as_json)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = json_new_array();
    struct buffer line STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < all->count; i++) {
        json_add_text(list, NULL, all->text[i]);
        if (!as_json) {
            puts(all->text[i]);
        }
    }
    json_add_child(json, "recipients", &list);
    if (as_json && json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

/* Change it when that is wanted, then tell what the ledger says. */
static enum sting_status serve(const struct request *request,
                               struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct kept_recipients told;
    struct config_recipients all;
    enum sting_status status = operation_open(request->path, &operation, fault);
    if (!status && (request->confirm || changes_list(request))) {
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
        status = doubt_tell(operation, fault);
    }
    if (!status) {
        status = kept_recipients_read(operation, &told, fault);
    }
    if (!status) {
        list_read(told.to, &all);
        list_print(&all, request->json);
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
