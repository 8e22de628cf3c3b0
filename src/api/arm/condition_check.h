#ifndef API_ARM_CONDITION_CHECK_H
#define API_ARM_CONDITION_CHECK_H

#include "base/base.h"

/* Whether the engine reads the text as a condition. */
bool arm_condition_is_sound(struct slice text);

#endif
