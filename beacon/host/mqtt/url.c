#include "mqtt/url.h"

#include <string.h>

#include "text/text.h"

static bool copy_host(struct text host, struct mqtt_url *out)
{
    if (host.len == 0 || host.len >= sizeof out->host) {
        return false;
    }
    memcpy(out->host, host.at, host.len);
    out->host[host.len] = '\0';
    return true;
}

/* Stricter than RFC 3986: a name and a password in a URL would stand in process lists and logs, and
 * what the library takes for a host must be one. */
bool mqtt_url_read(const char *text, struct mqtt_url *out, const char **why)
{
    struct mqtt_url url = {0};
    if (text_has_scheme(text, "unix:/")) {
        const char *path = text + strlen("unix:");
        if (strlen(path) > 107) { /* sun_path, with its NUL */
            *why = "the path of a unix socket has at most 107 bytes";
            return false;
        }
        if (!copy_host(text_of(path), &url)) {
            *why = "unix: needs a path";
            return false;
        }
        *out = url;
        return true;
    }
    url.is_tls = text_has_scheme(text, "mqtts://");
    if (!url.is_tls && !text_has_scheme(text, "mqtt://")) {
        *why = text_has_scheme(text, "ws://") || text_has_scheme(text, "wss://")
                   ? "ws:// and wss:// are for browsers: give the broker's mqtt:// or mqtts:// URL"
                   : "a broker is mqtt://HOST[:PORT], mqtts://HOST[:PORT] or unix:/PATH";
        return false;
    }
    const char *host = strstr(text, "://") + 3;
    if (strpbrk(host, " \t\r\n") != NULL) {
        *why = "a broker URL has no space in it";
        return false;
    }
    if (strpbrk(host, "@/?#") != NULL) {
        *why = "a broker URL has no user, path or query (use --user and --password-fd)";
        return false;
    }
    struct text after;
    if (!copy_host(text_host(text_of(host), &after), &url)) {
        *why = "the broker URL names no host";
        return false;
    }
    url.port = url.is_tls ? MQTT_TLS_PORT : MQTT_PORT;
    if (after.len > 0 && !text_read_port(after, &url.port)) {
        *why = "the broker's port is a number from 1 to 65535, with no zero before it";
        return false;
    }
    *out = url;
    return true;
}

bool mqtt_url_is_local(const struct mqtt_url *url)
{
    bool is_number = url->host[strspn(url->host, "0123456789.")] == '\0'; /* no name 127.example */
    return url->port == 0 || strcmp(url->host, "localhost") == 0 || strcmp(url->host, "::1") == 0 ||
           (is_number && strncmp(url->host, "127.", 4) == 0);
}
