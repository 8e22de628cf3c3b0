#include "api/api.h"

const struct route admin_routes[] = {
    {0},
};
