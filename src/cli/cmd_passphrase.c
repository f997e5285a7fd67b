/* sting passphrase: another one, for one person or the second. */
#include <stdio.h>

#include "cli/access_options.h"
#include "cli/command.h"
#include "operation/change.h"

static const char help[] =
    "usage: sting passphrase OP [--second] [--by WHO] [--reason TEXT]\n"
    "                        [--passphrase-file OLD]... [--new-file NEW]\n"
    "\n"
    "Change the passphrase of the keys; the second person's with --second.\n"
    "Where the identity lies under two people's, the first changes his own\n"
    "alone; for the second's both must be there, because his is inside. The\n"
    "old key files are overwritten. Each file is a line of the ledger. If it\n"
    "is interrupted, do it again with the same two.\n"
    "\n"
    "  --passphrase-file F  the old one, first line; of the first person, "
    "then\n"
    "                       of the second\n"
    "  --new-file F         the new one; without files the terminal is asked\n"
    "\n"
    "Who copied the key files before still opens them with the old one: when\n"
    "it may be known to somebody, begin a new operation.\n"
    "\n"
    "example: sting passphrase ops/tank --reason 'left the firm: B'\n";

struct request {
    const char *path;
    const char *new_file;
    bool is_second;
    struct access_options access;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--second", OPTION_FLAG, &request->is_second, 0, 0},
        {"--new-file", OPTION_TEXT, &request->new_file, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting passphrase OP"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (!status) {
        request->path = options.word[0];
    }
    return status;
}

/* The old ones that are needed, then the new one. */
static enum sting_status passphrases_read(const struct operation *operation,
                                          const struct request *request,
                                          struct passphrase_change *order,
                                          struct fault *fault)
{
    const struct option_texts *file = &request->access.passphrase_file;
    size_t used = 0;
    enum sting_status status = STING_OK;
    order->is_second = request->is_second;
    if (!request->is_second || operation_config(operation)->two_people) {
        status = passphrase_read(file->count > used ? file->text[used] : NULL,
                                 PASSPHRASE_OPEN, "", &order->old.first, fault);
        used++;
    }
    if (!status && request->is_second) {
        status = passphrase_read(file->count > used ? file->text[used] : NULL,
                                 PASSPHRASE_OPEN, PASSPHRASE_SECOND,
                                 &order->old.second, fault);
    }
    return status ? status
                  : passphrase_read(request->new_file, PASSPHRASE_CHOOSE,
                                    request->is_second ? PASSPHRASE_SECOND : "",
                                    &order->to, fault);
}

static enum sting_status change(const struct operation *operation,
                                const struct request *request, size_t *files,
                                struct fault *fault)
{
    struct passphrase_change order = {.is_second = request->is_second};
    char user[ACCESS_NAME_SIZE];
    const struct change change = {request->access.by ? request->access.by
                                                     : access_user(user),
                                  request->access.reason};
    enum sting_status status =
        passphrases_read(operation, request, &order, fault);
    if (!status) {
        status = change_passphrase(operation, &order, &change, files, fault);
    }
    people_wipe(&order.old);
    passphrase_wipe(&order.to);
    return status;
}

static int passphrase_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    static struct request request;
    struct fault fault = {"", ""};
    size_t files = 0;
    if (request_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "passphrase", &fault);
    }
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status = change(operation, &request, &files, &fault);
    }
    if (status) {
        return command_failed(status, request.path, &fault);
    }
    printf("%zu key files lie under the new passphrase.\n", files);
    return EXIT_DONE;
}

const struct command command_passphrase = {
    "passphrase", "another passphrase for the keys", help, passphrase_run};
