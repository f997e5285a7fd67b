/* operation.yaml with other settings: what is written says what was wanted
 * when it is read back; no file, address or key is another; comments stay
 * where no key is taken out; and to write it once more changes no byte.
 *
 * The input is the text behind `recipients:`, a line "%%", and the settings,
 * a line each. */
#include "operation/config_settings.h"
#include "tests/fuzz/edited.h"

#define MOST_WANTED 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void comments_hold(struct bytes before, struct bytes after)
{
    while (before.size > 0) {
        const uint8_t *end = memchr(before.data, '\n', before.size);
        size_t line = end ? (size_t)(end - before.data) : before.size;
        size_t blanks = 0;
        while (blanks < line && before.data[blanks] == ' ') {
            blanks++;
        }
        bool is_comment = blanks < line && before.data[blanks] == '#';
        hold(!is_comment || memmem(after.data, after.size, before.data + blanks,
                                   line - blanks) != NULL);
        before.data += line + (end != NULL);
        before.size -= line + (end != NULL);
    }
}

static void cameras_hold(const struct config *was, const struct config *is)
{
    hold(was->cameras == is->cameras);
    for (size_t i = 0; i < was->cameras; i++) {
        const struct config_camera *old = &was->camera[i];
        const struct config_camera *new = &is->camera[i];
        hold(!strcmp(old->name, new->name) && !strcmp(old->url, new->url) &&
             !strcmp(old->user, new->user) &&
             !strcmp(old->password_file, new->password_file) &&
             old->masks == new->masks && old->zones == new->zones);
    }
}

/* What would hand the machine's files to a stranger. */
static void machine_hold(const struct config *was, const struct config *is)
{
    cameras_hold(was, is);
    hold(was->recipients == is->recipients && was->alerts == is->alerts &&
         was->anchors == is->anchors && was->role == is->role);
    hold(!memcmp(was->recipient, is->recipient, sizeof was->recipient));
    hold(!memcmp(was->anchor, is->anchor, sizeof was->anchor));
    for (size_t i = 0; i < was->alerts; i++) {
        const struct config_alert *old = &was->alert[i];
        const struct config_alert *new = &is->alert[i];
        hold(!strcmp(old->webhook, new->webhook) &&
             !strcmp(old->mail, new->mail) && !strcmp(old->mqtt, new->mqtt) &&
             !strcmp(old->syslog, new->syslog) &&
             !strcmp(old->secret_file, new->secret_file) &&
             !strcmp(old->token_file, new->token_file) &&
             !strcmp(old->password_file, new->password_file) &&
             !strcmp(old->ca_file, new->ca_file) &&
             !strcmp(old->template, new->template) &&
             !strcmp(old->to, new->to) && old->attach == new->attach);
    }
}

/* Does a line take a key out? */
static bool takes_out(const char *wanted)
{
    while (*wanted) {
        size_t size = strcspn(wanted, "\n");
        const char *blank = memchr(wanted, ' ', size);
        if (!blank || blank + 1 == wanted + size) {
            return true;
        }
        wanted += size + (wanted[size] == '\n');
    }
    return false;
}

static void written_hold(struct bytes text, const char *wanted,
                         const struct buffer *out)
{
    struct config *before STING_AUTO(config_free) = NULL;
    struct config *after STING_AUTO(config_free) = NULL;
    struct buffer again STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes;
    struct fault fault = {"", ""};
    hold(!config_parse(text, &before, &mistakes));
    hold(!config_parse(buffer_bytes(out), &after, &mistakes));
    machine_hold(before, after);
    if (!takes_out(wanted)) {
        comments_hold(text, buffer_bytes(out));
    }
    hold(!config_settings_set(buffer_bytes(out), wanted, &again, &mistakes,
                              &fault));
    hold(bytes_equal(buffer_bytes(out), buffer_bytes(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char wanted[MOST_WANTED];
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct config_mistakes mistakes = {.count = 0};
    struct fault fault = {"", ""};
    if (!edited_take(data, size, &text, wanted, sizeof wanted)) {
        return 0;
    }
    if (!config_settings_set(buffer_bytes(&text), wanted, &out, &mistakes,
                             &fault)) {
        written_hold(buffer_bytes(&text), wanted, &out);
    }
    return 0;
}
