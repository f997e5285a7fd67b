/* sting bait copy: issued copies again, byte for byte. */
#include <stdio.h>

#include "base/text.h"
#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/bait_progress.h"
#include "cli/command.h"
#include "cli/options.h"

static const char help[] =
    "usage: sting bait copy OP NAME NUMBER[-NUMBER] --out DIR\n"
    "                      [--passphrase-file FILE] [--reason TEXT] [--json]\n"
    "\n"
    "Write a copy, or a range of them, that was registered or issued before:\n"
    "byte for byte the same every time. One that is there is compared. Where\n"
    "other versions of libraries pack it than then, that is told: its marks "
    "are\n"
    "the same, its bytes perhaps not. DIR lies outside OP.\n"
    "\n"
    "example:\n"
    "  sting bait copy ops/tank water-tank 7 --out again\n";

/* "7" or "7-20". */
static bool range_read(const char *text, uint32_t *first, uint32_t *last)
{
    if (!digits_read(&text, 8, first)) {
        return false;
    }
    *last = *first;
    if (*text == '-') {
        text++;
        if (!digits_read(&text, 8, last)) {
            return false;
        }
    }
    return *text == '\0' && *first > 0 && *last >= *first;
}

struct request {
    const char *folder;
    struct access_options access;
    uint32_t first, last;
    bool json;
};

static int copy(const char *path, const char *bait,
                const struct request *request)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct bait_progress progress;
    struct fault fault = {"", ""};
    const struct access access = access_of(&request->access, "bait copy", bait);
    enum sting_status status = bait_desk_open(
        &desk, path, OPERATION_IDENTITY | OPERATION_MARK | OPERATION_NAMES,
        &access, &fault);
    if (status) {
        return command_failed(status, path, &fault);
    }
    status = picture_worker_new(&desk.worker, &fault);
    bait_progress_init(&progress, request->json);
    const struct bait_order order = {.operation = desk.operation,
                                     .keys = &desk.keys,
                                     .worker = desk.worker,
                                     .bait = bait,
                                     .folder = request->folder,
                                     .sink = bait_progress_sink,
                                     .step = bait_progress_step,
                                     .repacked = bait_progress_repacked,
                                     .stopped = bait_is_stopped,
                                     .context = &progress};
    if (!status) {
        bait_stop_at_interrupt();
        status = bait_again(&order, request->first, request->last, &fault);
    }
    return status ? command_failed(status, bait, &fault) : EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct request request = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--out", OPTION_TEXT, &request.folder, 0, 0},
        ACCESS_PASSPHRASE(&request.access),
        ACCESS_BY(&request.access),
        ACCESS_REASON(&request.access),
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 3,
                              .most_words = 3,
                              .usage =
                                  "sting bait copy OP NAME NUMBER --out DIR"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status &&
        (!request.folder ||
         !range_read(options.word[2], &request.first, &request.last))) {
        status = fault_set(&fault, STING_E_ARG,
                           "as in sting bait copy OP NAME 7 --out DIR",
                           request.folder ? "the number of the copy is wrong"
                                          : "--out is missing");
    }
    if (status) {
        return command_failed(STING_E_ARG, "bait copy", &fault);
    }
    return copy(options.word[0], options.word[1], &request);
}

const struct command command_bait_copy = {
    "bait copy", "make an issued copy again", help, run};
