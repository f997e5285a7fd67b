/* sting drill: would we have caught it? Photographs, a scene, a campaign. */
#include "cli/cmd_drill.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "drill/campaign.h"

enum option_key {
    KEY_PHOTOGRAPH = 256,
    KEY_PAGE,
    KEY_SETTING,
    KEY_OUT,
    KEY_CAMERA,
    KEY_PAGES,
    KEY_QUIET,
    KEY_FOR,
    KEY_SEED,
    KEY_INTRUDERS,
    KEY_PHOTOGRAPHS,
    KEY_PASSPHRASE,
    KEY_JSON,
};

static const struct option option[] = {
    {"photograph", required_argument, NULL, KEY_PHOTOGRAPH},
    {"page", required_argument, NULL, KEY_PAGE},
    {"setting", required_argument, NULL, KEY_SETTING},
    {"out", required_argument, NULL, KEY_OUT},
    {"camera", required_argument, NULL, KEY_CAMERA},
    {"pages", required_argument, NULL, KEY_PAGES},
    {"quiet", required_argument, NULL, KEY_QUIET},
    {"for", required_argument, NULL, KEY_FOR},
    {"seed", required_argument, NULL, KEY_SEED},
    {"intruders", required_argument, NULL, KEY_INTRUDERS},
    {"photographs", required_argument, NULL, KEY_PHOTOGRAPHS},
    {"passphrase-file", required_argument, NULL, KEY_PASSPHRASE},
    {"json", no_argument, NULL, KEY_JSON},
    {0},
};

int drill_usage_fail(const char *why)
{
    struct fault fault;
    fault_set(&fault, STING_E_ARG, "see sting drill --help", "%s", why);
    return command_fail(EXIT_USAGE, "drill", &fault);
}

static bool number_read(const char *text, long low, long high, long *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < low || value > high) {
        return false;
    }
    *out = value;
    return true;
}

static bool seconds_read(const char *text, double low, double *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= low) || !(value <= 86400)) {
        return false;
    }
    *out = value;
    return true;
}

/* Options that take a text as it is. */
static const char **text_of(struct drill_options *options, int key)
{
    switch (key) {
    case KEY_PHOTOGRAPH:
        return &options->photograph;
    case KEY_SETTING:
        return &options->setting;
    case KEY_OUT:
        return &options->out;
    case KEY_CAMERA:
        return &options->camera;
    case KEY_PAGES:
        return &options->pages;
    case KEY_PASSPHRASE:
        return &options->passphrase_file;
    default:
        return NULL;
    }
}

static bool option_take(struct drill_options *options, int key,
                        const char *value)
{
    const char **text = text_of(options, key);
    if (text) {
        *text = value;
        return true;
    }
    switch (key) {
    case KEY_PAGE:
        return number_read(value, 1, 100000, &options->page);
    case KEY_SEED:
        return number_read(value, 0, 1000000000, &options->seed);
    case KEY_INTRUDERS:
        return number_read(value, 0, CAMPAIGN_MOST, &options->intruders);
    case KEY_PHOTOGRAPHS:
        return number_read(value, 0, CAMPAIGN_MOST, &options->photographs);
    case KEY_QUIET:
        return seconds_read(value, 1, &options->quiet_s);
    case KEY_FOR:
        return seconds_read(value, 0.1, &options->for_s);
    case KEY_JSON:
        options->json = true;
        return true;
    default:
        return false;
    }
}

static bool options_read(int argc, char **argv, struct drill_options *options)
{
    int key;
    optind = 1;
    opterr = 0;
    while ((key = getopt_long(argc, argv, "", option, NULL)) != -1) {
        if (!option_take(options, key, optarg)) {
            return false;
        }
    }
    options->operation = optind < argc ? argv[optind] : NULL;
    return optind + 1 >= argc;
}

static int drill_run(int argc, char **argv)
{
    struct drill_options options = {.setting = "half-light",
                                    .page = 1,
                                    .quiet_s = 16,
                                    .intruders = -1,
                                    .photographs = -1,
                                    .seed = 1};
    if (!options_read(argc, argv, &options)) {
        return drill_usage_fail("these options cannot be read");
    }
    if (options.photograph) {
        return drill_photograph(&options);
    }
    if (options.camera) {
        return drill_camera(&options);
    }
    if (!options.operation && options.intruders < 0 &&
        options.photographs < 0) {
        return drill_usage_fail("nothing was asked for");
    }
    options.intruders = options.intruders < 0 ? 10 : options.intruders;
    if (options.photographs < 0) {
        options.photographs = options.operation ? 10 : 0;
    }
    return drill_campaign(&options);
}

const struct command command_drill = {
    "drill", "would we have caught it? measured before it matters",
    "usage: sting drill OP [--intruders N] [--photographs N] [--seed N]\n"
    "                   [--passphrase-file F]\n"
    "       sting drill --photograph COPY.pdf --out X.jpg [--page P]\n"
    "                   [--setting NAME] [--seed N]\n"
    "       sting drill --camera ADDRESS:PORT [--pages COPY.pdf] [--seed N]\n"
    "                   [--quiet S] [--for S]\n"
    "\n"
    "With OP: random intruders in a rendered garage before the detector, and\n"
    "random photographs of issued copies before the reader; both rates with\n"
    "their exact 95 % intervals, written into the ledger.\n"
    "\n"
    "  --intruders   how many come in (10)\n"
    "  --photographs how many are taken (10)\n"
    "  --photograph  photograph a page as a telephone would have taken it\n"
    "  --setting     desk, room, half-light (default), crop, dim-room, "
    "garage,\n"
    "                far or dungeon; each also with -half or -quarter\n"
    "  --camera      be a network camera in a half-lit garage: two figures\n"
    "                come in, photograph the pages on the table and leave; "
    "two\n"
    "                more burst in. Prints what happens when; begins with the\n"
    "                first client; ends with Ctrl-C\n"
    "  --pages       what lies on the table\n"
    "  --quiet       seconds before anybody comes (16)\n"
    "  --for         end so many seconds after the first frame\n"
    "  --seed        decides everything random: same seed, same picture\n"
    "  --json        one object a line\n"
    "\n"
    "example: sting drill garage\n"
    "         sting drill --photograph copy.pdf --page 2 --setting garage \\\n"
    "                     --out photo.jpg\n"
    "         sting drill --camera 127.0.0.1:8554\n",
    drill_run};
