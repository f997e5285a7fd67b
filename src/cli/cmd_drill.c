/* sting drill: would we have caught it? Photographs, a scene, a campaign. */
#include "cli/cmd_drill.h"

#include <stdlib.h>

#include "cli/options.h"
#include "drill/campaign.h"
#include "drill/eye.h"

static const char usage[] = "sting drill OP, or --photograph, or --camera";

static const char help[] =
    "usage: sting drill OP [--intruders N] [--photographs N] [--setting NAME]\n"
    "                   [--team S] [--seed N] [ACCESS]\n"
    "       sting drill OP --footage CLIP | --at CAMERA --from TIME --to TIME\n"
    "                   [--people CLIP] [--intruders N] [--team S [--stay S]]\n"
    "                   [--seed N] [ACCESS]\n"
    "       sting drill OP --walk [--team S] [--at CAMERA] [--by WHO]\n"
    "       sting drill OP --watched\n"
    "       sting drill OP --eye PAGE.html [--pairs N] [--name BAIT]\n"
    "       sting drill OP --eye-score ANSWERS.json\n"
    "       sting drill --photograph COPY.pdf --out X.jpg [--page P]\n"
    "                   [--setting NAME] [--seed N]\n"
    "       sting drill --camera ADDRESS:PORT [--pages COPY.pdf] [--seed N]\n"
    "                   [--quiet S] [--for S]\n"
    "\n"
    "With OP: intruders in a rendered garage before the detector, photographs\n"
    "of issued copies before the reader; rates with exact 95 % intervals,\n"
    "written into the ledger. ACCESS: --passphrase-file F, --reason TEXT.\n"
    "\n"
    "  --intruders   how many come in (10; into footage 60)\n"
    "  --team        seconds that your team needs from the alert to the "
    "table:\n"
    "                how many would it have met there?\n"
    "  --stay        seconds that somebody stays where he stops, in footage;\n"
    "                not said, 3 to 9, and a table by longer stays\n"
    "  --photographs how many are taken (10)\n"
    "  --setting     of all of them; without, one of four in fair light\n"
    "  --footage     intruders come into your own quiet footage, two minutes\n"
    "                or more, with its camera's noise, coded as it codes, in\n"
    "                the zones of camera --at; told by light, size, path and\n"
    "                speed. First it is played with nobody put in: is it "
    "quiet?\n"
    "  --at, --from, --to  the same into what that camera recorded\n"
    "  --people      every other one is cut out of this clip, in which people\n"
    "                walk before the same camera\n"
    "  --walk        while the station runs, one of yours presses Enter at "
    "the\n"
    "                door, walks, presses Enter again when he is out, as "
    "often\n"
    "                as he likes: was he told of, and in time for the team?\n"
    "                Each walk is a line of the ledger; no statistic counts\n"
    "                it as a visit\n"
    "  --at          in the room of that camera, where there are several\n"
    "  --watched     what the ledger says: the share of each bait's hours "
    "under\n"
    "                a camera that saw, and what was not; walk tests so far;\n"
    "                visits that neither of two cameras saw, estimated\n"
    "  --eye         write a page with pairs of pictures, original and copy,\n"
    "                for somebody to tell apart; it saves the answers\n"
    "  --pairs       how many (20)\n"
    "  --name        of which bait (the first)\n"
    "  --eye-score   count what was answered rightly; half is guessing\n"
    "  --photograph  photograph a page as a telephone would have taken it,\n"
    "                or as a scanner, a fax or a screen shows it\n"
    "  --setting     by telephone: desk, room, half-light (default), crop,\n"
    "                dim-room, garage, garage70, far, dungeon, screen-photo,\n"
    "                photocopy3-photo, photocopy3-garage; each also with "
    "-half,\n"
    "                -quarter, -quarter250 (with so many words), -words60.\n"
    "                Otherwise: scan150, scan300, photocopy1, photocopy3, "
    "fax,\n"
    "                screenshot, screenshot150\n"
    "  --turn        the picture by 90, 180 or 270 degrees\n"
    "  --mirror      left is right\n"
    "  --beside, --over  another PDF whose page lies beside, or over a corner\n"
    "  --other-page  which page of that one (1)\n"
    "  --camera      be a network camera in a half-lit garage: two figures\n"
    "                photograph the pages on the table and leave; two more\n"
    "                burst in. Prints what happens when; ends with Ctrl-C\n"
    "  --pages       what lies on the table\n"
    "  --quiet       seconds before anybody comes (16)\n"
    "  --for         end so many seconds after the first frame\n"
    "  --seed        decides everything random\n"
    "  --json        one object a line\n"
    "\n"
    "example: sting drill garage\n"
    "         sting drill garage --footage quiet-evening.mp4 --team 45\n"
    "         sting drill --photograph copy.pdf --setting garage --out p.jpg\n"
    "         sting drill --camera 127.0.0.1:8554\n";

int drill_usage_fail(const char *why)
{
    struct fault fault;
    fault_set(&fault, STING_E_ARG, "see sting drill --help", "%s", why);
    return command_fail(EXIT_USAGE, "drill", &fault);
}

