/* Photographs that are given at the console to be traced: taken in pieces,
 * sealed, and made durable beside the loop. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "operation/inbox.h"
#include "station/console_traces.h"

#define IDLE_US INT64_C(30000000)

static void upload_release(struct upload *upload)
{
    inbox_photo_release(&upload->photo);
    *upload = (struct upload){0};
}

void photos_release(struct photos *photos)
{
    for (size_t i = 0; i < MOST_UPLOADS; i++) {
        upload_release(&photos->upload[i]);
    }
    photo_keep_free(&photos->keep);
}

void photos_tick(struct photos *photos, struct moment now)
{
    for (size_t i = 0; i < MOST_UPLOADS; i++) {
        if (photos->upload[i].csrf[0] &&
            now.boot_us - photos->upload[i].seen_us > IDLE_US) {
            upload_release(&photos->upload[i]);
        }
    }
}

static size_t waiting(const struct console_traces *traces, uint32_t *next)
{
    uint32_t at_work = photo_keep_number(traces->photos.keep);
    size_t count = at_work > 0;
    *next = at_work + 1;
    for (size_t i = 0; i < MOST_SHOWN; i++) {
        const struct shown *shown = &traces->shown[i];
        count += shown->number && !shown->done_us;
        *next = shown->number >= *next ? shown->number + 1 : *next;
    }
    return count;
}

static struct upload *upload_of(struct console_traces *traces,
                                const struct asked *asked, bool begins)
{
    struct upload *free_one = NULL;
    for (size_t i = 0; i < MOST_UPLOADS; i++) {
        struct upload *upload = &traces->photos.upload[i];
        if (!strcmp(upload->csrf, asked->session->csrf)) {
            if (begins) {
                upload_release(upload);
            }
            return upload;
        }
        free_one = upload->csrf[0] ? free_one : upload;
    }
    return begins ? free_one : NULL;
}

/* Who gave what, by its hash: what stays of it once it was traced. */
static void given_tell(struct console *console, const struct photo_kept *kept,
                       struct moment now)
{
    char why[DIGEST_TEXT_SIZE + 40], sha256[DIGEST_TEXT_SIZE];
    snprintf(why, sizeof why, "photograph %u, sha256 %s",
             (unsigned)kept->photo.number, digest_text(kept->digest, sha256));
    console_line(console, now, "photo-given", NULL, kept->photo.by, why);
}

static bool can_write(const struct console *console)
{
    return console->desk->core && !console->desk->is_broken;
}

static int record_refuse(struct reply *reply)
{
    return reply_refuse(reply, 503, "record",
                        "the station cannot write its record");
}

/* It is whole: seal it, and have it made durable beside the loop. Who gave it
 * is answered, and the ledger told, when it is. */
static int photo_put(struct console *console, const struct asked *asked,
                     struct upload *upload, struct reply *reply)
{
    struct fault fault = {"", ""};
    struct console_traces *traces = console->traces;
    struct photo_kept kept STING_AUTO(photo_kept_release) = {
        .id = asked->id, .photo = upload->photo};
    upload->photo = (struct inbox_photo){.number = 0};
    upload_release(upload);
    if (!can_write(console)) {
        return record_refuse(reply);
    }
    (void)waiting(traces, &kept.photo.number);
    snprintf(kept.photo.by, sizeof kept.photo.by, "%s", asked->user->name);
    kept.photo.at_us = asked->now.utc_us;
    enum sting_status status =
        inbox_seal(console->desk->operation, &kept.photo, &kept.sealed, &fault);
    if (!status) {
        status =
            photo_keep_begin(traces->photos.keep,
                             operation_dir(console->desk->operation), &kept);
    }
    return status == STING_E_BUSY
               ? reply_refuse(reply, 429, "busy", "give it again in a moment")
           : status ? reply_refuse(reply, 503, "disk", fault.why)
                    : 0;
}

