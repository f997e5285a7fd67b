/* operation.yaml as somebody at the console wants it. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/store.h"
#include "station/console_config.h"

/* What somebody changed by hand is told as his, when it is read anew: it does
 * not come into force, nor under another's name, because of this. */
static bool is_known(const struct console *console, struct bytes text)
{
    char digest[DIGEST_TEXT_SIZE];
    return !strcmp(digest_text(digest_of(text), digest),
                   operation_config_digest(console->desk->operation));
}

/* Tell of the new text, which is sealed beside the line, then write it. */
static enum sting_status text_put(const struct console *console,
                                  const struct asked *asked, struct bytes text,
                                  const char *why, struct fault *fault)
{
    struct desk *desk = console->desk;
    struct ledger_blob blob;
    char digest[3][DIGEST_TEXT_SIZE];
    enum sting_status status =
        ledger_blob(core_ledger(desk->core), text, &blob, fault);
    if (status) {
        return status;
    }
    const struct line_field field[] = {
        {"sha256", digest_text(digest_of(text), digest[0])},
        {"blob", digest_text(blob.ct, digest[1])},
        {"pt", digest_text(blob.pt, digest[2])},
        {"why", why},
        {"by", asked->user->name}};
    desk_line(desk, asked->now, "config", field, sizeof field / sizeof *field);
    return desk->is_broken
               ? fault_set(fault, STING_E_IO, "", "the ledger refuses it")
               : file_write(operation_dir(desk->operation), CONFIG_FILE, text,
                            0600, fault);
}

int console_config_put(struct console *console, const struct asked *asked,
                       struct bytes before, struct bytes after, const char *why,
                       struct reply *reply)
{
    struct fault fault = {"", ""};
    if (!is_known(console, before)) {
        return reply_refuse(reply, 409, "changed",
                            "operation.yaml was changed and is not read yet: "
                            "reload the station first");
    }
    if (!bytes_equal(before, after)) {
        if (text_put(console, asked, after, why, &fault)) {
            return reply_refuse(reply, 503, "busy", fault.why);
        }
        (void)kill(getpid(), SIGHUP); /* to have it read anew */
    }
    return 0;
}
