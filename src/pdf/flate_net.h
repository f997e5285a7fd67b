/*
 * flate_net: matches that are worth a look in any variant of a text.
 *
 * Some variants are searched for what is best in them, with matches from
 * anywhere (flate_search.c). What was chosen is kept, told by where it begins,
 * ends and comes from beside the seams, and a variant then looks at these
 * matches alone and takes the best of those that hold in it.
 */
#ifndef STING_PDF_FLATE_NET_H
#define STING_PDF_FLATE_NET_H

#include "pdf/flate_state.h"

struct flate_net;
struct flate_net *flate_net_new(void); /* NULL: no memory */
void flate_net_free(struct flate_net **net);

/* A match of the variant in flate->text that is to be kept, by places in it.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_net_keep(struct flate *flate,
                                                uint32_t begin, uint32_t length,
                                                uint32_t from);

/* All have been kept. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_net_weave(struct flate *flate);

/* The symbols of the variant in flate->text into flate->symbol. */
void flate_net_follow(struct flate *flate);

/* The same by a search of its own, of what other variants do not know; what
 * is chosen is kept when `keeps`. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_search(struct flate *flate, bool keeps);

#endif
