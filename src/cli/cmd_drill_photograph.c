/* sting drill --photograph: a page as a telephone would have taken it. */
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/cmd_drill.h"
#include "drill/photograph.h"

static const size_t most_pdf_bytes = 256U << 20;

static int tell(const struct drill_options *options, size_t bytes)
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

int drill_photograph(const struct drill_options *options)
{
    struct setting setting;
    struct fault fault = {0};
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    struct buffer jpeg STING_AUTO(buffer_release) = {0};
    if (!options->out) {
        return drill_usage_fail("--photograph also needs --out X.jpg");
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
    return tell(options, jpeg.size);
}
