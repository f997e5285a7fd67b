/*
 * array: elements that are added one by one.
 *
 * An array begins as NULL with a count of 0 and grows by array_add alone; who
 * has it frees it. It doubles where the count is a power of two, so that no
 * capacity is kept. The count may go down; what there was stays allocated.
 */
#ifndef STING_BASE_ARRAY_H
#define STING_BASE_ARRAY_H

#include <stddef.h>

#include "base/base.h"

/* One more element at the end of the array that `array_pointer` points to: all
 * zero, and *count is one more. Good until the next is added. Fails: NULL
 * without memory; nothing changed. */
STING_MUST_USE void *array_add(void *array_pointer, size_t *count,
                               size_t element_bytes);

/* The same where only the newest `most`, 1 or more, are kept: of so many the
 * first goes, and the others move up. */
STING_MUST_USE void *array_add_newest(void *array_pointer, size_t *count,
                                      size_t most, size_t element_bytes);

#endif
