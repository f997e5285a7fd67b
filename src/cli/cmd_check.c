/* sting check: is operation.yaml right, and what it names there? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/template.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/baits.h"

static const char help[] =
    "usage: sting check OP [--json]\n"
    "\n"
    "Read OP/operation.yaml and tell every mistake with its line and column,\n"
    "and what was probably meant. Then look whether the files, baits and "
    "clips\n"
    "that it names are there. Nothing is changed.\n"
    "\n"
    "  --json   one object a mistake: file, line, column, why, todo\n"
    "\n"
    "Exit code 0 when all is right, 1 when there is a mistake.\n"
    "\n"
    "example:\n"
    "  sting check ops/tank\n"
    "  sting: ops/tank/operation.yaml:12:3: unknown key \"camra\" in the "
    "file:\n"
    "         did you mean \"cameras\"?\n";

struct report {
    const char *path;
    bool json;
    int mistakes;
};

/* Tell one mistake; line 0 when it has no place in the file. */
static void tell(struct report *report, const struct config_mistake *mistake)
{
    char place[40] = "";
    report->mistakes++;
    if (report->json) {
        struct buffer line STING_AUTO(buffer_release) = {0};
        struct json *json STING_AUTO(json_free) = json_new_object();
        json_add_text(json, "file", CONFIG_FILE);
        json_add_integer(json, "line", mistake->line);
        json_add_integer(json, "column", mistake->column);
        json_add_text(json, "why", mistake->why);
        json_add_text(json, "todo", mistake->todo[0] ? mistake->todo : NULL);
        if (json_line(json, &line) == STING_OK) {
            fputs(buffer_text(&line), stdout);
        }
        return;
    }
    if (mistake->line > 0) {
        snprintf(place, sizeof place, ":%d:%d", mistake->line, mistake->column);
    }
    fprintf(stderr, "sting: %s/%s%s: %s%s%s\n", report->path, CONFIG_FILE,
            place, mistake->why, mistake->todo[0] ? ": " : "", mistake->todo);
}

static void tell_fault(struct report *report, const struct fault *fault)
{
    struct config_mistake mistake = {0};
    snprintf(mistake.why, sizeof mistake.why, "%.190s", fault->why);
    snprintf(mistake.todo, sizeof mistake.todo, "%.150s", fault->todo);
    tell(report, &mistake);
}

/* Can the file that the configuration names be read? */
static void check_file(struct report *report, int dir, const char *owner,
                       const char *file)
{
    if (file[0] && faccessat(dir, file, R_OK, 0) != 0) {
        struct fault fault;
        (void)fault_set(&fault, STING_E_FORMAT, "make it, or correct the path",
                        "%.40s: %.100s cannot be read: %s", owner, file,
                        strerror(errno));
        tell_fault(report, &fault);
    }
}

static void check_camera(struct report *report,
                         const struct operation *operation,
                         const struct config_camera *camera)
{
    int dir = operation_dir(operation);
    check_file(report, dir, camera->name, camera->password_file);
    if (!strstr(camera->url, "://")) {
        check_file(report, dir, camera->name, camera->url);
    }
    for (size_t z = 0; z < camera->zones; z++) {
        const struct config_zone *zone = &camera->zone[z];
        char path[64];
        snprintf(path, sizeof path, "bait/%s/reference.age", zone->bait);
        if (zone->bait[0] && faccessat(dir, path, F_OK, 0) != 0) {
            struct fault fault;
            (void)fault_set(&fault, STING_E_FORMAT, "see sting bait list",
                            "%s: zone %s: there is no bait \"%s\"",
                            camera->name, zone->name, zone->bait);
            tell_fault(report, &fault);
        }
    }
}

static void check_alert(struct report *report, int dir,
                        const struct config_alert *alert)
{
    const char *const file[] = {
        alert->secret_file, alert->ca_file, alert->token_file,
        alert->password_file,
        template_ready(alert->template) ? "" : alert->template};
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        check_file(report, dir, "alerts", file[i]);
    }
}

static void check_things(struct report *report,
                         const struct operation *operation)
{
    struct agreement_key recipient[CONFIG_MOST_RECIPIENTS];
    struct fault fault;
    size_t recipients = 0;
    const struct config *config = operation_config(operation);
    if (operation_recipients(operation, recipient, &recipients, &fault)) {
        tell_fault(report, &fault);
    }
    for (size_t i = 0; i < config->cameras; i++) {
        check_camera(report, operation, &config->camera[i]);
    }
    for (size_t i = 0; i < config->alerts; i++) {
        check_alert(report, operation_dir(operation), &config->alert[i]);
    }
    for (size_t i = 0; i < config->anchors; i++) {
        const struct config_anchor *anchor = &config->anchor[i];
        const char *const file[] = {anchor->ca_file, anchor->crl_file,
                                    anchor->tls_ca_file};
        for (size_t k = 0; k < sizeof file / sizeof *file; k++) {
            check_file(report, operation_dir(operation), "anchors", file[k]);
        }
    }
}

/* Tell all mistakes of the text itself. */
static enum sting_status check_text(struct report *report, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes = {.count = 0};
    int dir STING_AUTO(fd_close) =
        open(report->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) {
        return fault_errno(fault, STING_E_ABSENT,
                           "name a folder made by sting new",
                           "the operation folder cannot be opened");
    }
    enum sting_status status =
        file_read(dir, CONFIG_FILE, CONFIG_MOST_BYTES, &text, fault);
    if (!status) {
        status = config_parse(buffer_bytes(&text), &config, &mistakes);
    }
    if (status != STING_E_FORMAT) {
        return status;
    }
    for (size_t i = 0; i < mistakes.count && i < CONFIG_MOST_MISTAKES; i++) {
        tell(report, &mistakes.mistake[i]);
    }
    return STING_OK;
}

static void print_right(const struct report *report,
                        const struct operation *operation)
{
    const struct config *config = operation_config(operation);
    if (report->json) {
        return;
    }
    printf("%s/%s is right: %zu cameras, %zu alerts, %zu recipients.\n",
           report->path, CONFIG_FILE, config->cameras, config->alerts,
           config->recipients);
}

static int check_run(int argc, char **argv)
{
    struct report report = {0};
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--json", OPTION_FLAG, &report.json, 0, 0}};
    struct options options = {.option = option,
                              .options = 1,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting check OP"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "check", &fault);
    }
    report.path = options.word[0];
    enum sting_status status = check_text(&report, &fault);
    if (!status && report.mistakes == 0) {
        status = operation_open(report.path, &operation, &fault);
    }
    if (status) {
        return command_failed(status, report.path, &fault);
    }
    if (operation) {
        check_things(&report, operation);
    }
    if (report.mistakes > 0) {
        return EXIT_USAGE;
    }
    print_right(&report, operation);
    return EXIT_DONE;
}

const struct command command_check = {
    "check", "check operation.yaml and what it names", help, check_run};
