#include "conf/options.h"

#include <string.h>

bool conf_is_among(const char *name, const char *const *list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        if (strcmp(name, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool conf_is_for_file(const struct conf *conf, const struct argp_option *option)
{
    return option->name != NULL && (option->flags & OPTION_HIDDEN) == 0 &&
           strcmp(option->name, "print-config") != 0 &&
           (strcmp(option->name, "config") != 0 || conf->has_folder) &&
           !conf_is_among(option->name, conf->only_typed);
}

static bool is_end(const struct argp_option *option)
{
    return option->name == NULL && option->doc == NULL && option->key == 0;
}

void conf_each_option(const struct argp *argp, conf_option each, void *context)
{
    for (const struct argp_option *o = argp->options; o != NULL && !is_end(o); o++) {
        each(context, o);
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        if (c->header != NULL && c->header[0] != '\0') {
            each(context, &(struct argp_option){.doc = c->header});
        }
        conf_each_option(c->argp, each, context);
    }
}
