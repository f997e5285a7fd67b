/* sting bait receipt: somebody says that a copy was handed over. */
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/handover.h"

#define MOST_RECEIPT_BYTES ((size_t)8 * 1024 * 1024)

static const char help[] =
    "usage: sting bait receipt OP NAME NUMBER --by WHO [--file RECEIPT]\n"
    "                         [--passphrase-file FILE] [--reason TEXT] "
    "[--json]\n"
    "\n"
    "Write down that a copy was handed to its holder. With a file, a scan of\n"
    "what the holder signed, this is a receipt; without one, it is what WHO\n"
    "claims. sting trace tells which. A photograph proves more: sting bait\n"
    "confirm.\n"
    "\n"
    "  --by WHO      who handed it over, or keeps the receipt\n"
    "  --file FILE   the receipt, sealed into the ledger, at most 8 MB\n"
    "\n"
    "example:\n"
    "  sting bait receipt ops/tank water-tank 7 --by 'Head of stores' \\\n"
    "    --file receipt-7.pdf\n";

struct request {
    const char *bait, *by, *file;
    struct access_options access;
    unsigned number;
    bool json;
};

static void print(const struct request *request, const char *holder,
                  enum handover_state state)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    if (!request->json) {
        printf("copy %u, issued to %s: handover %s\n", request->number, holder,
               handover_text(state));
        return;
    }
    json_add_text(json, "bait", request->bait);
    json_add_integer(json, "copy", request->number);
    json_add_text(json, "holder", register_name(holder));
    json_add_text(json, "handover", handover_text(state));
    bait_print_line(json);
}

static enum sting_status note_write(const struct bait_desk *desk,
                                    const struct handover_note *note,
                                    struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(desk->operation, clock_now, &writer, fault);
    if (!status) {
        status = handover_write(writer, note, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status receive(const struct bait_desk *desk,
                                 const struct request *request,
                                 struct fault *fault)
{
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct buffer receipt STING_AUTO(buffer_wipe) = {0};
    struct register_copy copy;
    struct handover_note note = {.bait = request->bait,
                                 .copy = request->number,
                                 .state = HANDOVER_CLAIMED,
                                 .by = request->by};
    enum sting_status status = register_load(desk->operation, &desk->keys,
                                             request->bait, &list, fault);
    if (!status && !register_find(&list, request->number, &copy, NULL)) {
        status = fault_set(fault, STING_E_ABSENT, "see sting bait list",
                           "copy %u of \"%.40s\" was never issued",
                           request->number, request->bait);
    }
    if (!status && request->file && operation_config(desk->operation)->blind) {
        status = fault_set(fault, STING_E_ARG,
                           "leave it with the second person, and --file out",
                           "a receipt names its holder, and this operation is "
                           "blind");
    }
    if (!status && request->file) {
        note.state = HANDOVER_RECEIPT;
        status = file_read(AT_FDCWD, request->file, MOST_RECEIPT_BYTES,
                           &receipt, fault);
        note.plain = buffer_bytes(&receipt);
    }
    if (!status && request->file && receipt.size == 0) {
        status = fault_set(fault, STING_E_ARG, "give a scan of the receipt",
                           "%.200s is empty", request->file);
    }
    if (!status) {
        status = note_write(desk, &note, fault);
    }
    if (!status) {
        print(request, copy.holder, note.state);
    }
    return status;
}

static int run(int argc, char **argv)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct request request = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--by", OPTION_WORDS, &request.by, 1, 0},
        {"--file", OPTION_TEXT, &request.file, 0, 0},
        ACCESS_PASSPHRASE(&request.access),
        ACCESS_REASON(&request.access),
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 3,
                              .most_words = 3,
                              .usage =
                                  "sting bait receipt OP NAME NUMBER --by WHO"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    const char *rest = options.word[2];
    if (!status && (!digits_read(&rest, 8, &request.number) || *rest ||
                    !request.by || !*request.by)) {
        status = fault_set(&fault, STING_E_ARG, "see sting bait receipt --help",
                           request.by ? "the number of the copy is wrong"
                                      : "--by is missing");
    }
    if (status) {
        return command_failed(STING_E_ARG, "bait receipt", &fault);
    }
    request.bait = options.word[1];
    request.access.by = request.by;
    const struct access access =
        access_of(&request.access, "bait receipt", NULL);
    status = bait_desk_open(&desk, options.word[0], OPERATION_IDENTITY, &access,
                            &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    status = receive(&desk, &request, &fault);
    return status ? command_failed(status, options.word[1], &fault) : EXIT_DONE;
}

const struct command command_bait_receipt = {
    "bait receipt", "a holder has received a copy", help, run};
