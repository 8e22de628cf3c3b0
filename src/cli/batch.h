#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "cli/cli.h"

/*
 * Answers questions from standard input, a JSON object a line:
 * {"principal":…,"action":…,"scope":…,"data":true|false}. One line out for
 * each line in, in order; a line that cannot be answered gives an object
 * with "error", and the run then fails at its end. Blank lines are passed
 * over. Memory does not grow with the input.
 */
enum actas_error batch_run(
    struct cli *cli, enum action_class otherwise) ACTAS_MUST_USE;

#endif
