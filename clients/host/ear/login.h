/* ear/login.h -- inside of the module: who we are to a broker, as the payload of FRAME_OPEN. */
#ifndef EAR_LOGIN_H
#define EAR_LOGIN_H

#include <stddef.h>
#include <stdint.h>

#include "mqtt/options.h"

enum { LOGIN_SIZE_MAX = 16 * 1024 };

/* False when it is longer than LOGIN_SIZE_MAX. */
bool login_write(const struct mqtt_login *login, uint8_t out[static LOGIN_SIZE_MAX], size_t *size);

/* The strings borrow from the bytes. */
bool login_read(const uint8_t *bytes, size_t size, struct mqtt_login *out);

#endif
