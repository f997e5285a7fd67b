/*
 * cmd_trace_text: `sting trace OP --text FILE`, for text that was typed off.
 */
#ifndef STING_CLI_CMD_TRACE_TEXT_H
#define STING_CLI_CMD_TRACE_TEXT_H

/* Do the arguments ask for it? Then run it; gives its exit code. */
#include "base/base.h"

bool trace_text_is_asked(int argc, char **argv);
int trace_text_run(int argc, char **argv);

#endif
