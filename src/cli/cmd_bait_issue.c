/* sting bait issue: a batch of copies, each invisibly its own. */
#include <stdio.h>
#include <unistd.h>

#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/bait_progress.h"
#include "cli/bait_strength.h"
#include "cli/command.h"
#include "cli/options.h"

static const char help[] =
    "usage: sting bait issue OP NAME (--to HOLDER... | --holders FILE.csv)\n"
    "                       (--out DIR | --register-only) [--json]\n"
    "                       [--passphrase-file FILE] [--reason TEXT]\n"
    "\n"
    "Make one copy for each holder, each invisibly its own, as\n"
    "DIR/HOLDER/FILE.pdf with the original's file name and date. The batch\n"
    "is committed in the ledger before the first file exists.\n"
    "Interrupted, it goes on when the same command is run again: nobody gets\n"
    "two numbers, and what is written already is compared.\n"
    "In a blind operation the numbers follow no order of the list.\n"
    "Before the first file it is told what a photograph of a full, a half and\n"
    "a quarter page will be worth (page by page: sting bait strength).\n"
    "\n"
    "  --to HOLDER...     people or places that get a copy\n"
    "  --holders FILE.csv the same from a table in UTF-8, up to a million:\n"
    "                     the column \"holder\", \"name\" or \"recipient\", "
    "or\n"
    "                     the only one; other columns are ignored. A name\n"
    "                     that holds a comma is put in quotes. How many\n"
    "                     holders and which column is told first\n"
    "  --column NAME      the column of the table that holds the names\n"
    "  --out DIR          where the copies are written; nothing there is\n"
    "                     ever replaced. Not inside OP: the record keeps no\n"
    "                     copy in clear\n"
    "  --register-only    number, register and commit them, and write no\n"
    "                     file: sting bait copy writes any of them later\n"
    "  --new-only         leave out who has a copy of it already\n"
    "  --again            give one more copy to who has one already\n"
    "  --check-all        read and draw every file beside the original before\n"
    "                     it is given out, not only the first and each 256th\n"
    "  --json             one object a copy: bait, copy, holder, file, pages,\n"
    "                     units, max_shift_pt, sha256, checked,\n"
    "                     unmarkable_pages\n"
    "\n"
    "example:\n"
    "  sting bait issue ops/tank water-tank --to 'Workshop 3' 'Front desk' \\\n"
    "    --out copies\n";

struct request {
    const char *folder;
    struct access_options access;
    const char *holders_file;
    const char *column;
    struct option_texts to;
    bool register_only, new_only, again, check_all, json;
};

static enum sting_status request_check(const struct request *request,
                                       struct fault *fault)
{
    if (!request->folder && !request->register_only) {
        return fault_set(fault, STING_E_ARG,
                         "say where with --out DIR, or --register-only",
                         "there is no folder for the copies");
    }
    if (request->folder && request->register_only) {
        return fault_set(fault, STING_E_ARG, "leave one of them out",
                         "--register-only writes no file to --out");
    }
    if (request->again && request->new_only) {
        return fault_set(fault, STING_E_ARG, "leave one of them out",
                         "--again and --new-only contradict each other");
    }
    return STING_OK;
}

static enum sting_status holders_read(const struct request *request,
                                      struct holders *holders,
                                      struct fault *fault)
{
    enum sting_status status = request_check(request, fault);
    for (size_t i = 0; !status && i < request->to.count; i++) {
        status =
            holders_add(holders, bytes_of_text(request->to.text[i]), fault);
    }
    if (!status && request->holders_file) {
        status = holders_load(holders, request->holders_file, request->column,
                              fault);
    }
    if (!status && holders->list.count == 0) {
        status = fault_set(fault, STING_E_ARG,
                           "name them with --to HOLDER... or --holders FILE",
                           "there is no holder");
    }
    return status;
}

/* What was made of the table, while nothing is committed yet. */
static void table_tell(const struct request *request,
                       const struct holders *holders)
{
    const struct holder_list *list = &holders->list;
    uint32_t first = (uint32_t)request->to.count;
    if (!request->holders_file || list->count <= first) {
        return;
    }
    fprintf(stderr, "sting: the table: %u holders, ", list->count - first);
    if (holders->column) {
        fprintf(stderr, "of the column \"%s\"\n", holders->column);
    } else {
        fprintf(stderr,
                "its first line \"%s\" among them: if that is the heading, "
                "say --column\n",
                holder_list_at(list, first));
    }
}

