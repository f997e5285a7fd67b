/* The zones of a camera, as somebody draws them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "operation/config_zones.h"
#include "station/console_config.h"

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
    int http = console_config_put(console, asked, buffer_bytes(&before),
                                  buffer_bytes(&after),
                                  "zones drawn at the console", reply);
    if (http) {
        return http;
    }
    reply->json = json_new_object();
    return 200;
}
