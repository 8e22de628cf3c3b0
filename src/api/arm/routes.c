#include "api/api.h"

const struct route arm_routes[] = {
    {0},
};
