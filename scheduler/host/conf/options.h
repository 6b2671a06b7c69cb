/* conf/options.h -- a program's options, out of its argp and the children of that. */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include "conf/conf.h"

/* A row of a table; a heading has a doc alone. */
typedef void (*conf_option)(void *context, const struct argp_option *option);

void conf_each_option(const struct argp *argp, conf_option each, void *context);
bool conf_is_among(const char *name, const char *const *list);
bool conf_is_for_file(const struct conf *conf, const struct argp_option *option);

#endif
