#include "api/arm/condition_check.h"

#include "engine/decide/condition.h"

/* Apart from the rest, since the view's verdict and the condition's share a
 * name. */
bool
arm_condition_is_sound(struct slice text)
{
	return condition_is_wellformed(text);
}
