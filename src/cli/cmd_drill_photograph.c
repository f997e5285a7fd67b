/* sting drill --photograph: a page as a telephone would have taken it. */
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "drill/photograph.h"

static const size_t most_pdf_bytes = 256U << 20;

static const char *default_setting(const struct drill_options *options)
{
    return options->setting ? options->setting : "half-light";
}

static int tell(const struct drill_options *options, size_t bytes)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "photograph", options->out);
    json_add_text(json, "of", options->photograph);
    json_add_integer(json, "page", options->page);
    json_add_text(json, "setting", default_setting(options));
    json_add_integer(json, "seed", options->seed);
    json_add_integer(json, "bytes", (int64_t)bytes);
    if (options->json && !json_line(json, &line)) {
        fputs(buffer_text(&line), stdout);
    }
    return EXIT_DONE;
}

/* What lies beside or over the page; `other` keeps its bytes. */
static enum sting_status other_read(const struct drill_options *options,
                                    struct setting_part *part,
                                    struct buffer *other, struct fault *fault)
{
    const char *path = options->beside ? options->beside : options->over;
    if (!path) {
        return STING_OK;
    }
    enum sting_status status =
        file_read(AT_FDCWD, path, most_pdf_bytes, other, fault);
    part->lay = options->beside ? SETTING_BESIDE : SETTING_OVER;
    part->other = buffer_bytes(other);
    part->other_page = (int)(options->other_page - 1);
    return status;
}

int drill_photograph(const struct drill_options *options)
{
    struct setting setting;
    struct fault fault = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    struct buffer other STING_AUTO(buffer_release) = {0};
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    if (!options->out || (options->beside && options->over)) {
        return drill_usage_fail(
            options->out ? "another page lies --beside or --over, not both"
                         : "--photograph also needs --out X.jpg");
    }
    if (setting_find(default_setting(options), &setting, &fault)) {
        return command_fail(EXIT_USAGE, default_setting(options), &fault);
    }
    setting.part.quarter_turns = (int)(options->turn / 90);
    setting.part.is_mirrored = options->mirror;
    enum sting_status status =
        file_read(AT_FDCWD, options->photograph, most_pdf_bytes, &pdf, &fault);
    status =
        status ? status : other_read(options, &setting.part, &other, &fault);
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
    return tell(options, jpeg.size);
}
