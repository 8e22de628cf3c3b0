#include "api/api.h"

const struct route graph_routes[] = {
    {0},
};
