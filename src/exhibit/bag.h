/*
 * bag: a folder of files with their hashes, as BagIt has it.
 *
 * Source: RFC 8493. Names are ours alone: letters, digits, ".", "_", "-".
 */
#ifndef STING_EXHIBIT_BAG_H
#define STING_EXHIBIT_BAG_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"

#define BAG_PATH_SIZE 128

struct bag_file {
    char path[BAG_PATH_SIZE]; /* "data/..." is payload, the rest are tags */
    uint64_t bytes;
    struct digest sha256;
};

struct bag {
    int folder;            /* borrowed */
    struct bag_file *file; /* owned */
    size_t files;
};
void bag_release(struct bag *bag);

/* Write a file whole. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bag_put(struct bag *bag, const char *path,
                                         struct bytes bytes,
                                         struct fault *fault);

/* A file written piece by piece; for STING_AUTO: bag_stream_release. */
struct bag_stream {
    int fd;
    struct digest_state hash;
    struct bag_file file;
};
STING_MUST_USE enum sting_status bag_stream_open(struct bag *bag,
                                                 const char *path,
                                                 struct bag_stream *out,
                                                 struct fault *fault);
STING_MUST_USE enum sting_status bag_stream_put(struct bag_stream *stream,
                                                struct bytes bytes,
                                                struct fault *fault);
/* Durable, and one of the bag's files. */
STING_MUST_USE enum sting_status bag_stream_close(struct bag *bag,
                                                  struct bag_stream *stream,
                                                  struct fault *fault);
void bag_stream_release(struct bag_stream *stream);

/* The bytes and files of the payload, "BYTES.FILES". */
STING_MUST_USE enum sting_status bag_oxum(const struct bag *bag,
                                          struct buffer *out);

/* Write bagit.txt and both manifests, in the order of names; *sha256 is of
 * the tag manifest, which stands for everything. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bag_finish(struct bag *bag,
                                            struct digest *sha256,
                                            struct fault *fault);

#endif
