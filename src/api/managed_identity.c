#include "api/api.h"

const struct route managed_identity_routes[] = {
    {0},
};
