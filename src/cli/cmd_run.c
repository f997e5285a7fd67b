/* sting run: watch, record, tell. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "operation/operation.h"
#include "station/station.h"

static const char help[] =
    "usage: sting run OP [--listen ADDRESS:PORT] [--json]\n"
    "\n"
    "Watch the cameras that OP/operation.yaml names: record them, sealed from\n"
    "the first second, and tell at once when somebody is there, when a\n"
    "document is touched, when a camera is gone. Each line that it prints is\n"
    "one event. While it runs, trace, issue and log work as ever: they write\n"
    "through it. Ctrl-C ends it, with everything sealed.\n"
    "\n"
    "SIGHUP has operation.yaml read again: what changed is in force, cameras\n"
    "that did not change lose no frame, and a mistake changes nothing. As a\n"
    "service: systemctl start sting@NAME, systemctl reload sting@NAME.\n"
    "\n"
    "A camera's url is rtsp://HOST/PATH, /dev/video0 for one at this machine,\n"
    "or the path of a clip, played as if it were one.\n"
    "\n"
    "A camera that is away is tried again until it is back. No passphrase is\n"
    "needed: a station can only seal, not open.\n"
    "\n"
    "  --listen ADDRESS:PORT\n"
    "           serve the console there over https, to browsers; a port alone\n"
    "           means 127.0.0.1. While nobody has a password, a link is told\n"
    "           that lets the first person in, once\n"
    "  --json   events as JSON on stdout too, one object a line: event, at,\n"
    "           state, camera, zone, kind, tier, incident, text\n"
    "\n"
    "Exit code 0 when it ended in order, 1 when operation.yaml or ADDRESS is\n"
    "wrong, 2 when it could not run or could not keep the record to the end.\n"
    "\n"
    "example:\n"
    "  sting run ops/tank\n"
    "  21:04:38  camera garage: recording, 1920 x 1080 h264\n"
    "  21:04:41  INCIDENT 3 at camera garage: somebody is there\n";

static int run_run(int argc, char **argv)
{
    struct station_settings settings = {.json = false};
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--json", OPTION_FLAG, &settings.json, 0, 0},
        {"--listen", OPTION_TEXT, &settings.listen, 0, 0}};
    struct options options = {.option = option,
                              .options = 2,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting run OP [--listen ADDRESS:PORT]"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "run", &fault);
    }
    operation_guard_memory();
    enum sting_status status =
        operation_open(options.word[0], &operation, &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    status = station_run(operation, &settings, &fault);
    return status ? command_failed(status, options.word[0], &fault) : EXIT_DONE;
}

const struct command command_run = {"run", "watch, record, tell; until Ctrl-C",
                                    help, run_run};
