/* Settings, as the table of what may be set from afar has them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "operation/config_settings.h"
#include "station/console_config.h"

static void mistakes_add(struct json *out,
                         const struct config_mistakes *mistakes)
{
    struct json *list = json_new_array();
    size_t told = mistakes->count < CONFIG_MOST_MISTAKES ? mistakes->count
                                                         : CONFIG_MOST_MISTAKES;
    for (size_t i = 0; i < told; i++) {
        const struct config_mistake *mistake = &mistakes->mistake[i];
        struct json *row = json_new_object();
        json_add_integer(row, "line", mistake->line);
        json_add_integer(row, "column", mistake->column);
        json_add_text(row, "why", mistake->why);
        json_add_text(row, "todo", mistake->todo[0] ? mistake->todo : NULL);
        json_add_child(list, NULL, &row);
    }
    json_add_child(out, "mistakes", &list);
}

static struct json *setting_of(const struct config_setting *setting)
{
    struct json *row = json_new_object();
    json_add_text(row, "name", setting->name);
    json_add_text(row, "of", setting->of[0] ? setting->of : NULL);
    json_add_text(row, "type", config_setting_type_name(setting->type));
    if (setting->words) {
        struct json *words = json_new_array();
        for (const char *const *word = setting->words; *word; word++) {
            json_add_text(words, NULL, *word);
        }
        json_add_child(row, "words", &words);
    } else {
        json_add_null(row, "words");
    }
    json_add_text(row, "value", setting->value[0] ? setting->value : NULL);
    json_add_text(row, "otherwise",
                  setting->otherwise[0] ? setting->otherwise : NULL);
    return row;
}

/* The text that is there now, and its hash as text. */
static enum sting_status text_now(const struct console *console,
                                  struct buffer *text,
                                  char digest[DIGEST_TEXT_SIZE],
                                  struct fault *fault)
{
    enum sting_status status =
        file_read(operation_dir(console->desk->operation), CONFIG_FILE,
                  CONFIG_MOST_BYTES, text, fault);
    if (!status) {
        digest_text(digest_of(buffer_bytes(text)), digest);
    }
    return status;
}

int console_settings(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct fault fault = {"", ""};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct config_settings settings STING_AUTO(config_settings_release) = {0};
    struct config_mistakes mistakes = {0};
    char digest[DIGEST_TEXT_SIZE];
    (void)asked;
    if (text_now(console, &text, digest, &fault)) {
        return reply_refuse(reply, 503, "disk", fault.why);
    }
    if (config_settings_read(buffer_bytes(&text), &settings, &mistakes) &&
        mistakes.count == 0) {
        return reply_refuse(reply, 503, "memory", "out of memory");
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < settings.count; i++) {
        struct json *row = setting_of(&settings.setting[i]);
        json_add_child(list, NULL, &row);
    }
    reply->json = json_new_object();
    json_add_text(reply->json, "sha256", digest);
    json_add_child(reply->json, "settings", &list);
    mistakes_add(reply->json, &mistakes);
    return 200;
}

int console_settings_set(struct console *console, const struct asked *asked,
                         struct reply *reply)
{
    struct fault fault = {"", ""};
    struct buffer before STING_AUTO(buffer_release) = {0};
    struct buffer after STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes = {0};
    char digest[DIGEST_TEXT_SIZE];
    if (!console->desk->core || console->desk->is_broken) {
        return reply_refuse(reply, 503, "busy",
                            "the record cannot be written now");
    }
    if (text_now(console, &before, digest, &fault)) {
        return reply_refuse(reply, 503, "disk", fault.why);
    }
    if (strcmp(digest, asked->field[0]) != 0) {
        return reply_refuse(reply, 409, "changed",
                            "operation.yaml was changed meanwhile");
    }
    if (config_settings_set(buffer_bytes(&before), asked->field[1], &after,
                            &mistakes, &fault)) {
        int http = reply_refuse(reply, 400, "config", fault.why);
        json_add_text(reply->json, "todo", fault.todo[0] ? fault.todo : NULL);
        mistakes_add(reply->json, &mistakes);
        return http;
    }
    int http =
        console_config_put(console, asked, buffer_bytes(&before),
                           buffer_bytes(&after), "set at the console", reply);
    if (!http) {
        reply->json = json_new_object();
    }
    return http ? http : 200;
}
