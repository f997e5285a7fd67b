/* sting drill: would we have caught it? Photographs, a scene, a campaign. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "drill/photograph.h"

static const size_t most_pdf_bytes = 256U << 20;

struct options {
    const char *photograph;
    const char *setting;
    const char *out;
    long page;
    long seed;
    bool json;
    const char *rest;
};

enum option_key {
    KEY_PHOTOGRAPH = 256,
    KEY_PAGE,
    KEY_SETTING,
    KEY_SEED,
    KEY_OUT,
    KEY_JSON
};

static const struct option option[] = {
    {"photograph", required_argument, NULL, KEY_PHOTOGRAPH},
    {"page", required_argument, NULL, KEY_PAGE},
    {"setting", required_argument, NULL, KEY_SETTING},
    {"seed", required_argument, NULL, KEY_SEED},
    {"out", required_argument, NULL, KEY_OUT},
    {"json", no_argument, NULL, KEY_JSON},
    {0},
};

static int usage_fail(const char *what, const char *why)
{
    struct fault fault;
    fault_set(&fault, STING_E_ARG, "see sting drill --help", "%s", why);
    return command_fail(EXIT_USAGE, what, &fault);
}

static bool number_read(const char *text, long low, long *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < low) {
        return false;
    }
    *out = value;
    return true;
}

static bool option_take(struct options *options, int key, const char *value)
{
    switch (key) {
    case KEY_PHOTOGRAPH:
        options->photograph = value;
        return true;
    case KEY_SETTING:
        options->setting = value;
        return true;
    case KEY_OUT:
        options->out = value;
        return true;
    case KEY_JSON:
        options->json = true;
        return true;
    case KEY_PAGE:
        return number_read(value, 1, &options->page);
    case KEY_SEED:
        return number_read(value, 0, &options->seed);
    default:
        return false;
    }
}

static bool options_read(int argc, char **argv, struct options *options)
{
    int key;
    optind = 1;
    opterr = 0;
    while ((key = getopt_long(argc, argv, "", option, NULL)) != -1) {
        if (!option_take(options, key, optarg)) {
            return false;
        }
    }
    options->rest = optind < argc ? argv[optind] : NULL;
    return optind + 1 >= argc;
}

static int photograph_tell(const struct options *options, size_t bytes)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "photograph", options->out);
    json_add_text(json, "of", options->photograph);
    json_add_integer(json, "page", options->page);
    json_add_text(json, "setting", options->setting);
    json_add_integer(json, "seed", options->seed);
    json_add_integer(json, "bytes", (int64_t)bytes);
    if (options->json && !json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    }
    return EXIT_DONE;
}

static int photograph_run(const struct options *options)
{
    struct setting setting;
    struct fault fault;
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    if (!options->out) {
        return usage_fail("drill", "--photograph also needs --out X.jpg");
    }
    if (setting_find(options->setting, &setting, &fault)) {
        return command_fail(EXIT_USAGE, options->setting, &fault);
    }
    enum sting_status status =
        file_read(AT_FDCWD, options->photograph, most_pdf_bytes, &pdf, &fault);
    status = status ? status
                    : photograph_take(buffer_bytes(&pdf),
                                      (int)(options->page - 1), &setting,
                                      (uint64_t)options->seed, &jpeg, &fault);
    if (status) {
        return command_fail(EXIT_FAILED, options->photograph, &fault);
    }
    if (file_write(AT_FDCWD, options->out, buffer_bytes(&jpeg), 0644, &fault)) {
        return command_fail(EXIT_FAILED, options->out, &fault);
    }
    return photograph_tell(options, jpeg.size);
}

static int drill_run(int argc, char **argv)
{
    struct options options = {.setting = "half-light", .page = 1, .seed = 1};
    if (!options_read(argc, argv, &options)) {
        return usage_fail("drill", "these options cannot be read");
    }
    if (options.photograph) {
        return photograph_run(&options);
    }
    return usage_fail("drill", "nothing was asked for");
}

const struct command command_drill = {
    "drill", "would we have caught it? measured before it matters",
    "usage: sting drill --photograph COPY.pdf --out X.jpg [--page P]\n"
    "                   [--setting NAME] [--seed N]\n"
    "\n"
    "  --photograph  photograph a page as a telephone would have taken it\n"
    "  --setting     desk, room, half-light (default), crop, dim-room, "
    "garage,\n"
    "                far or dungeon; each also with -half or -quarter\n"
    "  --seed        where camera, lamp and hand are; same seed, same picture\n"
    "\n"
    "example: sting drill --photograph copy.pdf --page 2 --setting garage \\\n"
    "                     --out photo.jpg\n",
    drill_run};
