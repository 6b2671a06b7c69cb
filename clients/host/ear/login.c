#include "ear/login.h"

#include <string.h>

/* Each field: an octet, 0 for absent, then the string and its NUL. */
bool login_write(const struct mqtt_login *login, uint8_t out[static LOGIN_SIZE_MAX], size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < MQTT_LOGIN_TEXTS; i++) {
        const char *text = login->text[i] != NULL ? login->text[i] : "";
        size_t length = strlen(text) + 1;
        if (LOGIN_SIZE_MAX - *size < length + 1) {
            return false;
        }
        out[(*size)++] = login->text[i] != NULL;
        memcpy(out + *size, text, length);
        *size += length;
    }
    return true;
}

bool login_read(const uint8_t *bytes, size_t size, struct mqtt_login *out)
{
    *out = (struct mqtt_login){0};
    size_t at = 0;
    for (size_t i = 0; i < MQTT_LOGIN_TEXTS; i++) {
        const uint8_t *end = at < size ? memchr(bytes + at + 1, '\0', size - at - 1) : NULL;
        if (end == NULL) {
            return false;
        }
        out->text[i] = bytes[at] != 0 ? (const char *)bytes + at + 1 : NULL;
        at = (size_t)(end - bytes) + 1;
    }
    return at == size;
}