static enum sting_status parse(int argc, char **argv, struct request *request,
                               struct options *out, struct fault *fault)
{
    const struct option option[] = {
        {"--to", OPTION_TEXTS, &request->to, 0, 0},
        {"--holders", OPTION_TEXT, &request->holders_file, 0, 0},
        {"--column", OPTION_TEXT, &request->column, 0, 0},
        {"--out", OPTION_TEXT, &request->folder, 0, 0},
        {"--register-only", OPTION_FLAG, &request->register_only, 0, 0},
        {"--new-only", OPTION_FLAG, &request->new_only, 0, 0},
        {"--again", OPTION_FLAG, &request->again, 0, 0},
        {"--check-all", OPTION_FLAG, &request->check_all, 0, 0},
        ACCESS_PASSPHRASE(&request->access),
        ACCESS_BY(&request->access),
        ACCESS_REASON(&request->access),
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

/* In words, what a run came to. */
static void print_batch(const struct request *request,
                        const struct bait_batch *batch,
                        const struct bait_progress *progress)
{
    if (request->json) {
        return;
    }
    if (batch->copies == 0) {
        puts("All of them have a copy already.");
    } else if (request->register_only) {
        printf("Copies %u to %u %s registered and committed. To write one: "
               "sting bait copy\n",
               batch->first, batch->first + batch->copies - 1,
               batch->was_there ? "were already" : "are");
    } else if (progress->there > 0) {
        printf("%zu copies written, %zu were there already.\n",
               progress->written, progress->there);
    }
}

/* What the copies will be worth, before one of them is printed. */
static enum sting_status tell_strength(void *context, const struct bait *bait,
                                       uint32_t copies)
{
    const struct bait_progress *progress = context;
    struct bait_strength strength;
    if (progress->json) {
        return STING_OK;
    }
    bait_print_unmarkable(bait);
    bait_strength_init(&strength, bait, copies);
    return bait_strength_words(&strength);
}

static int issue(const struct request *request, struct options *options,
                 struct holders *holders)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct bait_progress progress;
    struct bait_batch batch = {0};
    struct fault fault = {"", ""};
    const struct access access =
        access_of(&request->access, "bait issue", NULL);
    enum sting_status status = bait_desk_open(
        &desk, options->word[0],
        OPERATION_IDENTITY | OPERATION_MARK | OPERATION_NAMES, &access, &fault);
    if (status) {
        return command_failed(status, options->word[0], &fault);
    }
    status = picture_worker_new(&desk.worker, &fault);
    bait_progress_init(&progress, request->json);
    const struct bait_order order = {.operation = desk.operation,
                                     .keys = &desk.keys,
                                     .worker = desk.worker,
                                     .bait = options->word[1],
                                     .folder = request->folder,
                                     .again = request->again,
                                     .only_new = request->new_only,
                                     .check_all = request->check_all,
                                     .sink = bait_progress_sink,
                                     .ready = tell_strength,
                                     .step = bait_progress_step,
                                     .repacked = bait_progress_repacked,
                                     .stopped = bait_is_stopped,
                                     .context = &progress};
    if (!status) {
        bait_stop_at_interrupt();
        status = bait_issue(&order, holders, clock_now, &batch, &fault);
    }
    if (status && batch.copies > 0) {
        fprintf(stderr,
                "sting: copies %u to %u are committed, %zu of them written: "
                "the same command goes on from here\n",
                batch.first, batch.first + batch.copies - 1,
                progress.written + progress.there);
    }
    if (status) {
        return command_failed(status, options->word[1], &fault);
    }
    print_batch(request, &batch, &progress);
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    static struct request request;
    struct holders holders STING_AUTO(holders_release) = {0};
    struct options options;
    struct fault fault = {"", ""};
    enum sting_status status = parse(argc, argv, &request, &options, &fault);
    if (!status) {
        status = holders_read(&request, &holders, &fault);
    }
    if (!status) {
        table_tell(&request, &holders);
    }
    return status ? command_failed(status, "bait issue", &fault)
                  : issue(&request, &options, &holders);
}

const struct command command_bait_issue = {
    "bait issue", "make a copy for each holder", help, run};
