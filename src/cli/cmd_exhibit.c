/* sting exhibit: what a court gets of one camera and one stretch of time. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/exhibit_request.h"
#include "cli/exhibit_resume.h"
#include "cli/exhibit_seal.h"
#include "cli/options.h"
#include "cli/out_new.h"
#include "exhibit/exhibit.h"
#include "ledger/line.h"
#include "ledger/verify.h"
#include "operation/check_worker.h"
#include "operation/folder_copy.h"
#include "operation/incident_list.h"
#include "operation/key_file.h"
#include "operation/writer.h"

#define AROUND_US INT64_C(2000000) /* shown before and after an incident */

static const char help[] =
    "usage: sting exhibit OP --incident N --mark ABC/1 --out DIR\n"
    "       sting exhibit OP --camera C --from TIME --to TIME --mark ABC/1\n"
    "                     --out DIR\n"
    "\n"
    "Make what a court gets: a folder (BagIt) with the recording bit for bit,\n"
    "which plays in a browser; proof that each segment stands unchanged in\n"
    "the sealed whole, without showing the rest; a report on paper and\n"
    "screen, custody, limits; and two verifiers that need no sting. A mark is\n"
    "given once; the ledger tells who made which exhibit, and its hash.\n"
    "\n"
    "  --mark M         capitals, /, a number: ABC/1; copies: ABC/1/W1\n"
    "  --incident N     the camera of that incident, from 2 s before to 2 s\n"
    "                   after it; --from and --to choose another stretch\n"
    "                   A station that runs seals its segment first where\n"
    "                   the stretch reaches it; a film that ends before its\n"
    "                   stretch says so. What was deleted on purpose is "
    "told,\n"
    "                   with the entries that say so, as a gap\n"
    "  --case TEXT      the court's mark of the case\n"
    "  --question TEXT  what the exhibit is to help answer\n" ACCESS_HELP
    "  --json           one object on stdout\n"
    "\n"
    "Of an imported record, OFFICE/boxes/NAME, the office signs and its "
    "ledger\n"
    "tells. A closed operation has no key to sign with: import it into an "
    "open\n"
    "one and put its identity into OFFICE/boxes/NAME/keys/identity.\n"
    "\n"
    "Whoever receives it: sh VERIFY.sh, python3 verify.py, or sting verify\n"
    "DIR. It holds pictures in clear: keep it as you keep the keys.\n"
    "\n"
    "example: sting exhibit ops/tank --incident 1 --mark ABC/1 --by \"the head "
    "gardener\" \\\n"
    "           --question \"who moved the drawing?\" --out ABC-1\n";

static enum sting_status request_check(const struct exhibit_request *request,
                                       struct fault *fault)
{
    static const char todo[] = "see sting exhibit --help";
    const bool by_camera = request->camera != NULL;
    const struct {
        bool is_missing;
        const char *name;
    } needed[] = {
        {!request->mark, "--mark"},
        {!request->out, "--out"},
        {!request->incident && !by_camera, "--incident or --camera"},
        {by_camera && !request->from_us, "--from"},
        {by_camera && !request->to_us, "--to"},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (needed[i].is_missing) {
            return fault_set(fault, STING_E_ARG, todo, "%s is needed",
                             needed[i].name);
        }
    }
    if (request->incident && by_camera) {
        return fault_set(fault, STING_E_ARG, todo,
                         "--incident and --camera exclude each other");
    }
    if (!exhibit_mark_is_right(request->mark)) {
        return fault_set(fault, STING_E_ARG,
                         "give capitals, / and a number: ABC/1",
                         "\"%.30s\" is no mark of an exhibit", request->mark);
    }
    return STING_OK;
}

