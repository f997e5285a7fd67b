/* sting bait: documents registered, copies issued, listed and made again. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bait/bait.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/options.h"

#define MOST_GROWTH 0.02 /* of a file; more shows beside another copy */

static const char add_help[] =
    "usage: sting bait add OP FILE.pdf [--name NAME] [--json]\n"
    "\n"
    "Register a document of your own as bait. It is sealed into the operation\n"
    "with a reference of its pages; FILE.pdf itself is not changed.\n"
    "Refused: encrypted, signed and damaged PDFs, and those without a page\n"
    "of text.\n"
    "\n"
    "  --name NAME   what it is called here; else made from the file's name\n"
    "  --json        one object: bait, pages, units, max_shift_pt, sha256,\n"
    "                growth, units_left_out, unmarkable_pages\n"
    "\n"
    "example:\n"
    "  sting bait add ops/tank samples/water-tank.pdf\n";

static const char issue_help[] =
    "usage: sting bait issue OP NAME (--to HOLDER... | --holders FILE.csv)\n"
    "                       --out DIR [--passphrase-file FILE] [--json]\n"
    "\n"
    "Make one copy for each holder, each invisibly its own, as\n"
    "DIR/HOLDER/FILE.pdf with the original's file name and date. The batch\n"
    "is committed in the ledger before the first file exists.\n"
    "\n"
    "  --to HOLDER...     people or places that get a copy\n"
    "  --holders FILE.csv the same from a table: the column \"holder\", or\n"
    "                     the first one\n"
    "  --out DIR          where the copies are written; nothing there is\n"
    "                     ever replaced\n"
    "  --json             one object a copy: bait, copy, holder, file, pages,\n"
    "                     units, max_shift_pt, sha256, unmarkable_pages\n"
    "\n"
    "example:\n"
    "  sting bait issue ops/tank water-tank --to 'Workshop 3' 'Front desk' \\\n"
    "    --out copies\n";

static const char list_help[] =
    "usage: sting bait list OP [--passphrase-file FILE] [--json]\n"
    "\n"
    "Show every bait, and who holds which copy of it.\n"
    "\n"
    "example:\n"
    "  sting bait list ops/tank\n";

static const char copy_help[] =
    "usage: sting bait copy OP NAME NUMBER --out DIR\n"
    "                      [--passphrase-file FILE] [--json]\n"
    "\n"
    "Make a copy again that was issued before, byte for byte the same.\n"
    "\n"
    "example:\n"
    "  sting bait copy ops/tank water-tank 7 --out again\n";

/* What all four take. */
struct bait_request {
    const char *name;
    const char *folder;
    const char *passphrase_file;
    const char *holders_file;
    struct option_texts to;
    bool json;
};

/* What is open while a command runs. */
struct bait_desk {
    struct operation *operation;
    struct operation_keys keys;
    struct picture_worker *worker;
};

static void desk_release(struct bait_desk *desk)
{
    picture_worker_free(&desk->worker);
    operation_keys_wipe(&desk->keys);
    operation_close(&desk->operation);
}

static int failed(enum sting_status status, const char *what,
                  struct fault *fault)
{
    if (!fault->why[0]) {
        (void)fault_set(fault, status, "", "%s", sting_status_text(status));
    }
    return command_fail(status == STING_E_ARG ? EXIT_USAGE : EXIT_FAILED, what,
                        fault);
}

static enum sting_status desk_open(struct bait_desk *desk, const char *path,
                                   unsigned which, const char *passphrase_file,
                                   struct fault *fault)
{
    enum sting_status status = operation_open(path, &desk->operation, fault);
    if (status || !which) {
        return status == STING_E_FORMAT ? STING_E_ARG : status;
    }
    return operation_keys_open(desk->operation, which, passphrase_file,
                               &desk->keys, fault);
}

static struct json *unmarkable(const struct bait *bait)
{
    struct json *list = json_new_array();
    for (int p = 0; p < bait->pages; p++) {
        if (bait->page[p].units == 0) {
            json_add_integer(list, NULL, p + 1);
        }
    }
    return list;
}

