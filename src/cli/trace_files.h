/*
 * trace_files: what there is to examine: the files named, and every file in
 * the folders named, all the way down, in order of names. What in a folder
 * cannot be examined (a link, which is not followed; a pipe; a folder that
 * cannot be read) is listed with the reason, and holds up nothing else.
 */
#ifndef STING_CLI_TRACE_FILES_H
#define STING_CLI_TRACE_FILES_H

#include "base/base.h"
#include "base/fault.h"

#define TRACE_MOST_FILES 100000
#define TRACE_MOST_DEPTH 32

struct trace_file {
    char *path;      /* owned */
    bool is_found;   /* in a folder, not named itself */
    const char *why; /* it cannot be examined; NULL: it may be */
    size_t end;      /* pictures of the run, up to its last one */
};

struct trace_files {
    size_t count;
    struct trace_file *file; /* owned */
};

/* Add one path of the command line. Fails: E_ABSENT, E_IO, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status trace_files_add(struct trace_files *files,
                                                 const char *path,
                                                 struct fault *fault);
/* Is this picture of the run one that was found in a folder? Ends must be
 * filled in. */
bool trace_files_found(const struct trace_files *files, size_t picture);

void trace_files_release(struct trace_files *files);

#endif