static enum sting_status request_read(int argc, char **argv,
                                      struct exhibit_request *request,
                                      struct fault *fault)
{
    const struct option option[] = {
        {"--incident", OPTION_NUMBER, &request->incident, 1, UINT32_MAX},
        {"--camera", OPTION_TEXT, &request->camera, 0, 0},
        {"--from", OPTION_TIME, &request->from_us, 0, 0},
        {"--to", OPTION_TIME, &request->to_us, 0, 0},
        {"--mark", OPTION_TEXT, &request->mark, 0, 0},
        {"--out", OPTION_TEXT, &request->out, 0, 0},
        {"--case", OPTION_WORDS, &request->case_mark, 0, 0},
        {"--question", OPTION_WORDS, &request->question, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
    };
    struct options options = {
        .option = option,
        .options = sizeof option / sizeof *option,
        .least_words = 1,
        .most_words = 1,
        .usage = "sting exhibit OP --incident N --mark ABC/1 --out DIR"};
    enum sting_status status = options_parse(argc, argv, &options, fault);
    request->path = status ? NULL : options.word[0];
    return status ? status : request_check(request, fault);
}

static enum sting_status stretch_find(const struct operation *operation,
                                      const struct exhibit_request *request,
                                      struct incident_list *list,
                                      struct exhibit_order *order,
                                      struct fault *fault)
{
    order->camera = request->camera;
    order->from_us = request->from_us;
    order->to_us = request->to_us;
    if (request->incident) {
        enum sting_status status =
            incident_list_read(operation_dir(operation), list, fault);
        if (status) {
            return status;
        }
        const struct incident_entry *entry =
            incident_list_find(list, (uint32_t)request->incident);
        if (!entry) {
            return fault_set(
                fault, STING_E_ABSENT, "",
                "there is no incident %lld; the ledger tells of %zu",
                (long long)request->incident, list->count);
        }
        if (entry->end_us == 0 && !request->to_us) {
            return fault_set(fault, STING_E_BUSY, "wait, or use --to",
                             "incident %u is not over", entry->number);
        }
        order->incident = entry->number;
        order->camera = entry->camera;
        order->from_us =
            request->from_us ? request->from_us : entry->start_us - AROUND_US;
        order->to_us =
            request->to_us ? request->to_us : entry->end_us + AROUND_US;
    }
    return order->from_us < order->to_us
               ? STING_OK
               : fault_set(fault, STING_E_ARG, "",
                           "the stretch ends before it begins");
}

static const char *by_whom(const struct exhibit_request *request,
                           char name[ACCESS_NAME_SIZE])
{
    return request->access.by ? request->access.by : access_user(name);
}

/* Who keeps the ledger that tells of exhibits, and signs them. */
static const struct operation *signer_of(const struct operation *operation)
{
    return operation_office(operation) ? operation_office(operation)
                                       : operation;
}

static enum sting_status mark_reserve(const struct operation *operation,
                                      const struct exhibit_request *request,
                                      struct fault *fault)
{
    char sha256[DIGEST_TEXT_SIZE] = "", name[ACCESS_NAME_SIZE];
    uint64_t seq = 0;
    enum sting_status status = exhibit_mark_find(
        signer_of(operation), request->mark, &seq, sha256, fault);
    if (status == STING_E_ABSENT) {
        return STING_OK;
    }
    if (status) {
        return status;
    }
    const struct line_field field[] = {{"exhibit", request->mark},
                                       {"state", "refused"},
                                       {"sha256", sha256},
                                       {"by", by_whom(request, name)},
                                       {"why", "the mark is taken"}};
    status = writer_note(operation, clock_now, "export", field,
                         sizeof field / sizeof *field, fault);
    return status ? status
                  : fault_set(fault, STING_E_BUSY, "use the next number",
                              "mark %s is taken: entry %" PRIu64
                              " gave it to the exhibit with hash %.16s...",
                              request->mark, seq, sha256);
}

/* What the operation as a whole is worth now, before we write to it. */
static enum sting_status transcript_take(const struct operation *operation,
                                         struct exhibit_order *order,
                                         struct buffer *transcript,
                                         struct fault *fault)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct check_options options = {.identity = NULL};
    char missing[200];
    /* It may be a record that was imported: nothing of it is parsed here. */
    enum sting_status status = check_folder(operation_dir(operation), &options,
                                            &report, missing, fault);
    if (!status) {
        status = verify_report_text(&report, transcript);
    }
    order->transcript = buffer_text(transcript);
    order->lines = report.entries;
    return status;
}

