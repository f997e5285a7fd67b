#include "cli/footage_clip.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/line.h"
#include "operation/footage.h"
#include "operation/incident_list.h"
#include "operation/writer.h"

void footage_clip_release(struct footage_clip *clip)
{
    fd_close(&clip->fd);
}

enum sting_status footage_clip_again(const struct footage_clip *clip, int *out,
                                     struct fault *fault)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", clip->fd);
    *out = open(path, O_RDONLY | O_CLOEXEC);
    return *out >= 0
               ? STING_OK
               : fault_errno(fault, STING_E_IO, "", "it cannot be opened");
}

/* ---- a file ---- */

static enum sting_status file_hash(int fd, struct digest *out,
                                   struct fault *fault)
{
    static uint8_t block[1 << 16];
    struct digest_state state STING_AUTO(digest_release) = {NULL};
    ssize_t got = 0;
    digest_init(&state);
    while ((got = read(fd, block, sizeof block)) > 0) {
        digest_update(&state, (struct bytes){block, (size_t)got});
    }
    *out = digest_final(&state);
    return got == 0 ? STING_OK
                    : fault_errno(fault, STING_E_IO, "", "it cannot be read");
}

enum sting_status footage_clip_file(const char *path, struct footage_clip *out,
                                    struct fault *fault)
{
    const char *base = strrchr(path, '/');
    out->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0) {
        return fault_errno(fault, STING_E_IO, "", "it cannot be opened");
    }
    snprintf(out->name, sizeof out->name, "%s", base ? base + 1 : path);
    return file_hash(out->fd, &out->sha256, fault);
}

enum sting_status footage_clip_same(const struct footage_clip *clip,
                                    struct fault *fault)
{
    int again STING_AUTO(fd_close) = -1;
    struct digest now;
    enum sting_status status = footage_clip_again(clip, &again, fault);
    status = status ? status : file_hash(again, &now, fault);
    return !status && !digest_equal(now, clip->sha256)
               ? fault_set(fault, STING_E_FORGED, "leave it as it is",
                           "it has changed meanwhile")
               : status;
}

/* ---- what was sealed ---- */

/* It is played as one film: what would be left out is told. */
static enum sting_status one_film_check(const struct footage *footage,
                                        struct fault *fault)
{
    char time[CLOCK_TEXT_SIZE];
    return footage->goes_on_line
               ? fault_set(fault, STING_E_ARG,
                           "give a stretch that ends before or begins then",
                           "the camera's stream began anew at %s, and a drill "
                           "plays one film",
                           clock_text(footage->goes_on_us, time))
               : STING_OK;
}

/* A drill wants an empty room. */
static enum sting_status quiet_check(const struct operation *operation,
                                     const struct footage *footage,
                                     const struct config_camera *camera,
                                     struct fault *fault)
{
    int64_t from_us = footage_start_us(footage); /* of whole recordings */
    int64_t to_us = footage_end_us(footage);
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    enum sting_status status =
        incident_list_read(operation_dir(operation), &list, fault);
    for (size_t i = 0; !status && i < list.count; i++) {
        const struct incident_entry *one = &list.entry[i];
        bool is_over = one->end_us && one->end_us < from_us;
        if (!is_over && one->start_us < to_us &&
            incident_list_is_by(&list, one, camera->name)) {
            return fault_set(fault, STING_E_ARG, "give a quiet stretch",
                             "incident %" PRIu32 " happened then", one->number);
        }
    }
    return status;
}

static enum sting_status custody_tell(const struct operation *operation,
                                      const struct drill_options *options,
                                      const struct footage_clip *clip,
                                      struct fault *fault)
{
    char sha256[DIGEST_TEXT_SIZE];
    char user[ACCESS_NAME_SIZE];
    const char *by = options->access.by;
    const struct line_field field[] = {
        {"item", clip->name},
        {"state", "drill"},
        {"by", by ? by : access_user(user)},
        {"after", digest_text(clip->sha256, sha256)},
        {"why", options->access.reason}};
    return writer_note(operation, clock_now, "custody", field,
                       sizeof field / sizeof *field, fault);
}

static enum sting_status memory_put(const struct footage *footage,
                                    struct footage_clip *out,
                                    struct fault *fault)
{
    const struct bytes part[] = {buffer_bytes(&footage->init),
                                 buffer_bytes(&footage->fragments)};
    out->sha256 = digest_sha256(part, 2);
    out->fd = memfd_create("footage", MFD_CLOEXEC);
    bool is_whole = out->fd >= 0;
    for (int i = 0; i < 2; i++) {
        for (size_t at = 0; is_whole && at < part[i].size;) {
            ssize_t put = write(out->fd, part[i].data + at, part[i].size - at);
            is_whole = put > 0;
            at += is_whole ? (size_t)put : 0;
        }
    }
    return is_whole ? STING_OK
                    : fault_errno(fault, STING_E_IO, "",
                                  "there is no memory for it");
}

static enum sting_status sealed_open(const struct drill_options *options,
                                     struct operation *operation,
                                     const struct config_camera *camera,
                                     struct footage_clip *out,
                                     struct fault *fault)
{
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct footage footage STING_AUTO(footage_release) = {0};
    const struct footage_stretch stretch = {camera->name, options->from_us,
                                            options->to_us, 0};
    const struct access access = access_of(&options->access, "drill", NULL);
    char from[CLOCK_TEXT_SIZE];
    snprintf(out->name, sizeof out->name, "%s from %.19s", camera->name,
             clock_text(options->from_us, from));
    enum sting_status status =
        access_open(operation, OPERATION_IDENTITY, &access, &keys, fault);
    status = status ? status
                    : footage_open(operation_dir(operation), &keys.identity,
                                   &stretch, &footage, fault);
    status = status ? status : one_film_check(&footage, fault);
    status = status ? status : quiet_check(operation, &footage, camera, fault);
    status = status ? status : memory_put(&footage, out, fault);
    return status ? status : custody_tell(operation, options, out, fault);
}

enum sting_status footage_clip_open(const struct drill_options *options,
                                    struct operation *operation,
                                    const struct config_camera *camera,
                                    struct footage_clip *out,
                                    struct fault *fault)
{
    return options->footage
               ? footage_clip_file(options->footage, out, fault)
               : sealed_open(options, operation, camera, out, fault);
}
