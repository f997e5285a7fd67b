/* The zones of a camera, as somebody draws them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/store.h"
#include "operation/config_zones.h"
#include "station/console.h"

static enum sting_status zones_made(const struct console *console,
                                    const struct asked *asked,
                                    struct buffer *before, struct buffer *after,
                                    struct fault *fault)
{
    struct config_zones *zones = calloc(1, sizeof *zones);
    if (!zones) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    enum sting_status status =
        config_zones_parse(asked->field[1], zones, fault);
    if (!status) {
        status = file_read(operation_dir(console->desk->operation), CONFIG_FILE,
                           CONFIG_MOST_BYTES, before, fault);
    }
    if (!status) {
        status = config_zones_set(buffer_bytes(before), asked->field[0], zones,
                                  after, fault);
    }
    free(zones);
    return status;
}

/* What somebody changed by hand is told as his, when it is read anew: it does
 * not come into force, nor under another's name, because a zone was drawn. */
static bool is_known(const struct console *console, struct bytes text)
{
    char digest[DIGEST_TEXT_SIZE];
    return !strcmp(digest_text(digest_of(text), digest),
                   operation_config_digest(console->desk->operation));
}

/* Tell of the new text, which is sealed beside the line, then write it. */
static enum sting_status text_put(const struct console *console,
                                  const struct asked *asked, struct bytes text,
                                  struct fault *fault)
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
        {"why", "zones drawn at the console"},
        {"by", asked->user->name}};
    desk_line(desk, asked->now, "config", field, sizeof field / sizeof *field);
    return desk->is_broken
               ? fault_set(fault, STING_E_IO, "", "the ledger refuses it")
               : file_write(operation_dir(desk->operation), CONFIG_FILE, text,
                            0600, fault);
}

int console_zones(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    struct fault fault = {"", ""};
    struct buffer before STING_AUTO(buffer_release) = {0};
    struct buffer after STING_AUTO(buffer_release) = {0};
    if (!user_sees(asked->user, asked->field[0])) {
        return reply_refuse(reply, 404, "camera", "there is no such camera");
    }
    if (!console->desk->core || console->desk->is_broken) {
        return reply_refuse(reply, 503, "busy",
                            "the record cannot be written now");
    }
    if (zones_made(console, asked, &before, &after, &fault)) {
        return reply_refuse(reply, 400, "config", fault.why);
    }
    if (!is_known(console, buffer_bytes(&before))) {
        return reply_refuse(reply, 409, "changed",
                            "operation.yaml was changed and is not read yet: "
                            "reload the station first");
    }
    if (!bytes_equal(buffer_bytes(&before), buffer_bytes(&after))) {
        if (text_put(console, asked, buffer_bytes(&after), &fault)) {
            return reply_refuse(reply, 503, "busy", fault.why);
        }
        (void)kill(getpid(), SIGHUP); /* to have it read anew */
    }
    reply->json = json_new_object();
    return 200;
}
