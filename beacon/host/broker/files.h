/* broker/files.h -- inside of broker: the private folder with mosquitto's configuration. */
#ifndef BROKER_FILES_H
#define BROKER_FILES_H

#include <stdbool.h>

#include "broker/broker.h"
#include "instants/must_use.h"

enum { BROKER_PASSWORD_SIZE = 65 };

struct broker_files {
    char dir[BROKER_PATH_MAX]; /* 0700; empty: there is none */
    char password[BROKER_PASSWORD_SIZE];
    char guard[BROKER_PATH_MAX]; /* the plugin; empty: there is none that mosquitto can read */
};

/* Makes the folder in $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR or /tmp, and the password; finds the
 * plugin. */
TOCSIN_MUST_USE bool broker_files_make(struct broker_files *files, char error[static 256]);

/* Writes the configuration, the access list and the hashed password into it.  websockets_port 0:
 * none. */
TOCSIN_MUST_USE bool broker_files_write(const struct broker_files *files, const char *ask_topic,
                                        int port, int websockets_port, char error[static 256]);

/* When mosquitto is to run as another user than we are: setpriv's options for that. */
bool broker_files_user(char reuid[static 64], char regid[static 64]);

void broker_files_remove(struct broker_files *files);

#endif
