/* sting erase: recordings that are no longer to be kept. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/access.h"
#include "operation/retention.h"

static const char help[] =
    "usage: sting erase OP [--by WHO] [--reason TEXT] [--json]\n"
    "       sting erase OP --date DATE [--camera C] --by WHO --reason TEXT\n"
    "\n"
    "Delete recordings that `retention` in operation.yaml lets go: days that\n"
    "are older than `days`, and the oldest ones while all take more than\n"
    "`bytes`; a station does that by itself every hour. Or those of one day.\n"
    "\n"
    "A clock that went ahead by more than an hour, with nothing to show that "
    "it\n"
    "is right, lets no day go: age is counted by the clock of before until a\n"
    "time daemon keeps it, or it has stood for a day.\n"
    "\n"
    "What lies within a minute of an incident stays, of each camera that saw\n"
    "it or was covered or gone then, and so does a camera's newest day. An\n"
    "erase line tells what went before it goes; the lines of the recordings\n"
    "stay, so that it can be shown that they existed, when, and with which\n"
    "hash. Nothing is erased of an imported record (OP/boxes/NAME): only its\n"
    "own ledger could say so.\n"
    "\n"
    "example: sting erase ops/tank --date 2027-03-31 --camera garage \\\n"
    "           --by 'Head of security' --reason 'asked for by the works "
    "council'\n";

struct request {
    const char *path;
    struct retention_order order;
    bool json;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    struct retention_order *order = &request->order;
    int64_t day_us = 0;
    const struct option option[] = {
        {"--date", OPTION_TEXT, &order->date, 0, 0},
        {"--camera", OPTION_TEXT, &order->camera, 0, 0},
        {"--by", OPTION_WORDS, &order->change.by, 1, 0},
        {"--reason", OPTION_WORDS, &order->change.why, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting erase OP"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    request->path = options.word[0];
    if (order->date &&
        (strlen(order->date) != 10 || clock_parse(order->date, &day_us))) {
        return fault_set(fault, STING_E_ARG, "write it like 2027-03-31",
                         "\"%.40s\" is no day", order->date);
    }
    if ((order->camera && !order->date) ||
        (order->date && (!order->change.by || !order->change.why))) {
        return fault_set(fault, STING_E_ARG, "see sting erase --help",
                         order->date ? "--by and --reason are needed"
                                     : "--camera goes with --date");
    }
    return STING_OK;
}

static void ahead_told(const struct retention_done *done)
{
    if (done->ahead_us) {
        printf("The clock went ahead by %.1f days that the record does not "
               "bear out: age is counted\nwithout them. Set it right, let a "
               "time daemon keep it, or wait until it has stood\nfor a day; "
               "a single day goes by --date.\n",
               (double)done->ahead_us / 8.64e10);
    }
}

static void told(const struct request *request,
                 const struct retention_done *done)
{
    if (!request->json) {
        printf("%" PRIu64 " recordings of %" PRIu64 " days deleted, %.1f MB; "
               "%" PRIu64 " stay for their incidents.\n",
               done->files, done->days, (double)done->bytes / 1e6, done->kept);
        ahead_told(done);
        return;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_integer(json, "days", (int64_t)done->days);
    json_add_integer(json, "files", (int64_t)done->files);
    json_add_integer(json, "bytes", (int64_t)done->bytes);
    json_add_integer(json, "kept", (int64_t)done->kept);
    json_add_integer(json, "bytes_left", (int64_t)done->bytes_left);
    json_add_integer(json, "clock_ahead_s", done->ahead_us / 1000000);
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
    }
}

static enum sting_status erase(struct request *request, struct fault *fault)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct retention_done done;
    char user[ACCESS_NAME_SIZE];
    enum sting_status status = operation_open(request->path, &operation, fault);
    if (status) {
        return status;
    }
    const struct config *config = operation_config(operation);
    struct retention_order *order = &request->order;
    order->now = clock_state_of(clock_now);
    if (!order->change.by) {
        order->change.by = access_user(user);
    }
    if (!order->date) {
        order->days = config->retention_days;
        order->bytes = config->retention_bytes;
        order->change.why = order->change.why ? order->change.why : "retention";
    }
    if (!order->date && !order->days && !order->bytes) {
        return fault_set(fault, STING_E_ARG,
                         "set days: or bytes: there, or give --date",
                         "operation.yaml has no retention");
    }
    status = retention_apply(operation, order, &done, fault);
    if (!status) {
        told(request, &done);
    }
    return status;
}

static int erase_run(int argc, char **argv)
{
    struct request request = {.json = false};
    struct fault fault = {"", ""};
    if (request_read(argc, argv, &request, &fault)) {
        return command_fail(EXIT_USAGE, "erase", &fault);
    }
    enum sting_status status = erase(&request, &fault);
    return status ? command_failed(status, request.path, &fault) : EXIT_DONE;
}

const struct command command_erase = {
    "erase", "delete recordings that are no longer to be kept", help,
    erase_run};
