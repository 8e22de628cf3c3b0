#include "api/api.h"

const struct route entra_routes[] = {
    {0},
};
