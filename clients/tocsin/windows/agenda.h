/* tocsin/windows/agenda.h -- what is to be done, and by whom: what waits for a person's signature,
 * what waits for others', what is contested, what ends, and what comes next. */
#ifndef TOCSIN_AGENDA_H
#define TOCSIN_AGENDA_H

#include "tocsin/session/bundle.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

enum agenda_kind {
    AGENDA_REVOKED, /* a key here no longer counts, and none that is here does */
    AGENDA_SIGN,    /* wants a signature that a key here can give */
    AGENDA_WAIT,    /* signed here, wants others' */
    AGENDA_SETTLE,  /* one of the versions of a contested window, or of a frozen root */
    AGENDA_OPEN,    /* beside what is in force; once it has enough signatures it contests */
    AGENDA_RENEW,   /* a root or the dates of a window end soon */
    AGENDA_OVERDUE, /* the heartbeat of a constellation's beacons */
    AGENDA_OFF,     /* a window called off whose time is still to come */
    AGENDA_NEXT,    /* a window still to come */
};

struct agenda_item {
    enum agenda_kind kind;
    const struct view_root *root;
    const struct view_window *window;   /* NULL: the root itself */
    const struct record *record;        /* that wants signatures, or one of the versions; or NULL */
    const struct view_occurrence *next; /* AGENDA_OFF and _NEXT, and where there is one */
    const char *key; /* AGENDA_SIGN: the name of a key here that can sign; AGENDA_REVOKED: which */
    instant at;      /* AGENDA_RENEW, AGENDA_OVERDUE */
};

struct agenda {
    struct agenda_item *item; /* owned; by kind, as above */
    size_t count, room;
    struct signer_own *own; /* owned */
    size_t own_count;
};

/* After session_load; what it points to is the view's. */
int agenda_make(const struct session *session, struct agenda *out);
void agenda_free(struct agenda *agenda);

/* The command that does what an item is about; "" where there is none. */
enum { AGENDA_COMMAND_SIZE = 128 };
void agenda_command(const struct session *session, const struct agenda *agenda,
                    const struct agenda_item *item, char out[static AGENDA_COMMAND_SIZE]);

/* What an AGENDA_REVOKED is, as a sentence. */
enum { AGENDA_REVOKED_SIZE = 2400 };
void agenda_revoked(const struct session *session, const struct agenda_item *item,
                    char out[static AGENDA_REVOKED_SIZE]);

/* Tells on standard error what waits for a signature here, what for whose elsewhere, and what comes
 * next: how a sync ends. */
void agenda_tell(const struct session *session);

/* Writes what is to be sent, or tells how (bundle_send), to those whom it waits for. */
int agenda_send(struct session *session, const struct bundle_about *about, size_t count);

/* How everything ends that was signed: what is to be sent is written, or told (bundle_send), and
 * what then waits for whom. */
int agenda_conclude(struct session *session, const struct bundle_about *about, size_t count);
int agenda_conclude_one(struct session *session, const struct record *record);

#endif
