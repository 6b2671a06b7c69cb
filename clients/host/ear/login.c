#include "ear/login.h"

#include <string.h>

enum { FIELDS = 5 };

/* Each field: an octet, 0 for absent, then the string and its NUL. */
bool login_write(const struct mqtt_login *login, uint8_t out[static LOGIN_SIZE_MAX], size_t *size)
{
    const char *const field[FIELDS] = {login->ca_file, login->cert_file, login->key_file,
                                       login->user, login->password};
    *size = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = field[i] != NULL ? field[i] : "";
        size_t length = strlen(text) + 1;
        if (LOGIN_SIZE_MAX - *size < length + 1) {
            return false;
        }
        out[(*size)++] = field[i] != NULL;
        memcpy(out + *size, text, length);
        *size += length;
    }
    return true;
}

bool login_read(const uint8_t *bytes, size_t size, struct mqtt_login *out)
{
    const char *field[FIELDS];
    size_t at = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const uint8_t *end = at < size ? memchr(bytes + at + 1, '\0', size - at - 1) : NULL;
        if (end == NULL) {
            return false;
        }
        field[i] = bytes[at] != 0 ? (const char *)bytes + at + 1 : NULL;
        at = (size_t)(end - bytes) + 1;
    }
    *out = (struct mqtt_login){.ca_file = field[0],
                               .cert_file = field[1],
                               .key_file = field[2],
                               .user = field[3],
                               .password = field[4]};
    return at == size;
}
