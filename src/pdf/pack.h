/*
 * pack: streams compressed, and object streams without their dead members.
 */
#ifndef STING_PDF_PACK_H
#define STING_PDF_PACK_H

#include "pdf/file.h"
#include "pdf/layout.h"

/* A compressor that is kept from stream to stream. Of a manual, fair packs
 * 1 to 3 % smaller than quick in 1.4 times the time, good 2 % smaller again in
 * 7 times, tight 0.5 % smaller again in 15 times. */
struct pack;
STING_MUST_USE enum sting_status pack_new(enum pack_effort effort,
                                          struct pack **out);
void pack_free(struct pack **pack);

/* Append `plain` as zlib data, tight. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status pack_deflate(struct bytes plain,
                                              struct buffer *out);

/* The same for the samples of an image: more data, packed less hard. */
STING_MUST_USE enum sting_status pack_samples(struct bytes plain,
                                              struct buffer *out);

/* The library's, of when this program was built; and a checksum of what it
 * makes of `plain` at each level that is used. Fails: E_NOMEM. */
const char *pack_version(void);
STING_MUST_USE enum sting_status pack_sum(struct bytes plain, uint32_t *out);

/* Append the object `number` of the layout with its stream replaced by
 * `plain`, compressed if it was; *length is the size of its data. An
 * indirect length is left to the caller. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status pack_stream(
    const struct layout *layout, struct bytes file, int number,
    struct bytes plain, struct pack *pack, struct buffer *out, size_t *length);

/* The zlib data is whole, and of `plain` bytes that add up to its checksum.
 * Fails: E_FORGED when not, E_NOMEM. */
STING_MUST_USE enum sting_status pack_holds(struct pack *pack,
                                            struct bytes packed, size_t plain);

/* The object's stream is compressed. */
bool pack_is_packed(const struct layout *layout, struct bytes file, int number);

/* The same with `data` as it is, which is `plain` bytes deflated or, where the
 * object is not packed, plain. */
STING_MUST_USE enum sting_status pack_data(const struct layout *layout,
                                           struct bytes file, int number,
                                           struct bytes data, size_t plain,
                                           struct buffer *out);

/* Rebuild the object stream `number` if members of it are dead or newer
 * elsewhere; its bytes go to object->instead and its members' places change.
 * Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status pack_without_dead(struct layout *layout,
                                                   struct source *source,
                                                   int number,
                                                   struct fault *fault);

#endif