static void print_unmarkable(const struct bait *bait)
{
    static const char *const why[] = {"", "without text", "too few words",
                                      "a picture or drawing"};
    for (int p = 0; p < bait->pages; p++) {
        if (bait->page[p].units == 0) {
            printf("  page %d carries no mark: %s\n", p + 1,
                   why[bait->page[p].state]);
        }
    }
}

static void print_line(const struct json *json)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
        fflush(stdout);
    }
}

static uint32_t bait_units(const struct bait *bait, double *max_shift_pt)
{
    uint32_t units = 0;
    float most = 0;
    for (int p = 0; p < bait->pages; p++) {
        units += bait->page[p].units;
        for (uint32_t u = 0; u < bait->page[p].units; u++) {
            float shift = bait->page[p].unit[u].shift_pt;
            most = shift > most ? shift : most;
        }
    }
    *max_shift_pt = (double)most;
    return units;
}

static void print_budget(const struct picture_budget *budget, uint32_t units)
{
    if (budget->left_out > 0) {
        printf("  %lld more would make copies outgrow the original and are "
               "not used.\n",
               (long long)budget->left_out);
    }
    if (budget->growth > MOST_GROWTH) {
        printf("  Its copies are still about %.1f %% larger than the original: "
               "with fewer than\n  these %u units a photograph would tell too "
               "little. Who compares sizes will see.\n",
               100 * budget->growth, units);
    }
}

/* `budget` is NULL long after it was added. */
static void print_added(const struct bait *bait,
                        const struct picture_budget *budget, bool as_json)
{
    double most = 0;
    char sha256[DIGEST_TEXT_SIZE];
    uint32_t units = bait_units(bait, &most);
    if (!as_json) {
        printf("Bait \"%s\": %d pages, %u units, none moves more than "
               "%.2f pt.\n",
               bait->name, bait->pages, units, most);
        if (budget) {
            print_budget(budget, units);
        }
        print_unmarkable(bait);
        return;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = unmarkable(bait);
    json_add_text(json, "bait", bait->name);
    json_add_integer(json, "pages", bait->pages);
    json_add_integer(json, "units", units);
    json_add_number(json, "max_shift_pt", most);
    json_add_text(json, "sha256", digest_text(bait->original, sha256));
    if (budget) {
        json_add_number(json, "growth", budget->growth);
        json_add_integer(json, "units_left_out", budget->left_out);
    }
    json_add_child(json, "unmarkable_pages", &list);
    print_line(json);
}

static int add_run(int argc, char **argv)
{
    struct bait_request request = {0};
    struct bait_desk desk STING_AUTO(desk_release) = {0};
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct bait bait STING_AUTO(bait_release) = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--name", OPTION_TEXT, &request.name, 0, 0},
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting bait add OP FILE.pdf"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (status) {
        return failed(STING_E_ARG, "bait add", &fault);
    }
    status = desk_open(&desk, options.word[0], 0, NULL, &fault);
    if (status) {
        return failed(status, options.word[0], &fault);
    }
    status = picture_worker_new(&desk.worker, &fault);
    if (!status) {
        status = writer_open(desk.operation, clock_now, &writer, &fault);
    }
    if (!status) {
        status = bait_add(desk.operation, writer, desk.worker, options.word[1],
                          request.name, &bait, &fault);
    }
    if (!status) {
        status = writer_close(&writer, &fault);
    }
    if (status) {
        return failed(status, options.word[1], &fault);
    }
    struct picture_budget budget = picture_pdf_budget(desk.worker);
    print_added(&bait, &budget, request.json);
    return EXIT_DONE;
}

/* How far a batch is, for JSON and for a terminal. */
struct progress {
    bool json;
    bool is_terminal;
    size_t done;
    size_t all;
};

