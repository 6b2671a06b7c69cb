/* http/mhd.h -- inside of the module: libmicrohttpd, loaded by the first server. */
#ifndef HTTP_MHD_H
#define HTTP_MHD_H

#include <stdbool.h>

#include <microhttpd.h>

#define MHD_FUNCTIONS(ONE)                                                                         \
    ONE(start_daemon)                                                                              \
    ONE(stop_daemon)                                                                               \
    ONE(run)                                                                                       \
    ONE(get_timeout)                                                                               \
    ONE(get_daemon_info)                                                                           \
    ONE(get_connection_info)                                                                       \
    ONE(get_connection_values)                                                                     \
    ONE(lookup_connection_value)                                                                   \
    ONE(http_unescape)                                                                             \
    ONE(create_response_from_buffer)                                                               \
    ONE(create_response_from_buffer_with_free_callback_cls)                                        \
    ONE(create_response_from_callback)                                                             \
    ONE(set_response_options)                                                                      \
    ONE(add_response_header)                                                                       \
    ONE(queue_response)                                                                            \
    ONE(destroy_response)

/* Called without their MHD_: mhd.run(daemon). */
struct mhd {
#define ONE(name) __typeof__(MHD_##name) *(name);
    MHD_FUNCTIONS(ONE)
#undef ONE
};

/* NULLs until mhd_load() was true. */
extern struct mhd mhd;

bool mhd_load(void);

#endif
