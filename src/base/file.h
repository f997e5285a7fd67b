/*
 * file: whole files, read with a bound and written so that they are either
 * there whole or not at all. Names are relative to an open folder.
 */
#ifndef STING_BASE_FILE_H
#define STING_BASE_FILE_H

#include <dirent.h>
#include <sys/types.h>

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"

/* Append the whole of dir/name (dir may be AT_FDCWD) to *out; regular files
 * only. Fails: E_ABSENT, E_IO, E_LIMIT over `most_bytes`, E_NOMEM,
 * E_UNSUPPORTED when it is no regular file. */
STING_MUST_USE enum sting_status file_read(int dir, const char *name,
                                           size_t most_bytes,
                                           struct buffer *out,
                                           struct fault *fault);

/* Open dir/path to read, following no symbolic link on the way and waiting
 * for no pipe; -1 and errno as open(2). */
int file_open_below(int dir, const char *path, int flags);

/* Append all that fd gives until its end. Fails: E_IO, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status file_read_fd(int fd, size_t most_bytes,
                                              struct buffer *out);

/* Write all bytes to fd. Fails: E_IO. */
STING_MUST_USE enum sting_status file_write_fd(int fd, struct bytes bytes);

/* Write dir/name durably: name.tmp, fdatasync, rename, fsync of the folder.
 * An existing file is replaced. Fails: E_IO; the old file is then whole. */
STING_MUST_USE enum sting_status file_write(int dir, const char *name,
                                            struct bytes bytes, mode_t mode,
                                            struct fault *fault);

/* A file that is to be written. */
struct file_whole {
    const char *name;
    struct bytes bytes;
};
#define FILES_AT_ONCE 16

/* The same for up to FILES_AT_ONCE files of one folder, in their order, which
 * is synced once for all. Fails: E_ARG, E_IO; each is then there whole or
 * not at all, but none is durable. */
STING_MUST_USE enum sting_status files_write(int dir,
                                             const struct file_whole file[],
                                             size_t files, mode_t mode,
                                             struct fault *fault);

/* The listing of an open folder, which it takes over. NULL, with errno, when
 * there is none: `folder` may be -1. */
DIR *dir_of(int folder);

/* For STING_AUTO: close a listing, if there is one, and set it to NULL. */
void dir_close(DIR **dir);

/* Make the entries of the folder dir/path durable. Fails: E_IO. */
STING_MUST_USE enum sting_status folder_sync(int dir, const char *path);

/* Make dir/path and the folders above it, mode 0700, durably. Fails: E_IO. */
STING_MUST_USE enum sting_status folder_make(int dir, const char *path);

/* The name of a file without its folders; a view of `path`. */
const char *file_base(const char *path);

#endif
