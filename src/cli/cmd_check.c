/* sting check: is operation.yaml right, and what it names there? */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alert/template.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"
#include "operation/bait_news.h"
#include "operation/baits.h"
#include "operation/config_lint.h"
#include "operation/config_path.h"
#include "station/camera_source.h"

static const char help[] =
    "usage: sting check OP [--json]\n"
    "\n"
    "Read OP/operation.yaml and tell every mistake with its line and column,\n"
    "and what was probably meant; also what can be and is surely not meant: "
    "an\n"
    "end that has passed, masks over a whole zone, one camera listed as two. "
    "Then\n"
    "look whether the files, baits, clips and devices that it names are "
    "there,\n"
    "and each zone's copy was issued and lies in one place.\n"
    "Nothing is changed.\n"
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
    struct buffer text; /* owned: of operation.yaml */
    bool json;
    bool is_read; /* the text is a configuration, if one with mistakes */
    int mistakes;
};

static void report_release(struct report *report)
{
    buffer_release(&report->text);
}

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

/* What is wrong with the value at the path. */
static void tell_fault(struct report *report, const struct config_path *path,
                       const struct fault *fault)
{
    const struct config_place place =
        config_place_find(buffer_bytes(&report->text), path);
    struct config_mistake mistake = {.line = place.line,
                                     .column = place.column};
    snprintf(mistake.why, sizeof mistake.why, "%.190s", fault->why);
    snprintf(mistake.todo, sizeof mistake.todo, "%.150s", fault->todo);
    tell(report, &mistake);
}

/* Can the file that the configuration names be read? */
static void check_file(struct report *report, int dir,
                       const struct config_path *path, const char *file)
{
    struct stat info;
    struct fault fault;
    if (!file[0]) {
        return;
    }
    bool is_there =
        fstatat(dir, file, &info, 0) == 0 && faccessat(dir, file, R_OK, 0) == 0;
    if (!is_there || S_ISDIR(info.st_mode)) {
        int error = is_there ? EISDIR : errno;
        (void)fault_set(&fault, STING_E_FORMAT, "make it, or correct the path",
                        "%.100s cannot be read: %s", file, strerror(error));
        tell_fault(report, path, &fault);
    }
}

/* What was meant by 192.0.2.10, 192.0.2.10:554/x or rtsp:/192.0.2.10/x, which
 * are read as the path of a clip; NULL: a clip. */
static const char *bare_address(const char *url)
{
    static const char scheme[] = "rtsp:";
    struct in_addr ignored;
    char host[INET_ADDRSTRLEN] = "";
    if (!strncmp(url, scheme, sizeof scheme - 1)) {
        url += sizeof scheme - 1;
        return url + strspn(url, "/");
    }
    size_t size = strcspn(url, ":/?");
    if (size >= sizeof host) {
        return NULL;
    }
    memcpy(host, url, size);
    return inet_pton(AF_INET, host, &ignored) == 1 ? url : NULL;
}

/* Is the clip or device there, and is it one? */
static void check_source(struct report *report, int dir,
                         const struct config_path *path, const char *text)
{
    struct camera_url url;
    struct fault source;
    struct fault fault;
    if (camera_url_parse(text, &url) || url.kind == CAMERA_NETWORK) {
        return;
    }
    enum sting_status status = camera_source_check(&url, dir, &source);
    if (status) {
        const char *bare = status == STING_E_ABSENT ? bare_address(text) : NULL;
        char todo[150];
        snprintf(todo, sizeof todo, "did you mean rtsp://%.120s?",
                 bare ? bare : "");
        (void)fault_set(&fault, status, bare ? todo : source.todo, "%.80s: %s",
                        text, source.why);
        tell_fault(report, path, &fault);
    }
}

static void check_bait(struct report *report, int dir,
                       const struct config_path *path,
                       const struct config_zone *zone)
{
    char file[64];
    snprintf(file, sizeof file, "bait/%s/reference.age", zone->bait);
    if (zone->bait[0] && faccessat(dir, file, F_OK, 0) != 0) {
        struct fault fault;
        (void)fault_set(&fault, STING_E_FORMAT, "see sting bait list",
                        "there is no bait \"%s\"", zone->bait);
        tell_fault(report, path, &fault);
    }
}

/* Of a bait that the ledger knows: a box has none of its own. */
static bool is_issued(const struct bait_news *news,
                      const struct config_zone *zone)
{
    bool is_known = false;
    for (size_t i = 0; i < news->baits; i++) {
        is_known = is_known || !strcmp(news->bait[i].name, zone->bait);
    }
    for (size_t i = 0; i < news->batches; i++) {
        const struct bait_batch_told *batch = &news->batch[i];
        if (!strcmp(news->bait[batch->bait].name, zone->bait) &&
            zone->copy >= batch->first &&
            zone->copy - batch->first < batch->count) {
            return true;
        }
    }
    return !is_known;
}

/* A zone before this one in which the same copy lies; two cameras of one place
 * may see one sheet. */
static const struct config_zone *double_of(const struct config *config,
                                           size_t camera, size_t zone)
{
    const struct config_camera *here = &config->camera[camera];
    const struct config_zone *one = &here->zone[zone];
    for (size_t c = 0; c <= camera; c++) {
        bool sees_it =
            c < camera && !strcmp(config->camera[c].place, here->place);
        size_t zones = sees_it      ? 0
                       : c < camera ? config->camera[c].zones
                                    : zone;
        for (size_t z = 0; z < zones; z++) {
            const struct config_zone *other = &config->camera[c].zone[z];
            if (other->copy == one->copy && !strcmp(other->bait, one->bait)) {
                return other;
            }
        }
    }
    return NULL;
}

