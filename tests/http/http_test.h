#ifndef HTTP_TEST_H
#define HTTP_TEST_H

/* What the tests of server and client share. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/base.h"

/* A new folder with ca.pem, server.pem and server.key, and its end. */
void test_folder_make(char folder[static 64]);
void test_folder_remove(const char *folder);
/* "folder/name", until the next call but three. */
const char *test_path(const char *folder, const char *name);

/* A connection to a port of 127.0.0.1, with a time limit on everything. */
int test_connect(uint16_t port);
/* Sends a request and reads one answer with a Content-Length into 'into' (a
 * C string): its status; 0 where the connection ended before its end. */
unsigned test_ask(int fd, const char *request, char *into, size_t room);

#endif
