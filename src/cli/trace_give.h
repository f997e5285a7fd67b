/*
 * trace_give: what a trace hands out beside its answer: drawings, a report,
 * packs for third parties; and such a pack checked.
 */
#ifndef STING_CLI_TRACE_GIVE_H
#define STING_CLI_TRACE_GIVE_H

#include "cli/trace_files.h"
#include "print/document.h"
#include "trace/trace.h"

/* Folders, NULL where nothing is wanted. */
struct trace_give {
    const char *draw;
    const char *report;
    const char *pack;
};

/* Do these folders lie outside the operation's? Fails: as outside_check(). */
STING_MUST_USE enum sting_status trace_give_outside(
    const struct operation *operation, const struct trace_give *give,
    struct fault *fault);

/* Make the folders that are wanted, before anything is asked: asking again
 * weakens the answer. Fails: E_IO; E_BUSY where a report is already. */
STING_MUST_USE enum sting_status trace_give_try(const struct trace_give *give,
                                                struct fault *fault);

/* Write all that is wanted of a judged run that is in the ledger, in
 * no other file's place. Fails: as trace_picture_jpeg and trace_pack_write,
 * E_BUSY where another file stands, E_IO. */
STING_MUST_USE enum sting_status trace_give(const struct trace_run *run,
                                            const struct trace_files *files,
                                            const struct trace_give *give,
                                            struct fault *fault);

/* Make the folder if it is not there, and open it. Fails: E_IO, also where
 * nothing can be written into it. */
STING_MUST_USE enum sting_status trace_give_folder(const char *path, int *out,
                                                   struct fault *fault);

/* report.html and report.pdf in that folder. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trace_give_document(
    const struct document *document, const char *path, struct fault *fault);

/* `sting trace --recheck PACK`. Gives an exit code. */
int trace_recheck(const char *path, bool json);

#endif
