#include "exhibit/bag.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"

#define PAYLOAD "data/"

void bag_release(struct bag *bag)
{
    free(bag->file);
    bag->file = NULL;
    bag->files = 0;
}

static bool is_payload(const struct bag_file *file)
{
    return !strncmp(file->path, PAYLOAD, strlen(PAYLOAD));
}

static enum sting_status file_add(struct bag *bag, const struct bag_file *file)
{
    struct bag_file *one =
        array_add(&bag->file, &bag->files, sizeof *bag->file);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = *file;
    return STING_OK;
}

enum sting_status bag_stream_open(struct bag *bag, const char *path,
                                  struct bag_stream *out, struct fault *fault)
{
    const char *slash = strrchr(path, '/');
    *out = (struct bag_stream){.fd = -1};
    (void)snprintf(out->file.path, sizeof out->file.path, "%s", path);
    if (slash) {
        char above[BAG_PATH_SIZE];
        (void)snprintf(above, sizeof above, "%.*s", (int)(slash - path), path);
        if (folder_make(bag->folder, above)) {
            return fault_errno(fault, STING_E_IO, "check space",
                               "the folder %s cannot be made", above);
        }
    }
    out->fd =
        openat(bag->folder, path,
               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (out->fd < 0) {
        return fault_errno(fault, STING_E_IO, "check space",
                           "%s cannot be written", path);
    }
    digest_init(&out->hash);
    return STING_OK;
}

enum sting_status bag_stream_put(struct bag_stream *stream, struct bytes bytes,
                                 struct fault *fault)
{
    if (file_write_fd(stream->fd, bytes)) {
        return fault_errno(fault, STING_E_IO, "check space",
                           "%s cannot be written", stream->file.path);
    }
    digest_update(&stream->hash, bytes);
    stream->file.bytes += bytes.size;
    return STING_OK;
}

enum sting_status bag_stream_close(struct bag *bag, struct bag_stream *stream,
                                   struct fault *fault)
{
    if (fdatasync(stream->fd) != 0) {
        return fault_errno(fault, STING_E_IO, "check space",
                           "%s cannot be synced", stream->file.path);
    }
    stream->file.sha256 = digest_final(&stream->hash);
    return file_add(bag, &stream->file);
}

void bag_stream_release(struct bag_stream *stream)
{
    digest_release(&stream->hash);
    fd_close(&stream->fd);
}

enum sting_status bag_put(struct bag *bag, const char *path, struct bytes bytes,
                          struct fault *fault)
{
    struct bag_stream stream STING_AUTO(bag_stream_release) = {.fd = -1};
    enum sting_status status = bag_stream_open(bag, path, &stream, fault);
    if (!status) {
        status = bag_stream_put(&stream, bytes, fault);
    }
    return status ? status : bag_stream_close(bag, &stream, fault);
}

enum sting_status bag_oxum(const struct bag *bag, struct buffer *out)
{
    uint64_t bytes = 0, files = 0;
    for (size_t i = 0; i < bag->files; i++) {
        bytes += is_payload(&bag->file[i]) ? bag->file[i].bytes : 0;
        files += is_payload(&bag->file[i]) ? 1 : 0;
    }
    return buffer_printf(out, "%" PRIu64 ".%" PRIu64, bytes, files);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct bag_file *)a)->path,
                  ((const struct bag_file *)b)->path);
}

static enum sting_status manifest_put(struct bag *bag, bool of_payload,
                                      const char *path, struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    qsort(bag->file, bag->files, sizeof *bag->file, by_path);
    for (size_t i = 0; !status && i < bag->files; i++) {
        char hash[DIGEST_TEXT_SIZE];
        if (is_payload(&bag->file[i]) == of_payload) {
            status = buffer_printf(&text, "%s  %s\n",
                                   digest_text(bag->file[i].sha256, hash),
                                   bag->file[i].path);
        }
    }
    return status ? status : bag_put(bag, path, buffer_bytes(&text), fault);
}

enum sting_status bag_finish(struct bag *bag, struct digest *sha256,
                             struct fault *fault)
{
    static const char declaration[] = "BagIt-Version: 1.0\n"
                                      "Tag-File-Character-Encoding: UTF-8\n";
    enum sting_status status =
        bag_put(bag, "bagit.txt", bytes_of_text(declaration), fault);
    if (!status) {
        status = manifest_put(bag, true, "manifest-sha256.txt", fault);
    }
    if (!status) {
        status = manifest_put(bag, false, "tagmanifest-sha256.txt", fault);
    }
    if (!status) {
        *sha256 = bag->file[bag->files - 1].sha256;
    }
    return status;
}
