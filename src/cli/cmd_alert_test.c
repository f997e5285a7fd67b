/* sting alert test: would anybody be woken? */
#include <inttypes.h>
#include <stdio.h>

#include "alert/trial.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "station/tell.h"

static const char help[] =
    "usage: sting alert test OP [--json]\n"
    "\n"
    "Send a test message through every channel that OP/operation.yaml names,\n"
    "and tell what came back: who answered, how, and after how long. Goes by\n"
    "no tier, hours or quiet hours; the message says that nothing has\n"
    "happened. The station need not run. By UDP nobody answers: then it can\n"
    "only be said that it was sent.\n"
    "\n"
    "  --json   one object a channel: channel, address, delivered, status,\n"
    "           ms, why\n"
    "\n"
    "Exit code 0 when every channel delivered, 3 when one did not.\n"
    "\n"
    "example:\n"
    "  sting alert test ops/tank\n"
    "  webhook-1  delivered after 31 ms (200)  https://example.org/hook\n"
    "  mail-2     NOT DELIVERED: Login denied  smtp://mx.example.org:587\n";

static enum sting_status tell_json(const struct trial *trial)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "channel", trial->channel);
    json_add_text(json, "address", trial->address);
    json_add_bool(json, "delivered", trial->is_delivered);
    json_add_integer(json, "status", trial->status);
    json_add_integer(json, "ms", trial->ms);
    json_add_text(json, "why", trial->why[0] ? trial->why : NULL);
    enum sting_status status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

static void tell_words(const struct trial *trial)
{
    printf("%-10s  ", trial->channel);
    if (trial->is_delivered) {
        printf("delivered after %" PRId64 " ms (%d)", trial->ms, trial->status);
    } else if (trial->status) {
        printf("NOT DELIVERED: it answered %d", trial->status);
    } else {
        printf("NOT DELIVERED: %s", trial->why);
    }
    printf("  %s\n", trial->address);
}

static int answers_tell(struct trial *trial, size_t count, bool json)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        text_clean(trial[i].why);
        if (json && tell_json(&trial[i])) {
            return EXIT_FAILED;
        }
        if (!json) {
            tell_words(&trial[i]);
        }
        code = trial[i].is_delivered ? code : EXIT_NO;
    }
    if (count == 0) {
        fputs("sting: alert test: no channel is named: add alerts: to "
              "operation.yaml\n",
              stderr);
        return EXIT_NO;
    }
    return code;
}

static int alert_test_run(int argc, char **argv)
{
    static struct trial trial[CONFIG_MOST_ALERTS];
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    bool json = false;
    size_t count = 0;
    const struct option option[] = {{"--json", OPTION_FLAG, &json, 0, 0}};
    struct options options = {.option = option,
                              .options = 1,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting alert test OP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "alert test", &fault);
    }
    enum sting_status status =
        operation_open(options.word[0], &operation, &fault);
    if (!status) {
        status = trial_run(operation, clock_now, trial, &count, &fault);
    }
    return status ? command_failed(status, options.word[0], &fault)
                  : answers_tell(trial, count, json);
}

const struct command command_alert_test = {
    "alert test", "a test message through every channel", help, alert_test_run};
