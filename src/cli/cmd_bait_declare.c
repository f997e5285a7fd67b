/* sting bait declare: facts to be planted in the copies of a document. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>

#include "bait/declare.h"
#include "base/file.h"
#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/command.h"
#include "cli/options.h"

static const char help[] =
    "usage: sting bait declare OP NAME FILE [--passphrase-file F]\n"
    "                         [--reason TEXT] [--json]\n"
    "\n"
    "Plant facts in a document before its first copy is issued, so that text\n"
    "that is typed off or read aloud gives the copy too (sting trace OP "
    "--text\n"
    "FILE). What is planted is sealed and committed in the ledger first.\n"
    "\n"
    "FILE has one fact a line, as it stands in the document; in brackets what\n"
    "differs from copy to copy. You choose what may be untrue:\n"
    "  The tank holds [4,2##] litres     each copy has its own digits\n"
    "  painted [grey|gray] in spring     each copy has one of these, the "
    "first\n"
    "                                    of which is what the document says\n"
    "  set to 3.17 bar                   the same in all: proves the document\n"
    "\n"
    "Refused where the document's font lacks a letter, or where the line "
    "would\n"
    "grow or shrink so that it shows. Three free digits tell 1000 copies\n"
    "apart; to name one of 100 beyond doubt takes 9 of them, quoted.\n"
    "\n"
    "example:\n"
    "  sting bait declare ops/tank water-tank facts.txt\n";

static double bits_of(const struct fact_sheet *sheet)
{
    double bits = 0;
    for (uint32_t i = 0; i < sheet->facts; i++) {
        bits += log2(fact_choices(&sheet->fact[i]));
    }
    return bits;
}

static void print_json(const struct fact_sheet *sheet)
{
    char pt[DIGEST_TEXT_SIZE];
    for (uint32_t i = 0; i < sheet->facts; i++) {
        struct json *json STING_AUTO(json_free) = json_new_object();
        const struct fact *fact = &sheet->fact[i];
        uint32_t choices = fact_choices(fact);
        json_add_text(json, "bait", sheet->bait);
        json_add_integer(json, "fact", i + 1);
        json_add_integer(json, "page", fact->page + 1);
        json_add_text(json, "before", fact->before);
        json_add_text(json, "after", fact->after);
        json_add_integer(json, "choices", choices);
        json_add_text(json, "facts_sha256", digest_text(sheet->pt, pt));
        bait_print_line(json);
    }
}

static void print_words(const struct fact_sheet *sheet)
{
    uint32_t own = 0;
    for (uint32_t i = 0; i < sheet->facts; i++) {
        own += fact_choices(&sheet->fact[i]) > 1;
    }
    printf("%u facts declared and committed: %u differ from copy to copy\n"
           "(%.0f bits, all of them quoted), %u prove the document.\n",
           sheet->facts, own, bits_of(sheet), sheet->facts - own);
}

static int declare(const char *path, const char *bait, const char *file,
                   const struct access_options *asked, bool json)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct fact_sheet sheet STING_AUTO(fact_sheet_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    enum sting_status status =
        file_read(AT_FDCWD, file, DECLARE_MOST_BYTES, &text, &fault);
    if (status) {
        return command_failed(status, file, &fault);
    }
    const struct access access = access_of(asked, "bait declare", bait);
    status = bait_desk_open(&desk, path, OPERATION_IDENTITY, &access, &fault);
    if (status) {
        return command_failed(status, path, &fault);
    }
    status = picture_worker_new(&desk.worker, &fault);
    const struct bait_order order = {.operation = desk.operation,
                                     .keys = &desk.keys,
                                     .worker = desk.worker,
                                     .bait = bait};
    if (!status) {
        status = bait_declare(&order, buffer_bytes(&text), clock_now, &sheet,
                              &fault);
    }
    if (status) {
        return command_failed(status, bait, &fault);
    }
    if (json) {
        print_json(&sheet);
    } else {
        print_words(&sheet);
    }
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct access_options access = {0};
    bool json = false;
    struct fault fault = {"", ""};
    const struct option option[] = {
        ACCESS_PASSPHRASE(&access),
        ACCESS_BY(&access),
        ACCESS_REASON(&access),
        {"--json", OPTION_FLAG, &json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 3,
                              .most_words = 3,
                              .usage = "sting bait declare OP NAME FILE"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_failed(STING_E_ARG, "bait declare", &fault);
    }
    return declare(options.word[0], options.word[1], options.word[2], &access,
                   json);
}

const struct command command_bait_declare = {
    "bait declare", "plant facts that give away retyped text", help, run};
