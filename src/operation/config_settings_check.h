/*
 * config_settings_check: what may come of settings from afar, whatever was
 * sent: nothing else says anything new, and the record is not made less.
 */
#ifndef STING_OPERATION_CONFIG_SETTINGS_CHECK_H
#define STING_OPERATION_CONFIG_SETTINGS_CHECK_H

#include "operation/config.h"

/* Would less be recorded, or kept, than before? */
bool config_settings_are_less(const struct config *before,
                              const struct config *after);

/* Do they differ in nothing but settings? *after is no more what it was. */
bool config_settings_else_same(const struct config *before,
                               struct config *after);

#endif