static void print_made(const struct bait_made *made)
{
    char sha256[DIGEST_TEXT_SIZE];
    const struct bait *bait = &made->press->bait;
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct json *list STING_AUTO(json_free) = unmarkable(bait);
    json_add_text(json, "bait", bait->name);
    json_add_integer(json, "copy", made->number);
    json_add_text(json, "holder", made->holder);
    json_add_text(json, "file", made->file);
    json_add_integer(json, "pages", bait->pages);
    json_add_integer(json, "units", press_units(made->press));
    json_add_number(json, "max_shift_pt", press_max_shift_pt(made->press));
    json_add_text(json, "sha256", digest_text(made->sha256, sha256));
    json_add_child(json, "unmarkable_pages", &list);
    print_line(json);
}

static enum sting_status tell(void *context, const struct bait_made *made)
{
    struct progress *progress = context;
    progress->done++;
    if (progress->json) {
        print_made(made);
    } else {
        printf("copy %u for %s: %s\n", made->number, made->holder, made->file);
    }
    if (progress->is_terminal && !isatty(1)) {
        fprintf(stderr, "\r%zu of %zu copies", progress->done, progress->all);
        fputs(progress->done == progress->all ? "\n" : "", stderr);
    }
    return STING_OK;
}

static enum sting_status holders_read(const struct bait_request *request,
                                      struct holders *holders,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    if (!request->folder) {
        return fault_set(fault, STING_E_ARG, "say where with --out DIR",
                         "there is no folder for the copies");
    }
    for (size_t i = 0; !status && i < request->to.count; i++) {
        status =
            holders_add(holders, bytes_of_text(request->to.text[i]), fault);
    }
    if (!status && request->holders_file) {
        status = holders_load(holders, request->holders_file, fault);
    }
    if (!status && holders->count == 0) {
        status = fault_set(fault, STING_E_ARG,
                           "name them with --to HOLDER... or --holders FILE",
                           "there is no holder");
    }
    return status;
}

static enum sting_status issue_parse(int argc, char **argv,
                                     struct bait_request *request,
                                     struct options *out, struct fault *fault)
{
    const struct option option[] = {
        {"--to", OPTION_TEXTS, &request->to, 0, 0},
        {"--holders", OPTION_TEXT, &request->holders_file, 0, 0},
        {"--out", OPTION_TEXT, &request->folder, 0, 0},
        {"--passphrase-file", OPTION_TEXT, &request->passphrase_file, 0, 0},
        {"--json", OPTION_FLAG, &request->json, 0, 0},
    };
    *out = (struct options){.option = option,
                            .options = sizeof option / sizeof *option,
                            .least_words = 2,
                            .most_words = 2,
                            .usage = "sting bait issue OP NAME --to HOLDER... "
                                     "--out DIR"};
    enum sting_status status = options_parse(argc, argv, out, fault);
    out->option = NULL;
    return status;
}

static int issue_run(int argc, char **argv)
{
    static struct bait_request request;
    struct bait_desk desk STING_AUTO(desk_release) = {0};
    struct holders holders STING_AUTO(holders_release) = {0};
    struct options options;
    struct fault fault = {"", ""};
    enum sting_status status =
        issue_parse(argc, argv, &request, &options, &fault);
    if (!status) {
        status = holders_read(&request, &holders, &fault);
    }
    if (status) {
        return failed(status, "bait issue", &fault);
    }
    status =
        desk_open(&desk, options.word[0], OPERATION_IDENTITY | OPERATION_MARK,
                  request.passphrase_file, &fault);
    if (!status) {
        status = picture_worker_new(&desk.worker, &fault);
    }
    struct progress progress = {request.json, isatty(2), 0, holders.count};
    const struct bait_order order = {
        desk.operation, &desk.keys, desk.worker, options.word[1],
        request.folder, tell,       &progress};
    if (!status) {
        status = bait_issue(&order, &holders, clock_now, &fault);
    }
    if (status && progress.done > 0) {
        fprintf(stderr,
                "sting: %zu of %zu copies were written; the batch is "
                "committed: make the others with sting bait copy\n",
                progress.done, progress.all);
    }
    return status ? failed(status, options.word[1], &fault) : EXIT_DONE;
}

