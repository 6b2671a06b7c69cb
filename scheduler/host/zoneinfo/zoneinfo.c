#include "zoneinfo/zoneinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "files/files.h"

enum { TABLE_BYTES_MAX = 1 << 20, ENTRIES_MAX = 1024, NAMES_MAX = 2048 };

struct zoneinfo {
    int folder;
    size_t zones;
    struct {
        char name[ZONE_NAME_SIZE]; /* as asked for */
        struct zone *zone;
    } kept[ZONEINFO_ZONES_MAX];
    size_t entries;
    struct zoneinfo_entry entry[ENTRIES_MAX]; /* its texts lie in table */
    char *table;                              /* owned */
    struct zoneinfo_name *name;               /* owned; ascending; its texts lie in the two below */
    size_t names;
    char *tab, *zi; /* owned: zone.tab and tzdata.zi, cut into words */
    char version[ZONEINFO_VERSION_SIZE];
    const char *why;
};

/* A whole regular file of at most max bytes, NUL-terminated; NULL on any failure. */
static char *load(int folder, const char *name, size_t max, size_t *len)
{
    uint8_t *bytes;
    struct files_error why;
    bool done = files_load_at(folder, name, FILES_REGULAR, max, &bytes, len, &why) == FILES_OK;
    return done ? (char *)bytes : NULL;
}

bool zoneinfo_is_name(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len >= ZONE_NAME_SIZE) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '_';
        bool is_inner_slash = c == '/' && i > 0 && i + 1 < len && name[i - 1] != '/';
        if (!is_plain && !is_inner_slash) {
            return false;
        }
    }
    return true;
}

/* One part of an ISO 6709 position, +DDMM or +DDDMMSS, in degrees. */
static double read_angle(const char *text, size_t len)
{
    bool has_seconds = len >= 7; /* with the sign: +DDMM, +DDDMM, +DDMMSS, +DDDMMSS */
    size_t degrees_len = len - 1 - (has_seconds ? 4 : 2);
    double parts[3] = {0, 0, 0};
    const char *at = text + 1;
    for (size_t i = 0; i < degrees_len; i++) {
        parts[0] = parts[0] * 10 + (*at++ - '0');
    }
    for (int part = 1; part < (has_seconds ? 3 : 2); part++) {
        parts[part] = (at[0] - '0') * 10 + (at[1] - '0');
        at += 2;
    }
    double degrees = parts[0] + parts[1] / 60 + parts[2] / 3600;
    return *text == '-' ? -degrees : degrees;
}

/* codes TAB position TAB zone [TAB comment] */
static bool read_entry(char *line, struct zoneinfo_entry *out)
{
    char *position = strchr(line, '\t');
    char *name = position != NULL ? strchr(position + 1, '\t') : NULL;
    if (name == NULL) {
        return false;
    }
    *position++ = '\0';
    *name++ = '\0';
    name[strcspn(name, "\t")] = '\0';
    size_t len = strlen(position), first = 1 + strcspn(position + 1, "+-");
    if (len < 10 || len > 15 || strspn(position, "+-0123456789") != len || first < 5 ||
        len - first < 6) {
        return false;
    }
    *out = (struct zoneinfo_entry){name, line, read_angle(position, first),
                                   read_angle(position + first, len - first)};
    return zoneinfo_is_name(name);
}

static void read_table(struct zoneinfo *info)
{
    char *rest = info->table;
    while (rest != NULL && info->entries < ENTRIES_MAX) {
        char *line = strsep(&rest, "\n");
        if (*line != '#' && *line != '\0' && read_entry(line, &info->entry[info->entries])) {
            info->entries++;
        }
    }
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct zoneinfo_name *)left)->name,
                  ((const struct zoneinfo_name *)right)->name);
}

static struct zoneinfo_name *find_name(const struct zoneinfo *info, size_t count, const char *name)
{
    struct zoneinfo_name wanted = {.name = name};
    return count == 0 ? NULL : bsearch(&wanted, info->name, count, sizeof *info->name, by_name);
}

static void add_name(struct zoneinfo *info, const char *name, const char *home, const char *country)
{
    if (info->names < NAMES_MAX && zoneinfo_is_name(name) && strcmp(name, "Factory") != 0) {
        info->name[info->names++] = (struct zoneinfo_name){name, home, country};
    }
}

/* zone.tab: code TAB position TAB zone [TAB comment] */
static void read_tab(struct zoneinfo *info)
{
    char *rest = info->tab;
    while (rest != NULL) {
        char *line = strsep(&rest, "\n");
        char *country = strsep(&line, "\t");
        char *position = strsep(&line, "\t");
        char *name = strsep(&line, "\t");
        if (*country != '#' && position != NULL && name != NULL) {
            add_name(info, name, name, country);
        }
    }
    qsort(info->name, info->names, sizeof *info->name, by_name);
}

/* tzdata.zi: "# version 2026f", then "Z Name ..." and "L Target Name" lines among others. */
static void read_zi(struct zoneinfo *info)
{
    size_t homes = info->names;
    char *rest = info->zi;
    while (rest != NULL) {
        char *line = strsep(&rest, "\n");
        if (sscanf(line, "# version %15s", info->version) == 1) {
            continue;
        }
        char *kind = strsep(&line, " ");
        char *first = strsep(&line, " ");
        char *second = strsep(&line, " ");
        bool is_link = strcmp(kind, "L") == 0;
        const char *name = is_link ? second : first;
        if ((!is_link && strcmp(kind, "Z") != 0) || name == NULL ||
            find_name(info, homes, name) != NULL) {
            continue;
        }
        const struct zoneinfo_name *home = is_link ? find_name(info, homes, first) : NULL;
        add_name(info, name, home != NULL ? home->name : name, home != NULL ? home->country : "");
    }
    qsort(info->name, info->names, sizeof *info->name, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < info->names; i++) {
        if (kept == 0 || strcmp(info->name[kept - 1].name, info->name[i].name) != 0) {
            info->name[kept++] = info->name[i];
        }
    }
    info->names = kept;
}

