/* sting dossier: what a court is given to read. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/out_new.h"
#include "crypt/digest.h"
#include "dossier/collect.h"
#include "ledger/line.h"
#include "operation/outside.h"
#include "operation/writer.h"

static const char help[] =
    "usage: sting dossier OP --out FILE.html|FILE.pdf... [--json]\n"
    "                     [--passphrase-file F]... [--by WHO] --reason TEXT\n"
    "\n"
    "Write what a court, and the defence, is given to read, as PDF on A4 or "
    "as\n"
    "one page of HTML that needs nothing beside itself; --out twice gives "
    "both,\n"
    "with the same words: what was decided by whom, what it cannot show, "
    "subjects\n"
    "and what became of them, incidents with pictures, what was asked for, "
    "laid\n"
    "out, seen and copied, copies and holders, pictures traced, everything\n"
    "counted, verification, what the defence needs, custody.\n"
    "\n"
    "It holds pictures and names in clear: keep it as you keep the keys. The\n"
    "ledger tells that it was written. A file that is there already is never\n"
    "replaced, and FILE lies outside OP. Works while the station runs.\n"
    "\n" ACCESS_HELP "\n"
    "example: sting dossier ops/tank --out dossier.pdf \\\n"
    "           --reason 'asked for by the court, file 7'\n";

struct request {
    const char *path;
    struct option_texts out;
    struct access_options access;
    bool json;
};

static enum sting_status request_read(int argc, char **argv,
                                      struct request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--out", OPTION_EACH, &request->out, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting dossier OP --out FILE.pdf"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    if (status) {
        return status;
    }
    request->path = options.word[0];
    return request->out.count > 0
               ? STING_OK
               : fault_set(fault, STING_E_ARG, "see sting dossier --help",
                           "--out is needed");
}

static enum sting_status ledger_tell(const struct operation *operation,
                                     struct bytes page, const char *sha256,
                                     struct fault *fault)
{
    char bytes[24];
    (void)snprintf(bytes, sizeof bytes, "%zu", page.size);
    const struct line_field field[] = {{"sha256", sha256},
                                       {"bytes", bytes},
                                       {"box", operation_box(operation)}};
    return writer_note(operation, clock_now, "dossier", field, 3, fault);
}

static enum sting_status told(const struct request *request,
                              const struct dossier *dossier, const char *file,
                              struct bytes page, const char *sha256)
{
    if (!request->json) {
        printf("%s: %.1f MB, %zu incidents, sha256 %s\n", file,
               (double)page.size / 1e6, dossier->incidents, sha256);
        return STING_OK;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "file", file);
    json_add_text(json, "sha256", sha256);
    json_add_integer(json, "bytes", (int64_t)page.size);
    json_add_integer(json, "incidents", (int64_t)dossier->incidents);
    json_add_integer(json, "traces", (int64_t)dossier->traces);
    json_add_text(json, "verdict", dossier->verdict);
    enum sting_status status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

/* One file: told before it exists. */
static enum sting_status file_make(const struct operation *operation,
                                   const struct request *request,
                                   const struct dossier *dossier,
                                   const char *file, struct fault *fault)
{
    struct buffer page STING_AUTO(buffer_release) = {0};
    char sha256[DIGEST_TEXT_SIZE];
    size_t size = strlen(file);
    bool is_pdf = size > 4 && !strcasecmp(file + size - 4, ".pdf");
    enum sting_status status =
        dossier_write(dossier, is_pdf ? DOSSIER_PDF : DOSSIER_HTML, &page);
    if (!status) {
        digest_text(digest_of(buffer_bytes(&page)), sha256);
        status = ledger_tell(operation, buffer_bytes(&page), sha256, fault);
    }
    if (!status) {
        status = file_write(AT_FDCWD, file, buffer_bytes(&page), 0600, fault);
    }
    return status ? status
                  : told(request, dossier, file, buffer_bytes(&page), sha256);
}

static enum sting_status make(const struct operation *operation,
                              const struct request *request,
                              struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct dossier dossier STING_AUTO(dossier_release) = {0};
    const struct access access = access_of(&request->access, "dossier", NULL);
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < request->out.count && !status; i++) {
        status = out_new(request->out.text[i], fault);
        status = status ? status
                        : outside_check(operation, "--out",
                                        request->out.text[i], fault);
    }
    if (!status) {
        status =
            access_open(operation, OPERATION_IDENTITY, &access, &keys, fault);
    }
    if (!status) {
        status = dossier_collect(operation, &keys, clock_now().utc_us, &dossier,
                                 fault);
    }
    for (size_t i = 0; i < request->out.count && !status; i++) {
        status = file_make(operation, request, &dossier, request->out.text[i],
                           fault);
    }
    return status;
}

static int dossier_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    static struct request request;
    struct fault fault = {"", ""};
    operation_guard_memory();
    if (request_read(argc, argv, &request, &fault) ||
        access_reason_need(&request.access, &fault)) {
        return command_fail(EXIT_USAGE, "dossier", &fault);
    }
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status = make(operation, &request, &fault);
    }
    if (!status) {
        return EXIT_DONE;
    }
    if (!fault.why[0]) {
        (void)fault_set(&fault, status, "", "%s", sting_status_text(status));
    }
    return command_fail(status == STING_E_ARG ? EXIT_USAGE : EXIT_FAILED,
                        request.path, &fault);
}

const struct command command_dossier = {
    "dossier", "what a court is given to read", help, dossier_run};
