/* sign_table: numbers that tools/train_sign.py learned; see sign.h. */
#ifndef STING_IMAGE_SIGN_TABLE_H
#define STING_IMAGE_SIGN_TABLE_H

#include "base/base.h"

#define SIGN_BITS 64
#define SIGN_SHIFT 10 /* a value is a weighted sum, so many bits lower */
#define SIGN_CENTRES 128
#define SIGN_FIRST 8   /* values that the first half of a cell looks at */
#define SIGN_SECOND 12 /* the values after these, for the second half */

extern const int16_t sign_weight[SIGN_BITS][128];
extern const int16_t sign_median[SIGN_BITS];
extern const int16_t sign_first[SIGN_CENTRES][SIGN_FIRST];
extern const int16_t sign_second[SIGN_CENTRES][SIGN_SECOND];

#endif