/* Was that copy issued, and does it lie in this zone alone? */
static void check_copy(struct report *report, const struct config *config,
                       const struct bait_news *news, size_t camera, size_t zone)
{
    struct fault fault;
    const struct config_zone *one = &config->camera[camera].zone[zone];
    const struct config_path path = config_path_within(
        config_path_of("cameras", camera, "zones"), zone, "copy");
    if (!one->bait[0] || !one->copy) {
        return;
    }
    if (!is_issued(news, one)) {
        (void)fault_set(&fault, STING_E_FORMAT, "see sting bait list",
                        "copy %u of %s was never issued", (unsigned)one->copy,
                        one->bait);
        tell_fault(report, &path, &fault);
    }
    const struct config_zone *other = double_of(config, camera, zone);
    if (other) {
        (void)fault_set(&fault, STING_E_FORMAT,
                        "each sheet is a copy of its own: which lies where?",
                        "copy %u of %s lies in zone %s already",
                        (unsigned)one->copy, one->bait, other->name);
        tell_fault(report, &path, &fault);
    }
}

static void check_copies(struct report *report,
                         const struct operation *operation)
{
    struct bait_news *news STING_AUTO(bait_news_free) = NULL;
    struct fault fault;
    const struct config *config = operation_config(operation);
    enum sting_status status =
        bait_news_open(operation_dir(operation), &news, &fault);
    while (!status &&
           (status = bait_news_follow(news, 10000)) == STING_E_BUSY) {
        status = STING_OK;
    }
    for (size_t c = 0; !status && c < config->cameras; c++) {
        for (size_t z = 0; z < config->camera[c].zones; z++) {
            check_copy(report, config, news, c, z);
        }
    }
}

static void check_camera(struct report *report,
                         const struct operation *operation, size_t index)
{
    const struct config_camera *camera =
        &operation_config(operation)->camera[index];
    int dir = operation_dir(operation);
    struct config_path path = config_path_of("cameras", index, "password_file");
    check_file(report, dir, &path, camera->password_file);
    path = config_path_of("cameras", index, "url");
    check_source(report, dir, &path, camera->url);
    for (size_t z = 0; z < camera->zones; z++) {
        path = config_path_within(config_path_of("cameras", index, "zones"), z,
                                  "bait");
        check_bait(report, dir, &path, &camera->zone[z]);
    }
}

/* A key that names a file, and what it names. */
struct named_file {
    const char *key;
    const char *file;
};

static void check_files(struct report *report, int dir,
                        struct config_path entry, const struct named_file *file,
                        size_t files)
{
    for (size_t i = 0; i < files; i++) {
        entry.step[entry.steps - 1].key = file[i].key;
        check_file(report, dir, &entry, file[i].file);
    }
}

static void check_alert(struct report *report, int dir, size_t index,
                        const struct config_alert *alert)
{
    const struct named_file file[] = {
        {"secret_file", alert->secret_file},
        {"ca_file", alert->ca_file},
        {"token_file", alert->token_file},
        {"password_file", alert->password_file},
        {"template", template_ready(alert->template) ? "" : alert->template}};
    check_files(report, dir, config_path_of("alerts", index, NULL), file,
                sizeof file / sizeof *file);
}

static void check_anchor(struct report *report, int dir, size_t index,
                         const struct config_anchor *anchor)
{
    const struct named_file file[] = {{"ca_file", anchor->ca_file},
                                      {"crl_file", anchor->crl_file},
                                      {"tls_ca_file", anchor->tls_ca_file}};
    check_files(report, dir, config_path_of("anchors", index, NULL), file,
                sizeof file / sizeof *file);
}

static void check_things(struct report *report,
                         const struct operation *operation)
{
    struct agreement_key recipient[CONFIG_MOST_RECIPIENTS];
    struct fault fault;
    size_t recipients = 0;
    const struct config *config = operation_config(operation);
    const struct config_path to = {1, {{"recipients", 0}}};
    int dir = operation_dir(operation);
    if (operation_recipients(operation, recipient, &recipients, &fault)) {
        tell_fault(report, &to, &fault);
    }
    for (size_t i = 0; i < config->cameras; i++) {
        check_camera(report, operation, i);
    }
    check_copies(report, operation);
    for (size_t i = 0; i < config->alerts; i++) {
        check_alert(report, dir, i, &config->alert[i]);
    }
    for (size_t i = 0; i < config->anchors; i++) {
        check_anchor(report, dir, i, &config->anchor[i]);
    }
}

static void tell_all(struct report *report,
                     const struct config_mistakes *mistakes)
{
    for (size_t i = 0; i < mistakes->count && i < CONFIG_MOST_MISTAKES; i++) {
        tell(report, &mistakes->mistake[i]);
    }
}

/* Tell all mistakes of the text itself. */
static enum sting_status check_text(struct report *report, struct fault *fault)
{
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
        file_read(dir, CONFIG_FILE, CONFIG_MOST_BYTES, &report->text, fault);
    if (status) {
        return status;
    }
    const struct bytes text = buffer_bytes(&report->text);
    status = config_parse(text, &config, &mistakes);
    report->is_read = status == STING_OK;
    if (report->is_read) {
        config_reach_check(text, config, &mistakes);
        config_lint(text, config, clock_now().utc_us, &mistakes);
    }
    tell_all(report, &mistakes);
    return status == STING_E_FORMAT ? STING_OK : status;
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
    struct report report STING_AUTO(report_release) = {0};
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
    if (!status && report.is_read) {
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
