/*
 * box_hold: is a record what `import` lines of one name tell of? Its lines are
 * hashed, and none is parsed; and where one lies that has not its name yet.
 */
#ifndef STING_OPERATION_BOX_HOLD_H
#define STING_OPERATION_BOX_HOLD_H

#include "base/base.h"
#include "operation/boxes.h"
#include "operation/imports.h"

#define BOX_COMING ".coming" /* a record that is taken in now, or was not */
#define BOX_COMING_SIZE (sizeof BOX_COMING + 1 + CONFIG_NAME_SIZE)

/* What is wrong with one, the worst last. */
enum box_hold {
    BOX_HOLDS,
    BOX_COMES, /* it waits to be put in place */
    BOX_GONE,
    BOX_SHORTER,
    BOX_OTHER,
    BOX_HOLD_KINDS
};

/* Where a record of that name waits once another import has begun:
 * ".coming@garage", which no name of a box can be. */
void box_coming_name(const char *name, char out[BOX_COMING_SIZE]);

/* The lines of the record in `folder`, held to `count` rows of one name; *at
 * is the row that does not hold. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status box_hold(int folder, const struct import *row,
                                          size_t count, size_t *at,
                                          enum box_hold *out);

#endif
