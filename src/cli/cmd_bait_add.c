/* sting bait add: a document of the user's own becomes bait. */
#include <stdio.h>
#include <unistd.h>

#include "cli/bait_desk.h"
#include "cli/command.h"
#include "cli/options.h"

static const char add_help[] =
    "usage: sting bait add OP FILE.pdf [--name NAME] [--faint] [--json]\n"
    "\n"
    "Register a document of your own as bait. It is sealed into the operation\n"
    "with a reference of its pages and an index by which photographs of them\n"
    "are found, a tenth of a second a page; FILE.pdf itself is not changed.\n"
    "Refused: encrypted, signed and damaged PDFs, and those without a page\n"
    "of text.\n"
    "\n"
    "  --name NAME   what it is called here; else made from the file's name\n"
    "  --faint       words move a third as far: a classifier that looks for\n"
    "                marks finds fewer; copies are named from good pictures,\n"
    "                scans and photocopies, rarely from dim photographs\n"
    "  --json        one object: bait, pages, units, max_shift_pt, sha256,\n"
    "                growth, units_left_out, unmarkable_pages\n"
    "\n"
    "example:\n"
    "  sting bait add ops/tank samples/water-tank.pdf\n";

/* On a terminal, once it takes longer than a second; context: since when. */
static void tell_looked(void *context, int page, int pages)
{
    const struct moment *start = context;
    if (clock_now().boot_us - start->boot_us > 1000000) {
        fprintf(stderr, "\rlooked at %d of %d pages%s", page, pages,
                page == pages ? "\n" : "");
    }
}

static int add_run(int argc, char **argv)
{
    const char *name = NULL;
    bool json = false, faint = false;
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct writer *writer STING_AUTO(writer_free) = NULL;
    struct bait bait STING_AUTO(bait_release) = {0};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--name", OPTION_TEXT, &name, 0, 0},
        {"--faint", OPTION_FLAG, &faint, 0, 0},
        {"--json", OPTION_FLAG, &json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting bait add OP FILE.pdf"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (status) {
        return command_failed(STING_E_ARG, "bait add", &fault);
    }
    status = bait_desk_open(&desk, options.word[0], 0, NULL, &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    status = picture_worker_new(&desk.worker, &fault);
    if (!status) {
        status = writer_open(desk.operation, clock_now, &writer, &fault);
    }
    if (!status) {
        const struct bait_candidate candidate = {
            desk.operation, writer, desk.worker, options.word[1], name, faint};
        status = bait_add(&candidate, &bait, &fault);
    }
    if (!status) {
        status = writer_close(&writer, &fault);
    }
    /* It takes long: other commands may write meanwhile. */
    if (!status) {
        struct moment start = clock_now();
        status = bait_look(desk.operation, desk.worker, &bait,
                           isatty(2) ? tell_looked : NULL, &start, &fault);
    }
    if (status) {
        return command_failed(status, options.word[1], &fault);
    }
    struct picture_budget budget = picture_pdf_budget(desk.worker);
    bait_print_added(&bait, &budget, json);
    return EXIT_DONE;
}

const struct command command_bait_add = {
    "bait add", "register a PDF of your own as bait", add_help, add_run};
