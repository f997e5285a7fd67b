/*
 * flow: zlib data made of bytes that come a piece at a time, for what is too
 * large to be had at once.
 */
#ifndef STING_PDF_FLOW_H
#define STING_PDF_FLOW_H

#include "base/buffer.h"

struct flow;

/* What is deflated is appended to *out, which the flow borrows. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status flow_new(struct buffer *out,
                                          struct flow **flow);
void flow_free(struct flow **flow);

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flow_put(struct flow *flow,
                                          struct bytes plain);
STING_MUST_USE enum sting_status flow_end(struct flow *flow);

const char *flow_version(void); /* zlib's, of the library at hand */

#endif
