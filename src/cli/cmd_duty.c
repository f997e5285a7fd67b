/* sting ack, go, arm, disarm: what the team says to its alerts. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "ledger/line.h"
#include "operation/duty.h"
#include "operation/incident_list.h"
#include "operation/writer.h"

static const char ack_help[] =
    "usage: sting ack OP N [--by WHO]\n"
    "       sting ack OP --link WORD [--by WHO]\n"
    "\n"
    "Say that somebody has seen to incident N: nobody further is woken about\n"
    "it. Who and when is a line of the ledger. What it turned out to be is\n"
    "said with sting log.\n"
    "\n"
    "  --link WORD  by the link that came with an alert, the part behind the\n"
    "               last /; the station must run. Good once, for a day\n"
    "  --by WHO     else the account's name\n"
    "\n"
    "example:\n"
    "  sting ack ops/tank 3 --by 'night desk'\n";

static const char go_help[] =
    "usage: sting go OP --who NAME [--incident N] [--out] [--by WHO]\n"
    "\n"
    "Say that our own go in. The moment and who went are a line of the ledger\n"
    "and stand with the incident; from then on people in the room are not "
    "told\n"
    "as intruders, until --out is said or nobody was seen there for 5 "
    "minutes.\n"
    "That a document is touched, and a camera covered, is told as ever.\n"
    "\n"
    "  --who NAME    who goes, 40 bytes at most\n"
    "  --incident N  into the room of that incident; else into every room\n"
    "  --out         they are out again; whoever is there 15 s later is told\n"
    "  --by WHO      who says so, else the account's name\n"
    "  --json        one object\n"
    "\n"
    "example:\n"
    "  sting go ops/tank --incident 3 --who 'night shift, two'\n";

static const char arm_help[] =
    "usage: sting arm OP [--by WHO] [--reason TEXT]\n"
    "\n"
    "Alerts go out again, after sting disarm. A line of the ledger.\n"
    "\n"
    "  --by WHO       else the account's name\n"
    "  --reason TEXT  why, in clear\n"
    "\n"
    "example:\n"
    "  sting arm ops/tank\n";

static const char disarm_help[] =
    "usage: sting disarm OP --until TIME [--by WHO] [--reason TEXT]\n"
    "\n"
    "Send no alerts until then: somebody works in the room. Everything is\n"
    "recorded, sealed and shown on the terminal as ever, and alerts go out\n"
    "again by themselves. A clock that is set back does not prolong it: they\n"
    "go out when it lasted as long as was said, or as soon as the clock shows\n"
    "less than when it was said. A line of the ledger.\n"
    "\n"
    "  --until TIME   2026-11-23T21:15:00Z; 7 days from now at most\n"
    "  --by WHO       else the account's name\n"
    "  --reason TEXT  why, in clear\n"
    "\n"
    "example:\n"
    "  sting disarm ops/tank --until 2026-11-23T21:15:00Z \\\n"
    "    --reason 'the lamp is being changed'\n";

#define GO_MOST_WHO 40

struct order {
    const char *by;
    const char *why;
    const char *link;
    int64_t until_us;
    const char *path;
    const char *number; /* of the incident; NULL */
    const char *who;
    bool is_out;
    bool json;
};

static enum sting_status link_follow(const struct operation *operation,
                                     const struct order *order,
                                     int64_t *incident, struct fault *fault)
{
    enum sting_status status =
        writer_link(operation, order->link, order->by, incident, fault);
    return status == STING_E_ABSENT && !fault->why[0]
               ? fault_set(fault, status, "say it by number",
                           "no station runs that could take the link")
               : status;
}

/* Nobody acknowledges an incident that there is not, or goes there. `camera`:
 * whose it is. */
static enum sting_status number_read(const struct operation *operation,
                                     const char *text, int64_t *incident,
                                     char camera[CONFIG_NAME_SIZE],
                                     struct fault *fault)
{
    const struct incident_entry *entry = NULL;
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    char *end = NULL;
    enum sting_status status =
        incident_list_read(operation_dir(operation), &list, fault);
    *incident = strtoll(text, &end, 10);
    if (!status && !*end && *incident > 0 && *incident <= UINT32_MAX) {
        entry = incident_list_find(&list, (uint32_t)*incident);
    }
    if (!status && !entry) {
        return fault_set(fault, STING_E_ARG, "see what sting run says",
                         "there is no incident %s", text);
    }
    (void)snprintf(camera, CONFIG_NAME_SIZE, "%s", entry ? entry->camera : "");
    return status;
}

