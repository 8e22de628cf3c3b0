#include "api/api.h"

const struct route keyvault_routes[] = {
    {0},
};
