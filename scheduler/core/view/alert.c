#include <string.h>

#include "view/internal.h"

void build_alert(struct build *build, const struct record_id *about, struct view_fact fact)
{
    if (build->alert_count == build->alert_room) {
        size_t room = build->alert_room == 0 ? 16 : build->alert_room * 2;
        struct view_alert *more = arena_take(&build->arena, room, sizeof *more);
        if (more == NULL) {
            return;
        }
        if (build->alert_count > 0) {
            memcpy(more, build->alert, build->alert_count * sizeof *more);
        }
        build->alert = more;
        build->alert_room = room;
    }
    build->alert[build->alert_count++] = (struct view_alert){.record = *about, .fact = fact};
}