static enum sting_status ack_number(const struct operation *operation,
                                    const struct order *order,
                                    int64_t *incident, struct fault *fault)
{
    char number[24], camera[CONFIG_NAME_SIZE];
    enum sting_status status = number_read(
        operation, order->number ? order->number : "", incident, camera, fault);
    (void)snprintf(number, sizeof number, "%" PRId64, *incident);
    const struct line_field field[] = {
        {"incident", number}, {"by", order->by}, {"via", "command"}};
    return status ? status
                  : writer_note(operation, clock_now, "ack", field, 3, fault);
}

/* The options of one command, and how it is called. */
struct form {
    const struct option *option;
    size_t options;
    const char *usage;
};

static enum sting_status order_read(int argc, char **argv,
                                    const struct form *of, struct order *order,
                                    struct fault *fault)
{
    static char user[ACCESS_NAME_SIZE];
    struct options options = {.option = of->option,
                              .options = of->options,
                              .least_words = 1,
                              .most_words = 2,
                              .usage = of->usage};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (!status) {
        order->path = options.word[0];
        order->number = options.words > 1 ? options.word[1] : NULL;
        order->by = order->by ? order->by : access_user(user);
    }
    return status;
}

static int ack_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct order order = {0};
    struct fault fault = {"", ""};
    int64_t incident = 0;
    const struct option option[] = {{"--by", OPTION_WORDS, &order.by, 1, 0},
                                    {"--link", OPTION_TEXT, &order.link, 0, 0}};
    const struct form form = {option, 2, "sting ack OP N"};
    enum sting_status status = order_read(argc, argv, &form, &order, &fault);
    if (!status && !order.number == !order.link) {
        status = fault_set(&fault, STING_E_ARG, "see sting ack --help",
                           "give the incident's number, or --link");
    }
    if (status) {
        return command_fail(EXIT_USAGE, "ack", &fault);
    }
    status = operation_open(order.path, &operation, &fault);
    if (!status) {
        status = (order.link ? link_follow : ack_number)(operation, &order,
                                                         &incident, &fault);
    }
    if (status) {
        return command_failed(status, order.path, &fault);
    }
    printf("Incident %" PRId64 " is acknowledged.\n", incident);
    return EXIT_DONE;
}

static enum sting_status go_check(const struct order *order,
                                  struct fault *fault)
{
    size_t size = order->who ? strlen(order->who) : 0;
    if (order->number) {
        return fault_set(fault, STING_E_ARG, "give it as --incident",
                         "\"%s\" is too much", order->number);
    }
    return size > 0 && size <= GO_MOST_WHO
               ? STING_OK
               : fault_set(fault, STING_E_ARG, "give --who NAME",
                           "it must say who goes, in %d bytes at most",
                           GO_MOST_WHO);
}

static int go_tell(const struct order *order, int64_t incident,
                   const char *camera)
{
    struct json *json STING_AUTO(json_free) = NULL;
    struct buffer line STING_AUTO(buffer_release) = {0};
    if (!order->json) {
        printf("%s %s%s%s%s: people there are %s.\n", order->who,
               order->is_out ? "is out" : "goes in",
               *camera ? ", where camera " : "", camera, *camera ? " is" : "",
               order->is_out ? "told of again" : "the own team");
        return EXIT_DONE;
    }
    json = json_new_object();
    json_add_text(json, "state", order->is_out ? "out" : "in");
    json_add_text(json, "who", order->who);
    if (incident) {
        json_add_integer(json, "incident", incident);
    } else {
        json_add_null(json, "incident");
    }
    json_add_text(json, "camera", *camera ? camera : NULL);
    if (json_line(json, &line)) {
        return EXIT_FAILED;
    }
    fputs(buffer_text(&line), stdout);
    return EXIT_DONE;
}

/* Of an incident old or new, the room that its camera watches still. */
static enum sting_status room_find(const struct operation *operation,
                                   const char *incident, int64_t *number,
                                   char camera[CONFIG_NAME_SIZE],
                                   struct fault *fault)
{
    const struct config *config = operation_config(operation);
    enum sting_status status =
        number_read(operation, incident, number, camera, fault);
    for (size_t i = 0; !status && i < config->cameras; i++) {
        if (!strcmp(config->camera[i].name, camera)) {
            return STING_OK;
        }
    }
    return status ? status
                  : fault_set(fault, STING_E_ARG,
                              "leave --incident out: into every room",
                              "camera %s of incident %s watches no more",
                              camera, incident);
}

