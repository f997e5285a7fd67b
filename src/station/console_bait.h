/*
 * console_bait: documents, copies and photographs at the console. Who holds
 * which copy is sealed and not the station's to know.
 */
#ifndef STING_STATION_CONSOLE_BAIT_H
#define STING_STATION_CONSOLE_BAIT_H

#include "operation/bait_news.h"
#include "station/console_answer.h"

/* What is of no camera is for who sees all: 0, or 403, told. */
int console_bait_refuse(const struct asked *asked, struct reply *reply);

/* Take in what the ledger has gained. */
void console_bait_follow(struct console *console);

/* Photographs that wait. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status console_traces_new(
    const struct operation *operation, struct console_traces **out,
    struct fault *fault);
void console_traces_free(struct console_traces **traces);
void console_traces_tick(struct console_traces *traces, struct moment now);

/* Photographs made durable beside the loop: readable when one is done; its
 * giver is answered; nobody waits for the answers any more. */
int console_photo_fd(const struct console *console);
void console_photo_take(struct console *console, struct moment now);
void console_photo_forget(struct console *console);

/* Lines of JSON, which a command of ours wrote, as a list. */
struct json *console_lines_of(const struct buffer *lines);

/* Holders of copies, strength, and notes, as they are shown. */
void console_names_free(struct console *console);
void console_names_tick(struct console *console, struct moment now);
void console_names_take(struct console *console, const struct wire_head *head,
                        struct bytes bytes, struct moment now);

/* What a command tells of them: the core's. */
void console_show(void *console, const struct wire_head *head,
                  struct bytes bytes, struct moment now);

#endif
