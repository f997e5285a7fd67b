/*
 * trace_names: what the files are called that a trace hands out, so that none
 * takes another's place: with digits of what they are of, and the run.
 */
#ifndef STING_CLI_TRACE_NAMES_H
#define STING_CLI_TRACE_NAMES_H

#include "cli/trace_files.h"
#include "trace/trace.h"

/* Of a picture of the run, "IMG_1.jpg-1a2b3c4d": its name, with its folders
 * when it was found in one, digits of its file's digest, and which sheet.
 * Appended. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status trace_names_picture(
    const struct trace_run *run, const struct trace_files *files, size_t number,
    struct buffer *out);

/* Of a page of it, or of pictures together, "-page2" and "together1-5e6f7081";
 * further runs on the same have their number with them. */
STING_MUST_USE enum sting_status trace_names_page(
    const struct trace_finding *finding, struct buffer *out);
STING_MUST_USE enum sting_status trace_names_joint(const struct trace_run *run,
                                                   size_t joint,
                                                   struct buffer *out);

/* "-run3"; nothing of the first. */
STING_MUST_USE enum sting_status trace_names_run(uint32_t run,
                                                 struct buffer *out);

/* Write dir/name where nothing is, or the same already. Fails: E_BUSY when
 * another file stands there, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trace_names_write(int dir, const char *name,
                                                   struct bytes bytes,
                                                   struct fault *fault);

#endif
