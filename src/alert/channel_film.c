/* Messages that carry files: mail with attachments, and a webhook's form
 * (RFC 7578): the JSON as `alert`, then a field for each file. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert/channel.h"
#include "base/text.h"
#include "crypt/kdf.h"

#define MOST_PARTS 2
#define BOUNDARY_SIZE 33

/* The files of a message as they are sent. */
struct files {
    struct buffer data[MOST_PARTS]; /* owned */
    struct mail_part part[MOST_PARTS];
    const char *field[MOST_PARTS];
    size_t count;
};

static void files_release(struct files *files)
{
    for (size_t i = 0; i < MOST_PARTS; i++) {
        buffer_release(&files->data[i]);
    }
}

static enum sting_status file_add(const struct operation *operation,
                                  const struct config_alert *channel,
                                  uint32_t incident, struct bytes plain,
                                  bool is_clip, struct files *files)
{
    struct fault ignored;
    bool is_sealed = channel->attach != CONFIG_ATTACH_CLEAR;
    struct mail_part *part = &files->part[files->count];
    struct buffer *data = &files->data[files->count];
    if (plain.size == 0) {
        return STING_OK;
    }
    enum sting_status status =
        is_sealed ? operation_seal(operation, plain, data, &ignored)
                  : buffer_append(data, plain);
    (void)snprintf(part->name, sizeof part->name, "incident-%" PRIu32 ".%s%s",
                   incident, is_clip ? "mp4" : "jpg", is_sealed ? ".age" : "");
    part->type = is_sealed ? "application/octet-stream"
                 : is_clip ? "video/mp4"
                           : "image/jpeg";
    part->data = buffer_bytes(data);
    files->field[files->count++] = is_clip ? "clip" : "picture";
    return status;
}

/* A line that stands in none of the parts: nobody else knows the key. */
static char *boundary_of(const struct secret *key, uint32_t alert,
                         char text[BOUNDARY_SIZE])
{
    char about[24];
    (void)snprintf(about, sizeof about, "form %" PRIu32, alert);
    const struct bytes part = bytes_of_text(about);
    const struct digest name = hmac_sha256(secret_bytes(key), &part, 1);
    hex_write((struct bytes){name.byte, (BOUNDARY_SIZE - 1) / 2}, text);
    return text;
}

static enum sting_status form_write(const struct message *message,
                                    const struct secret *key,
                                    const struct files *files,
                                    struct queue_item *item)
{
    char boundary[BOUNDARY_SIZE];
    struct buffer *out = &item->body;
    boundary_of(key, message->alert, boundary);
    (void)snprintf(item->type, sizeof item->type,
                   "multipart/form-data; boundary=%s", boundary);
    enum sting_status status =
        buffer_printf(out,
                      "--%s\r\nContent-Disposition: form-data; "
                      "name=\"alert\"\r\nContent-Type: "
                      "application/json\r\n\r\n",
                      boundary);
    if (!status) {
        status = message_json(message, out);
    }
    for (size_t i = 0; i < files->count && !status; i++) {
        status = buffer_printf(
            out,
            "\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"; "
            "filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
            boundary, files->field[i], files->part[i].name,
            files->part[i].type);
        if (!status) {
            status = buffer_append(out, files->part[i].data);
        }
    }
    return status ? status : buffer_printf(out, "\r\n--%s--\r\n", boundary);
}

enum sting_status channel_write_film(const struct operation *operation,
                                     const struct config_alert *channel,
                                     const struct message *message,
                                     const struct secret *key,
                                     const struct alert_film *film,
                                     struct queue_item *item)
{
    struct files files STING_AUTO(files_release) = {.count = 0};
    uint32_t incident = message->incident.number;
    enum sting_status status =
        file_add(operation, channel, incident, film->picture, false, &files);
    if (!status) {
        status =
            file_add(operation, channel, incident, film->clip, true, &files);
    }
    if (status) {
        return status;
    }
    item->body.size = 0;
    if (channel->webhook[0]) {
        return form_write(message, key, &files, item);
    }
    const struct mail mail = {channel->from, channel->to, key, files.part,
                              files.count};
    (void)snprintf(item->type, sizeof item->type, "message/rfc822");
    return mail_write(message, &mail, &item->body);
}
