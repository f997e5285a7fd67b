/* sting bait strength: what photographs will tell, page by page. */
#include "cli/access_options.h"
#include "cli/bait_desk.h"
#include "cli/bait_handover.h"
#include "cli/bait_strength.h"
#include "cli/command.h"
#include "cli/options.h"

static const char help[] =
    "usage: sting bait strength OP NAME [--copies N] [--json]\n"
    "                          [--passphrase-file FILE] [--reason TEXT]\n"
    "\n"
    "Tell page by page, before anything is printed, how strongly a photograph\n"
    "of a full, a half or a quarter page will speak for its copy: in good\n"
    "light, in half-light, in a dark garage, and, once a hand-over has been\n"
    "confirmed (sting bait confirm), with that printer and telephone.\n"
    "\n"
    "  --copies N    that will be issued; else those that were\n"
    "  --json        one object a page, setting and part: bait, page, units,\n"
    "                setting, part, log10_lr, low, named, says\n"
    "\n"
    "Predicted for a simulated telephone; what paper and camera really do is\n"
    "measured at the hand-over.\n"
    "\n"
    "example:\n"
    "  sting bait strength ops/tank water-tank --copies 20\n";

static enum sting_status tell(const struct bait_desk *desk, const char *name,
                              int64_t copies, bool json, struct fault *fault)
{
    struct bait bait STING_AUTO(bait_release) = {0};
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct bait_strength strength;
    struct mark_noise noise;
    enum sting_status status =
        bait_load(desk->operation, &desk->keys, name, &bait, fault);
    if (!status) {
        status =
            register_load(desk->operation, &desk->keys, name, &list, fault);
    }
    if (!status) {
        status = bait_noise_measured(desk, &list, &noise, fault);
    }
    if (status) {
        return status;
    }
    for (size_t b = 0; copies == 0 && b < list.batches; b++) {
        copies += list.batch[b].copies;
    }
    bait_strength_init(&strength, &bait, (double)copies);
    bait_strength_measured(&strength, &noise);
    return bait_strength_table(&strength, json);
}

static int run(int argc, char **argv)
{
    struct bait_desk desk STING_AUTO(bait_desk_release) = {0};
    struct access_options asked = {0};
    int64_t copies = 0;
    bool json = false;
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--copies", OPTION_NUMBER, &copies, 1, 100000000},
        ACCESS_PASSPHRASE(&asked),
        ACCESS_BY(&asked),
        ACCESS_REASON(&asked),
        {"--json", OPTION_FLAG, &json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 2,
                              .most_words = 2,
                              .usage = "sting bait strength OP NAME"};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_failed(STING_E_ARG, "bait strength", &fault);
    }
    const struct access access = access_of(&asked, "bait strength", NULL);
    enum sting_status status = bait_desk_open(
        &desk, options.word[0], OPERATION_IDENTITY, &access, &fault);
    if (status) {
        return command_failed(status, options.word[0], &fault);
    }
    status = tell(&desk, options.word[1], copies, json, &fault);
    return status ? command_failed(status, options.word[1], &fault) : EXIT_DONE;
}

const struct command command_bait_strength = {
    "bait strength", "what a photograph will tell, page by page", help, run};
