/*
 * desk: what the parts of the station share while it runs. Borrowed all.
 */
#ifndef STING_STATION_DESK_H
#define STING_STATION_DESK_H

#include "alert/alerts.h"
#include "base/clock.h"
#include "operation/core.h"
#include "operation/incident.h"
#include "operation/operation.h"
#include "operation/page_touch.h"
#include "station/names.h"
#include "station/tell.h"

struct anchors;
struct console;
struct prints;

struct desk {
    const struct operation *operation;
    const struct teller *teller;
    struct core *core;              /* NULL while the disk refuses it */
    struct alerts *alerts;          /* NULL while there is no core */
    struct anchors *const *anchors; /* what points there, NULL likewise */
    struct incidents *incidents;
    void (*drain)(void *station,
                  struct moment now); /* what they tell, at once:
                                         to the ledger; or NULL */
    void *station;
    struct page_touch *touch; /* what pages and people agree on */
    struct names *names;
    struct console *console; /* who looks from afar */
    struct glimpse *glimpse;
    struct prints *prints; /* of pages, opened on the machine */
    struct moment since;   /* when the station started */
    bool has_room;         /* the disk may take recordings */
    bool is_broken;        /* the ledger refused: open it anew */
    bool films;            /* alerts carry pictures: cameras hold some */
};

/* Append a line to the ledger; a refusal is told and marks the desk broken.
 * Nothing happens while there is no core. */
struct line_field;
void desk_line(struct desk *desk, struct moment now, const char *kind,
               const struct line_field *field, size_t fields);

/* Tell that the record could not be kept, and mark the desk broken. */
void desk_break(struct desk *desk, const struct fault *fault);

#endif
