#include "cli/cmd_trace_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/access_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "trace/quote.h"

bool trace_text_is_asked(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!strcmp(argv[i], "--text") || !strncmp(argv[i], "--text=", 7)) {
            return true;
        }
    }
    return false;
}

static enum sting_status record(const struct operation *operation,
                                const struct quote *quote, struct fault *fault)
{
    struct writer *writer STING_AUTO(writer_free) = NULL;
    enum sting_status status =
        writer_open(operation, clock_now, &writer, fault);
    if (!status) {
        status = quote_write(writer, quote, fault);
    }
    return status ? status : writer_close(&writer, fault);
}

static enum sting_status print(const struct quote *quote, bool json)
{
    struct buffer text STING_AUTO(buffer_wipe) = {0};
    enum sting_status status =
        json ? quote_json(quote, &text) : quote_words(quote, &text);
    fputs(buffer_text(&text), stdout);
    return status;
}

/* What is no text, or of another encoding, would be answered with a "no". */
static enum sting_status text_read(const char *file, struct buffer *out,
                                   struct fault *fault)
{
    enum sting_status status =
        file_read(AT_FDCWD, file, QUOTE_MOST_BYTES, out, fault);
    if (!status && out->size > 0 && memchr(out->data, 0, out->size)) {
        return fault_set(fault, STING_E_FORMAT, "save it as text in UTF-8",
                         "this is no plain text");
    }
    return !status && !utf8_is_all(buffer_text(out))
               ? fault_set(fault, STING_E_FORMAT, "save it as text in UTF-8",
                           "the text is in another encoding")
               : status;
}

static int exit_code(const struct quote *quote)
{
    for (size_t i = 0; i < quote->findings; i++) {
        if (quote->finding[i].verdict == TRACE_ATTRIBUTED) {
            return EXIT_DONE;
        }
    }
    return EXIT_NO;
}

static int trace(const char *path, const char *file,
                 const struct access_options *asked, bool json)
{
    struct operation *operation STING_AUTO(operation_close) = NULL;
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct quote quote STING_AUTO(quote_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    const struct access access = access_of(asked, "trace --text", NULL);
    enum sting_status status = text_read(file, &text, &fault);
    if (!status) {
        status = operation_open(path, &operation, &fault);
    }
    if (!status) {
        status = access_open(operation, OPERATION_IDENTITY | OPERATION_MARK,
                             &access, &keys, &fault);
    }
    if (!status) {
        status = quote_run(operation, &keys, file, buffer_bytes(&text), &quote,
                           &fault);
    }
    if (!status) {
        status = record(operation, &quote, &fault);
    }
    if (!status) {
        status = print(&quote, json);
    }
    if (status && !fault.why[0]) {
        (void)fault_set(&fault, status, "", "%s", sting_status_text(status));
    }
    return status ? command_fail(EXIT_FAILED, file, &fault) : exit_code(&quote);
}

int trace_text_run(int argc, char **argv)
{
    const char *file = NULL;
    struct access_options access = {0};
    bool json = false;
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--text", OPTION_TEXT, &file, 0, 0},
        {"--json", OPTION_FLAG, &json, 0, 0},
        ACCESS_PASSPHRASE(&access),
        ACCESS_BY(&access),
        ACCESS_REASON(&access),
    };
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .least_words = 1,
                              .most_words = 1,
                              .usage = "sting trace OP --text FILE"};
    operation_guard_memory();
    if (options_parse(argc, argv, &options, &fault)) {
        return command_fail(EXIT_USAGE, "trace", &fault);
    }
    return trace(options.word[0], file, &access, json);
}