/* The ledger first: what is given out has been told before it has its name. */
static enum sting_status finish(const struct operation *operation,
                                const struct exhibit_request *request,
                                const struct exhibit_made *made,
                                const char *draft, struct fault *fault)
{
    char bytes[24], sha256[DIGEST_TEXT_SIZE], name[ACCESS_NAME_SIZE];
    (void)snprintf(bytes, sizeof bytes, "%" PRIu64, made->bytes);
    const struct line_field field[] = {
        {"exhibit", request->mark},
        {"state", "made"},
        {"sha256", digest_text(made->sha256, sha256)},
        {"bytes", bytes},
        {"by", by_whom(request, name)},
        {"why", request->access.reason}};
    enum sting_status status = mark_reserve(operation, request, fault);
    if (!status) {
        status = writer_note(operation, clock_now, "export", field,
                             sizeof field / sizeof *field, fault);
    }
    if (!status && rename(draft, request->out) != 0) {
        status = fault_errno(fault, STING_E_IO, "do it again, or rename it",
                             "%s is made, but cannot be renamed", draft);
    }
    return status;
}

static enum sting_status make(const struct operation *operation,
                              const struct exhibit_request *request,
                              const struct operation_keys *keys,
                              const struct exhibit_order *order,
                              struct exhibit_made *made, struct fault *fault)
{
    struct buffer draft STING_AUTO(buffer_release) = {0};
    if (exhibit_draft_path(request->out, &draft)) {
        return STING_E_NOMEM;
    }
    if (mkdir(buffer_text(&draft), 0700) != 0) {
        return fault_errno(fault, STING_E_IO, "remove or rename it",
                           "the folder %s cannot be made", buffer_text(&draft));
    }
    int folder STING_AUTO(fd_close) =
        open(buffer_text(&draft), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum sting_status status =
        folder < 0 ? fault_errno(fault, STING_E_IO, "", "it cannot be opened")
                   : exhibit_make(operation, keys, order, folder, made, fault);
    if (!status) {
        status = finish(operation, request, made, buffer_text(&draft), fault);
    }
    if (status &&
        !exhibit_is_told(signer_of(operation), request->mark, made->sha256)) {
        folder_remove(AT_FDCWD, buffer_text(&draft));
    }
    return status;
}

/* A film that is shorter than was asked for is never given out in silence. */
static void short_told(const struct exhibit_order *order,
                       const struct exhibit_made *made)
{
    char until[CLOCK_TEXT_SIZE], to[CLOCK_TEXT_SIZE];
    if (made->until_us < order->to_us) {
        fprintf(stderr,
                "sting: exhibit: the recording goes up to %s, not to %s: "
                "nothing between them is %s; REPORT and LIMITS.txt say so\n",
                clock_text(made->until_us, until), clock_text(order->to_us, to),
                made->erased ? "sealed, or it was deleted" : "sealed");
    }
    if (made->erased > 0) {
        fprintf(stderr,
                "sting: exhibit: %" PRIu64 " recordings of that time were "
                "deleted on purpose; what is there begins at %s; REPORT and "
                "LIMITS.txt tell who deleted what\n",
                made->erased, clock_text(made->since_us, until));
    }
}

static enum sting_status told(const struct exhibit_request *request,
                              const struct exhibit_order *order,
                              const struct exhibit_made *made)
{
    char sha256[DIGEST_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    digest_text(made->sha256, sha256);
    short_told(order, made);
    if (!request->json) {
        printf("%s: exhibit %s, %zu films of %zu segments, %zu gaps, %.1f MB\n"
               "  pictures up to %s\n"
               "  rests on a checkpoint over %" PRIu64 " entries\n"
               "  sha256 of tagmanifest-sha256.txt, also in the ledger: %s\n"
               "  fingerprint of the case key, to be handed over apart: %s\n",
               request->out, request->mark, made->films, made->pieces,
               made->gaps, (double)made->bytes / 1e6,
               clock_text(made->until_us, until), made->lines, sha256,
               made->case_key);
        return STING_OK;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "exhibit", request->mark);
    json_add_text(json, "folder", request->out);
    json_add_text(json, "sha256", sha256);
    json_add_integer(json, "bytes", (int64_t)made->bytes);
    json_add_integer(json, "files", (int64_t)made->files);
    json_add_integer(json, "films", (int64_t)made->films);
    json_add_integer(json, "segments", (int64_t)made->pieces);
    json_add_integer(json, "erased", (int64_t)made->erased);
    json_add_integer(json, "gaps", (int64_t)made->gaps);
    json_add_integer(json, "lines", (int64_t)made->lines);
    json_add_text(json, "case_key", made->case_key);
    json_add_text(json, "films_since", clock_text(made->since_us, until));
    json_add_text(json, "films_until", clock_text(made->until_us, until));
    json_add_bool(json, "is_short", made->until_us < order->to_us);
    enum sting_status status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

/* The same mark again, after the disk failed between line and name. */
static enum sting_status resume(const struct operation *operation,
                                const struct exhibit_request *request,
                                struct digest *sha256, struct fault *fault)
{
    char text[DIGEST_TEXT_SIZE];
    enum sting_status status = exhibit_resume(
        signer_of(operation), request->mark, request->out, sha256, fault);
    if (status) {
        return status;
    }
    digest_text(*sha256, text);
    if (!request->json) {
        printf("%s: exhibit %s, which was made and told before, has its name\n"
               "  sha256 of tagmanifest-sha256.txt, also in the ledger: %s\n",
               request->out, request->mark, text);
        return STING_OK;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "exhibit", request->mark);
    json_add_text(json, "folder", request->out);
    json_add_text(json, "sha256", text);
    json_add_bool(json, "is_resumed", true);
    status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

/* What signs. Closing an operation destroys it. */
static enum sting_status log_key_load(const struct operation *operation,
                                      struct secret *log_key,
                                      struct fault *fault)
{
    enum sting_status status = key_file_load(
        operation_dir(signer_of(operation)), KEY_FILE_LOG, log_key, fault);
    return status != STING_E_ABSENT
               ? status
               : fault_set(fault, status,
                           "import it into one that is open: sting import",
                           "keys/log, which signs exhibits, is not here, as "
                           "after sting close");
}

enum sting_status exhibit_request_do(const struct operation *operation,
                                     const struct exhibit_request *request,
                                     struct digest *sha256, struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct secret log_key STING_AUTO(secret_wipe) = {0};
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    struct buffer transcript STING_AUTO(buffer_release) = {0};
    struct exhibit_made made = {0};
    char now[CLOCK_TEXT_SIZE];
    const struct access who =
        access_of(&request->access, "exhibit", request->mark);
    struct exhibit_order order = {.mark = request->mark,
                                  .case_mark = request->case_mark,
                                  .question = request->question,
                                  .log_key = &log_key,
                                  .office = operation_office(operation)};
    clock_text(clock_now().utc_us, now)[10] = '\0';
    order.date = now;
    enum sting_status status = resume(operation, request, sha256, fault);
    if (status != STING_E_ABSENT) {
        return status;
    }
    status = stretch_find(operation, request, &list, &order, fault);
    if (!status) {
        status = mark_reserve(operation, request, fault);
    }
    if (!status) {
        status = out_new(request->out, fault);
    }
    if (!status) {
        status = log_key_load(operation, &log_key, fault);
    }
    if (!status) {
        status = exhibit_seal(operation, &order, fault);
    }
    if (!status) {
        status = transcript_take(operation, &order, &transcript, fault);
    }
    if (!status) {
        status = access_open(operation, OPERATION_IDENTITY, &who, &keys, fault);
    }
    if (!status) {
        status = make(operation, request, &keys, &order, &made, fault);
    }
    *sha256 = made.sha256;
    return status ? status : told(request, &order, &made);
}

static int exhibit_run(int argc, char **argv)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct exhibit_request request = {0};
    struct digest sha256;
    struct fault fault = {"", ""};
    operation_guard_memory();
    if (request_read(argc, argv, &request, &fault) ||
        access_reason_need(&request.access, &fault)) {
        return command_fail(EXIT_USAGE, "exhibit", &fault);
    }
    enum sting_status status = operation_open(request.path, &operation, &fault);
    if (!status) {
        status = exhibit_request_do(operation, &request, &sha256, &fault);
    }
    if (!status) {
        return EXIT_DONE;
    }
    return command_failed(status, request.path, &fault);
}

const struct command command_exhibit = {
    "exhibit", "what a court gets, to be checked without sting", help,
    exhibit_run};
