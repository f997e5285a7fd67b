/*
 * config_zones: the zones of one camera in operation.yaml as they are drawn,
 * the rest as it was written, comments and all. What comes out has been read
 * and says what was wanted, or nothing comes out.
 */
#ifndef STING_OPERATION_CONFIG_ZONES_H
#define STING_OPERATION_CONFIG_ZONES_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "operation/config.h"

struct config_zones {
    size_t count;
    struct config_zone zone[CONFIG_MOST_ZONES];
};

/* Zones from text, one a line: name, bait or "-", copy or "-", then 3 to 32
 * corners "x,y", blanks between; kept to 1/10000. Instructions stay empty.
 * Fails: E_ARG, told; *out kept. */
STING_MUST_USE enum sting_status config_zones_parse(const char *text,
                                                    struct config_zones *out,
                                                    struct fault *fault);

/* The one of that name; NULL. Borrowed. */
const struct config_zone *config_zones_find(const struct config_zones *zones,
                                            const char *name);

/* Append to *out the text with these zones of that camera and no others: a
 * zone of the same name keeps its lines but for bait, copy and polygon, one
 * that does not change keeps all, new ones come last. Fails: E_ARG when there
 * is no such camera, E_FORMAT when the text had mistakes before, E_UNSUPPORTED
 * when it is laid out so that it has to be edited by hand, E_NOMEM. */
STING_MUST_USE enum sting_status config_zones_set(
    struct bytes text, const char *camera, const struct config_zones *wanted,
    struct buffer *out, struct fault *fault);

#endif
