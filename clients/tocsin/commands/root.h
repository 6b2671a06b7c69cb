/* tocsin/commands/root.h -- the subcommands of tocsin root. */
#ifndef TOCSIN_ROOT_H
#define TOCSIN_ROOT_H

int root_new(int argc, char **argv);
int root_rotate(int argc, char **argv);

#endif