static int go_write(const struct order *order, const char *incident)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    int64_t number = 0;
    char text[24], camera[CONFIG_NAME_SIZE] = "";
    enum sting_status status = operation_open(order->path, &operation, &fault);
    if (!status && incident) {
        status = room_find(operation, incident, &number, camera, &fault);
    }
    (void)snprintf(text, sizeof text, "%" PRId64, number);
    const struct line_field field[] = {{"state", order->is_out ? "out" : "in"},
                                       {"who", order->who},
                                       {"by", order->by},
                                       {"incident", incident ? text : NULL},
                                       {"via", "command"},
                                       {"camera", *camera ? camera : NULL}};
    if (!status) {
        status = writer_note(operation, clock_now, "go", field,
                             sizeof field / sizeof *field, &fault);
    }
    return status ? command_failed(status, order->path, &fault)
                  : go_tell(order, number, camera);
}

static int go_run(int argc, char **argv)
{
    struct order order = {0};
    struct fault fault = {"", ""};
    const char *incident = NULL;
    const struct option option[] = {
        {"--by", OPTION_WORDS, &order.by, 1, 0},
        {"--who", OPTION_WORDS, &order.who, 1, 0},
        {"--incident", OPTION_TEXT, &incident, 0, 0},
        {"--out", OPTION_FLAG, &order.is_out, 0, 0},
        {"--json", OPTION_FLAG, &order.json, 0, 0}};
    const struct form form = {option, sizeof option / sizeof *option,
                              "sting go OP --who NAME"};
    enum sting_status status = order_read(argc, argv, &form, &order, &fault);
    if (!status) {
        status = go_check(&order, &fault);
    }
    return status ? command_fail(EXIT_USAGE, "go", &fault)
                  : go_write(&order, incident);
}

static int arm_write(const struct order *order, const char *state)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    char until[LINE_TIME_SIZE];
    const struct line_field field[] = {
        {"state", state},
        {"by", order->by},
        {"until",
         order->until_us ? line_time_text(order->until_us, until) : NULL},
        {"why", order->why},
        {"via", "command"}};
    enum sting_status status = operation_open(order->path, &operation, &fault);
    if (!status) {
        status = writer_note(operation, clock_now, "arm", field,
                             sizeof field / sizeof *field, &fault);
    }
    if (status) {
        return command_failed(status, order->path, &fault);
    }
    if (order->until_us) {
        printf("No alerts until %.19sZ; everything is recorded.\n", until);
    } else {
        puts("Alerts go out.");
    }
    return EXIT_DONE;
}

static int duty_run(int argc, char **argv, bool rests)
{
    struct order order = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--by", OPTION_WORDS, &order.by, 1, 0},
        {"--reason", OPTION_WORDS, &order.why, 0, 0},
        {"--until", OPTION_TIME, &order.until_us, 0, 0}};
    const struct form form = {option, rests ? 3 : 2,
                              rests ? "sting disarm OP --until TIME"
                                    : "sting arm OP"};
    enum sting_status status = order_read(argc, argv, &form, &order, &fault);
    int64_t left_us = order.until_us - clock_now().utc_us;
    if (!status && order.number) {
        status = fault_set(&fault, STING_E_ARG, "name the operation alone",
                           "\"%s\" is too much", order.number);
    }
    if (!status && rests && (left_us <= 0 || left_us > DUTY_MOST_REST_US)) {
        status = fault_set(&fault, STING_E_ARG, "give --until TIME",
                           "it must say until when, 7 days from now at most");
    }
    if (status) {
        return command_fail(EXIT_USAGE, rests ? "disarm" : "arm", &fault);
    }
    return arm_write(&order, rests ? "disarmed" : "armed");
}

static int arm_run(int argc, char **argv)
{
    return duty_run(argc, argv, false);
}

static int disarm_run(int argc, char **argv)
{
    return duty_run(argc, argv, true);
}

const struct command command_ack = {"ack", "somebody has seen to an incident",
                                    ack_help, ack_run};
const struct command command_go = {"go", "our own go into the room", go_help,
                                   go_run};
const struct command command_arm = {"arm", "alerts go out again", arm_help,
                                    arm_run};
const struct command command_disarm = {"disarm", "no alerts for a while",
                                       disarm_help, disarm_run};
