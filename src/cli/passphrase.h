#ifndef CLI_PASSPHRASE_H
#define CLI_PASSPHRASE_H

/*
 * A passphrase for the master key, from a terminal without echo or from a
 * file. Never from an argument or the environment, which others can read.
 */

#include "cli/cli.h"
#include "keys/secret.h"

#define OPTION_ROWS_PASSPHRASE                                               \
	{OPTION_PASSPHRASE, 0, "passphrase", NULL, NULL,                     \
	    "lock the master key with a passphrase, asked on the terminal"}, \
	{                                                                    \
		OPTION_PASSPHRASE_FILE, 0, "passphrase-file", "FILE", NULL,  \
		    "the same, read from a file (- is standard input, "      \
		    "/dev/fd/N a descriptor); one line break at its end "    \
		    "does not count"                                         \
	}

/*
 * As the options say; empty where they say nothing, unless 'wanted'. 'twice':
 * a new one, which is typed again. ACTAS_EUSAGE where there is no terminal,
 * or the two differ.
 */
enum actas_error passphrase_read(struct cli *cli, bool wanted, bool twice,
    struct secret_bytes *passphrase) ACTAS_MUST_USE;

#endif
