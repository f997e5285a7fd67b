/*
 * convert: what a camera sends as H.264, for browsers that cannot show it.
 *
 * Made in a player worker, one a camera, however many look; begun when the
 * first of them does, ended when the last one leaves. Nothing of it is
 * recorded. docs/design/console.md, "Live pictures".
 *
 * Limits: CONVERT_MOST cameras at once: who comes later is told so, and gets
 * pictures as soon as another has ended. Threads: the station's.
 */
#ifndef STING_STATION_CONVERT_H
#define STING_STATION_CONVERT_H

#include "station/console_answer.h"
#include "station/viewing.h"

#define CONVERT_MOST (CONSOLE_FDS - 5)

struct converting; /* owned by the console */

struct converting *converting_new(void); /* NULL without memory */
void converting_free(struct converting **converting);

/* console_live.c: a message to one stream, or (0) to all that show the camera
 * as it is. */
bool console_live_send(struct console *console, int64_t stream, int camera,
                       int kind, const struct viewing_piece *piece,
                       struct bytes data);

/* A stream begins to look at this camera as H.264. */
void convert_join(struct console *console, int64_t stream, int camera,
                  struct moment now);

/* What the camera sends begins anew; another piece of it has come. */
void convert_init(struct console *console, int camera);
void convert_piece(struct console *console, int camera,
                   const struct viewing_piece *piece, struct bytes data);

/* The worker of a camera's conversion; NULL: there is none. */
const struct worker *convert_worker(const struct console *console, int camera);

/* For the loop: CONVERT_MOST descriptors; what came; what is due. */
void convert_wait(const struct console *console,
                  struct pollfd ready[CONVERT_MOST]);
void convert_serve(struct console *console,
                   const struct pollfd ready[CONVERT_MOST], struct moment now);
void convert_tick(struct console *console, struct moment now);

#endif