static int copy_run(int argc, char **argv)
{
    struct bait_request request = {0};
    struct bait_desk desk STING_AUTO(desk_release) = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--out", OPTION_TEXT, &request.folder, 0, 0},
        {"--passphrase-file", OPTION_TEXT, &request.passphrase_file, 0, 0},
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 3,
                              .most_words = 3,
                              .usage =
                                  "sting bait copy OP NAME NUMBER --out DIR"};
    unsigned number = 0;
    char rest = 0;
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && (sscanf(options.word[2], "%9u%c", &number, &rest) != 1 ||
                    number == 0 || !request.folder)) {
        status = fault_set(&fault, STING_E_ARG,
                           "as in sting bait copy OP NAME 7 --out DIR",
                           request.folder ? "the number of the copy is wrong"
                                          : "--out is missing");
    }
    if (status) {
        return failed(STING_E_ARG, "bait copy", &fault);
    }
    status =
        desk_open(&desk, options.word[0], OPERATION_IDENTITY | OPERATION_MARK,
                  request.passphrase_file, &fault);
    if (!status) {
        status = picture_worker_new(&desk.worker, &fault);
    }
    struct progress progress = {request.json, false, 0, 1};
    const struct bait_order order = {
        desk.operation, &desk.keys, desk.worker, options.word[1],
        request.folder, tell,       &progress};
    if (!status) {
        status = bait_again(&order, number, &fault);
    }
    return status ? failed(status, options.word[1], &fault) : EXIT_DONE;
}

static void list_copies(const struct bait *bait,
                        const struct register_list *list, bool as_json)
{
    char when[CLOCK_TEXT_SIZE];
    for (size_t b = 0; b < list->batches; b++) {
        const struct register_batch *batch = &list->batch[b];
        for (uint32_t i = 0; i < batch->copies; i++) {
            const struct register_copy *copy = &batch->copy[i];
            if (!as_json) {
                printf("  %6u  %s  %s\n", copy->number,
                       clock_text(batch->issued_utc_us, when), copy->holder);
                continue;
            }
            struct json *json STING_AUTO(json_free) = json_new_object();
            json_add_text(json, "bait", bait->name);
            json_add_integer(json, "copy", copy->number);
            json_add_text(json, "holder", copy->holder);
            json_add_time(json, "issued", batch->issued_utc_us);
            print_line(json);
        }
    }
}

static enum sting_status list_one(const struct bait_desk *desk,
                                  const char *name, bool as_json,
                                  struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct register_list list STING_AUTO(register_list_release) = {0};
    enum sting_status status =
        bait_load(desk->operation, &desk->keys, name, &bait, fault);
    if (!status) {
        status =
            register_load(desk->operation, &desk->keys, name, &list, fault);
    }
    if (!status) {
        print_added(&bait, NULL, as_json);
        list_copies(&bait, &list, as_json);
    }
    return status;
}

static int list_run(int argc, char **argv)
{
    struct bait_request request = {0};
    struct bait_desk desk STING_AUTO(desk_release) = {0};
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--passphrase-file", OPTION_TEXT, &request.passphrase_file, 0, 0},
        {"--json", OPTION_FLAG, &request.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting bait list OP"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (status) {
        return failed(STING_E_ARG, "bait list", &fault);
    }
    status = desk_open(&desk, options.word[0], OPERATION_IDENTITY,
                       request.passphrase_file, &fault);
    if (!status) {
        status = bait_names_init(desk.operation, &names, &fault);
    }
    for (size_t i = 0; !status && i < names.count; i++) {
        status = list_one(&desk, names.name[i], request.json, &fault);
    }
    if (!status && names.count == 0 && !request.json) {
        puts("No bait yet: sting bait add OP FILE.pdf");
    }
    return status ? failed(status, options.word[0], &fault) : EXIT_DONE;
}

const struct command command_bait_add = {
    "bait add", "register a PDF of your own as bait", add_help, add_run};
const struct command command_bait_issue = {
    "bait issue", "make a copy for each holder", issue_help, issue_run};
const struct command command_bait_list = {
    "bait list", "every bait, and who holds which copy", list_help, list_run};
const struct command command_bait_copy = {
    "bait copy", "make an issued copy again", copy_help, copy_run};
