#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *array_add(void *array_pointer, size_t *count, size_t element_bytes)
{
    uint8_t *array = NULL;
    memcpy(&array, array_pointer, sizeof array);
    if ((*count & (*count - 1)) == 0) { /* a power of two, or none: full */
        size_t wanted = *count ? 2 * *count : 1;
        array = reallocarray(array, wanted, element_bytes);
        if (!array) {
            return NULL;
        }
        memcpy(array_pointer, &array, sizeof array);
    }
    uint8_t *element = array + (*count)++ * element_bytes;
    memset(element, 0, element_bytes);
    return element;
}

void *array_add_newest(void *array_pointer, size_t *count, size_t most,
                       size_t element_bytes)
{
    if (*count == most) {
        uint8_t *array = NULL;
        memcpy(&array, array_pointer, sizeof array);
        memmove(array, array + element_bytes, --*count * element_bytes);
    }
    return array_add(array_pointer, count, element_bytes);
}
