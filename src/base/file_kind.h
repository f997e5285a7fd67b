/*
 * file_kind: what stands where a file or a folder belongs, in words.
 *
 * Whoever could not open something asks here why: "evidence/ledger is a pipe,
 * not a file" says more than what the system calls it. Nothing is opened.
 */
#ifndef STING_BASE_FILE_KIND_H
#define STING_BASE_FILE_KIND_H

#include <sys/types.h>

#include "base/base.h"
#include "base/fault.h"

/* "a pipe", "a symbolic link", "a socket", "a folder", "a device", "a file" */
const char *file_kind_words(mode_t mode);

/* Is dir/path, which has folders before it, a file or, as is wanted, a
 * folder, with nothing but folders on the way? No link is followed; what is
 * not there at all is not wrong either. Fails: E_UNSUPPORTED, with the first
 * that is something else in *fault. */
STING_MUST_USE enum sting_status file_kind_check(int dir, const char *path,
                                                 bool is_folder,
                                                 struct fault *fault);

#endif