struct zoneinfo *zoneinfo_open(const char *folder)
{
    struct zoneinfo *info = calloc(1, sizeof *info);
    if (info == NULL) {
        return NULL;
    }
    info->folder =
        open(folder != NULL ? folder : "/usr/share/zoneinfo", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (info->folder < 0) {
        free(info);
        return NULL;
    }
    size_t len;
    info->table = load(info->folder, "zone1970.tab", TABLE_BYTES_MAX, &len);
    read_table(info);
    info->name = malloc(NAMES_MAX * sizeof *info->name);
    if (info->name == NULL) {
        zoneinfo_close(info);
        return NULL;
    }
    info->tab = load(info->folder, "zone.tab", TABLE_BYTES_MAX, &len);
    read_tab(info);
    info->zi = load(info->folder, "tzdata.zi", TABLE_BYTES_MAX, &len);
    read_zi(info);
    return info;
}

void zoneinfo_close(struct zoneinfo *info)
{
    if (info == NULL) {
        return;
    }
    for (size_t i = 0; i < info->zones; i++) {
        zone_free(info->kept[i].zone);
    }
    close(info->folder);
    free(info->table);
    free(info->name);
    free(info->tab);
    free(info->zi);
    free(info);
}

/* The spelling of the zone's file, for a name in any case. */
static const char *spelling(const struct zoneinfo *info, const char *name)
{
    const struct zoneinfo_name *known = zoneinfo_name_find(info, name);
    return known != NULL ? known->name : name;
}

static struct zone *load_zone(struct zoneinfo *info, const char *name)
{
    size_t len;
    char *bytes = load(info->folder, name, ZONE_BYTES_MAX, &len);
    if (bytes == NULL) {
        if (strcasecmp(name, "UTC") == 0) {
            return zone_fixed("UTC", 0);
        }
        info->why = "no such zone";
        return NULL;
    }
    struct zone *zone = NULL;
    enum zone_result result = zone_read(name, (const uint8_t *)bytes, len, &zone);
    free(bytes);
    if (result != ZONE_READ) {
        info->why = zone_result_text(result);
        return NULL;
    }
    return zone;
}

const struct zone *zoneinfo_find(struct zoneinfo *info, const char *name)
{
    for (size_t i = 0; i < info->zones; i++) {
        if (strcasecmp(info->kept[i].name, name) == 0) {
            return info->kept[i].zone;
        }
    }
    if (!zoneinfo_is_name(name)) {
        info->why = "not a zone name";
        return NULL;
    }
    if (info->zones == ZONEINFO_ZONES_MAX) {
        info->why = "too many zones in use";
        return NULL;
    }
    struct zone *zone = load_zone(info, spelling(info, name));
    if (zone != NULL) {
        strcpy(info->kept[info->zones].name, name); /* is_name bounds its length */
        info->kept[info->zones++].zone = zone;
    }
    return zone;
}

const char *zoneinfo_why(const struct zoneinfo *info)
{
    return info->why != NULL ? info->why : "no such zone";
}

const char *zoneinfo_version(const struct zoneinfo *info)
{
    return info->version[0] != '\0' ? info->version : NULL;
}

size_t zoneinfo_count(const struct zoneinfo *info)
{
    return info->entries;
}

struct zoneinfo_entry zoneinfo_entry(const struct zoneinfo *info, size_t index)
{
    return info->entry[index];
}

size_t zoneinfo_name_count(const struct zoneinfo *info)
{
    return info->names;
}

struct zoneinfo_name zoneinfo_name_get(const struct zoneinfo *info, size_t index)
{
    return info->name[index];
}

const struct zoneinfo_name *zoneinfo_name_find(const struct zoneinfo *info, const char *name)
{
    for (size_t i = 0; i < info->names; i++) {
        if (strcasecmp(info->name[i].name, name) == 0) {
            return &info->name[i];
        }
    }
    return NULL;
}

/* Keeps what follows "zoneinfo/" in a path, or the text itself when it is no path. */
static bool take_name(const char *text, char out[static ZONE_NAME_SIZE])
{
    const char *after = strstr(text, "zoneinfo/");
    const char *name = after != NULL ? after + strlen("zoneinfo/") : text;
    if (!zoneinfo_is_name(name)) {
        return false;
    }
    strcpy(out, name);
    return true;
}

bool zoneinfo_host(const struct zoneinfo *info, char out[static ZONE_NAME_SIZE])
{
    (void)info;
    const char *variable = getenv("TZ");
    if (variable != NULL && *variable != '\0' && take_name(variable + (*variable == ':'), out)) {
        return true;
    }
    char target[PATH_MAX];
    ssize_t len = readlink("/etc/localtime", target, sizeof target - 1);
    if (len > 0) {
        target[len] = '\0';
        if (strstr(target, "zoneinfo/") != NULL && take_name(target, out)) {
            return true;
        }
    }
    size_t size;
    char *text = load(AT_FDCWD, "/etc/timezone", 256, &size);
    bool found = false;
    if (text != NULL) {
        text[strcspn(text, "\n")] = '\0';
        found = take_name(text, out);
        free(text);
    }
    return found;
}