static void kept_show(struct console_traces *traces,
                      const struct photo_kept *kept)
{
    struct shown *shown = shown_of(traces, kept->photo.number);
    if (shown) {
        memcpy(shown->name, kept->photo.name, sizeof shown->name);
        memcpy(shown->by, kept->photo.by, sizeof shown->by);
        shown->at_us = kept->photo.at_us;
        shown->bytes = kept->photo.bytes.size;
    }
}

static int kept_answer(struct console *console, const struct photo_kept *kept,
                       struct moment now, struct reply *reply)
{
    if (kept->status) {
        return reply_refuse(reply, 503, "disk", kept->fault.why);
    }
    if (can_write(console)) {
        given_tell(console, kept, now);
    }
    if (!can_write(console)) {
        inbox_drop(operation_dir(console->desk->operation), kept->photo.number);
        return record_refuse(reply);
    }
    kept_show(console->traces, kept);
    reply->json = json_new_object();
    json_add_integer(reply->json, "photo", kept->photo.number);
    return 200;
}

int console_photo_fd(const struct console *console)
{
    return console->traces ? photo_keep_fd(console->traces->photos.keep) : -1;
}

void console_photo_take(struct console *console, struct moment now)
{
    struct photo_kept kept STING_AUTO(photo_kept_release) = {.id = 0};
    while (photo_keep_take(console->traces->photos.keep, &kept)) {
        struct reply reply STING_AUTO(reply_release) = {0};
        int http = kept_answer(console, &kept, now, &reply);
        if (kept.id) {
            reply_send(console, kept.id, http, &reply);
        }
        photo_kept_release(&kept);
    }
}

void console_photo_forget(struct console *console)
{
    if (console->traces) {
        photo_keep_forget(console->traces->photos.keep);
    }
}

static int piece_begin(struct console *console, const struct asked *asked,
                       uint32_t size, struct upload **out, struct reply *reply)
{
    uint32_t next = 0;
    if (size == 0 || size > INBOX_MOST_BYTES) {
        return reply_refuse(reply, 413, "too-long",
                            "a photograph may have 16 MB here; sting trace "
                            "takes more");
    }
    *out = upload_of(console->traces, asked, true);
    if (!*out || waiting(console->traces, &next) >= INBOX_MOST) {
        return reply_refuse(reply, 429, "busy",
                            "too many photographs wait already");
    }
    snprintf((*out)->csrf, sizeof(*out)->csrf, "%s", asked->session->csrf);
    snprintf((*out)->photo.name, sizeof(*out)->photo.name, "%s",
             asked->field[0]);
    (*out)->size = size;
    return 0;
}

int console_photo(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    uint32_t size = 0;
    uint32_t at = 0;
    const char *digits[] = {asked->field[1], asked->field[2]};
    struct upload *upload = NULL;
    int http = console_bait_refuse(asked, reply);
    if (http) {
        return http;
    }
    if (!digits_read(&digits[0], 9, &size) || *digits[0] ||
        !digits_read(&digits[1], 9, &at) || *digits[1]) {
        return reply_refuse(reply, 400, "fields", "size and at are numbers");
    }
    http = at == 0 ? piece_begin(console, asked, size, &upload, reply) : 0;
    if (http) {
        return http;
    }
    upload = upload ? upload : upload_of(console->traces, asked, false);
    if (!upload || upload->photo.bytes.size != at || upload->size != size) {
        return reply_refuse(reply, 409, "piece", "begin it again");
    }
    upload->seen_us = asked->now.boot_us;
    struct buffer *bytes = &upload->photo.bytes;
    if (base64_read(bytes, bytes_of_text(asked->field[3]), true) ||
        bytes->size > size) {
        upload_release(upload);
        return reply_refuse(reply, 400, "fields", "the piece is malformed");
    }
    if (bytes->size == size) {
        return photo_put(console, asked, upload, reply);
    }
    reply->json = json_new_object();
    json_add_null(reply->json, "photo");
    return 200;
}
