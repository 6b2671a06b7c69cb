/* http/socket.h -- inside of the module: the listening socket. */
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include "http/http.h"

/* A listening, non-blocking socket on "HOST:PORT"; url says where.  -1 with *error filled. */
int listen_on(const char *address, char url[static HTTP_URL_SIZE], struct http_error *error);

#endif
