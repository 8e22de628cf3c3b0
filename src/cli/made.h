#ifndef CLI_MADE_H
#define CLI_MADE_H

/*
 * What init made, told once: the secrets in it are nowhere else. They go
 * straight from the secure heap to the descriptor.
 */

#include "cli/cli.h"
#include "platform/platform.h"

enum actas_error made_tell_text(struct cli *cli, const char *folder,
    const struct platform_made *made) ACTAS_MUST_USE;
enum actas_error made_tell_json(struct cli *cli, const char *folder,
    const struct platform_made *made) ACTAS_MUST_USE;

/* The folder that the operand names, or the user's own; in the arena. */
enum actas_error made_folder(
    struct cli *cli, const char **folder) ACTAS_MUST_USE;

#endif
