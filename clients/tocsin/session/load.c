#include "tocsin/session/load.h"

#include <stdlib.h>

#include "say/say.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/roots.h"

static int lay_root_over(struct session *session)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(session->options->root, &bytes, &size);
    if (code == EXIT_DONE) {
        session_lay_over(session, bytes, size);
        free(bytes);
    }
    return code;
}

int session_load(struct session *session, bool create)
{
    session_unload(session);
    int code = session_open_store(session, create);
    if (code != EXIT_DONE) {
        return code;
    }
    if (session->store != NULL) {
        struct store_error error;
        enum store_result result =
            store_load(session->store, session_note, NULL, &session->set, &error);
        if (result != STORE_OK) {
            session->set = (struct store_set){0};
            return say_outside("%s", error.message);
        }
    }
    code = roots_load(session);
    if (code == EXIT_DONE && roots_is_file(session)) {
        return lay_root_over(session);
    }
    if (code == EXIT_DONE) {
        session_build_view(session);
    }
    return code;
}

static int load_as_needed(struct session *session, enum session_need need, const char *window)
{
    int code = session_load(session, need == NEED_VIEW_TO_WRITE);
    if (code == EXIT_DONE && need == NEED_ROOT) {
        code = session_choose_root(session);
    } else if (code == EXIT_DONE && need == NEED_WINDOW) {
        code = session_find_window(session, window, &session->window);
        session->root =
            code == EXIT_DONE ? view_find_root(session->view, &session->window->root) : NULL;
    }
    return code;
}

int session_need(struct session *session, enum session_need need, const char *window)
{
    int code = need >= NEED_FOLDERS ? session_find_folders(session) : EXIT_DONE;
    if (code == EXIT_DONE && need == NEED_STORE) {
        code = session_open_store(session, false);
    } else if (code == EXIT_DONE && need >= NEED_VIEW) {
        code = load_as_needed(session, need, window);
    }
    return code;
}