static bool seconds_read(const char *text, double low, double *out)
{
    char *end;
    if (!text) {
        return true;
    }
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= low) || !(value <= 86400)) {
        return false;
    }
    *out = value;
    return true;
}

/* Parts that are about one operation. */
static int (*part_of(const struct drill_options *options))(
    const struct drill_options *)
{
    return options->walk      ? drill_walk
           : options->watched ? drill_watched
           : options->footage || options->from_us || options->to_us
               ? drill_footage
           : options->eye       ? drill_eye
           : options->eye_score ? drill_eye_score
                                : NULL;
}

static int campaign_choose(struct drill_options *options)
{
    bool is_asked = options->intruders >= 0 || options->photographs >= 0;
    if (options->people) {
        return drill_usage_fail("--people needs --footage, or --from and --to");
    }
    if (!options->operation && !is_asked) {
        return drill_usage_fail("nothing was asked for");
    }
    options->intruders = options->intruders < 0 ? 10 : options->intruders;
    if (options->photographs < 0) {
        options->photographs = options->operation ? 10 : 0;
    }
    return drill_campaign(options);
}

static int drill_choose(struct drill_options *options)
{
    int (*part)(const struct drill_options *) = part_of(options);
    if (options->photograph) {
        return drill_photograph(options);
    }
    if (options->camera) {
        return drill_camera(options);
    }
    if (part) {
        return options->operation ? part(options)
                                  : drill_usage_fail("this needs OP");
    }
    return campaign_choose(options);
}

static int drill_run(int argc, char **argv)
{
    struct drill_options got = {.page = 1,
                                .other_page = 1,
                                .quiet_s = 16,
                                .team_s = -1,
                                .stay_s = -1,
                                .intruders = -1,
                                .photographs = -1,
                                .pairs = 20,
                                .seed = 1};
    const char *quiet = NULL;
    const char *for_s = NULL;
    const char *team = NULL;
    const char *stay = NULL;
    struct fault fault = {0};
    const struct option option[] = {
        {"--photograph", OPTION_TEXT, &got.photograph, 0, 0},
        {"--page", OPTION_NUMBER, &got.page, 1, 100000},
        {"--setting", OPTION_TEXT, &got.setting, 0, 0},
        {"--out", OPTION_TEXT, &got.out, 0, 0},
        {"--turn", OPTION_NUMBER, &got.turn, 0, 270},
        {"--mirror", OPTION_FLAG, &got.mirror, 0, 0},
        {"--beside", OPTION_TEXT, &got.beside, 0, 0},
        {"--over", OPTION_TEXT, &got.over, 0, 0},
        {"--other-page", OPTION_NUMBER, &got.other_page, 1, 100000},
        {"--camera", OPTION_TEXT, &got.camera, 0, 0},
        {"--pages", OPTION_TEXT, &got.pages, 0, 0},
        {"--quiet", OPTION_TEXT, &quiet, 0, 0},
        {"--for", OPTION_TEXT, &for_s, 0, 0},
        {"--team", OPTION_TEXT, &team, 0, 0},
        {"--stay", OPTION_TEXT, &stay, 0, 0},
        {"--seed", OPTION_NUMBER, &got.seed, 0, 1000000000},
        {"--intruders", OPTION_NUMBER, &got.intruders, 0, CAMPAIGN_MOST},
        {"--photographs", OPTION_NUMBER, &got.photographs, 0, CAMPAIGN_MOST},
        {"--eye", OPTION_TEXT, &got.eye, 0, 0},
        {"--eye-score", OPTION_TEXT, &got.eye_score, 0, 0},
        {"--pairs", OPTION_NUMBER, &got.pairs, 1, EYE_MOST_PAIRS},
        {"--name", OPTION_TEXT, &got.bait, 0, 0},
        {"--watched", OPTION_FLAG, &got.watched, 0, 0},
        {"--walk", OPTION_FLAG, &got.walk, 0, 0},
        {"--at", OPTION_TEXT, &got.at, 0, 0},
        {"--footage", OPTION_TEXT, &got.footage, 0, 0},
        {"--people", OPTION_TEXT, &got.people, 0, 0},
        {"--from", OPTION_TIME, &got.from_us, 0, 0},
        {"--to", OPTION_TIME, &got.to_us, 0, 0},
        ACCESS_PASSPHRASE(&got.access),
        ACCESS_BY(&got.access),
        ACCESS_REASON(&got.access),
        {"--json", OPTION_FLAG, &got.json, 0, 0},
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .most_words = 1,
                              .usage = usage};
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "drill", &fault);
    }
    if (!seconds_read(quiet, 1, &got.quiet_s) ||
        !seconds_read(for_s, 0.1, &got.for_s) ||
        !seconds_read(team, 0, &got.team_s) ||
        !seconds_read(stay, 1, &got.stay_s) || got.turn % 90) {
        return drill_usage_fail("these numbers cannot be read");
    }
    if (stay && (!team || !(got.footage || got.from_us || got.to_us))) {
        return drill_usage_fail("--stay needs --team, and --footage or --from "
                                "and --to");
    }
    got.operation = options.words ? options.word[0] : NULL;
    return drill_choose(&got);
}

const struct command command_drill = {
    "drill", "would we have caught it? measured before it matters", help,
    drill_run};
