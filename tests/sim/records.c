/* records.c -- what the organizers (keys 1, 2, 3) and others declared, and the views of it. */
#include "sim.h"

size_t sim_put(struct sim *sim, struct record *record, const unsigned *by, struct sim_truth truth)
{
    size_t number = sim->records.count;
    assert_true(number < 64);
    struct record *here; /* as this world's leap seconds have it */
    struct record_error error;
    assert_true(record_read(record->bytes, record->size, &sim->leap, &here, &error));
    record_free(record);
    put(&sim->records, here, by);
    sim->truth[number] = truth;
    return number;
}

static const unsigned *organizers(size_t signers)
{
    static const unsigned by[] = {1, 2, 3, 0};
    assert_true(signers <= 3);
    return &by[3 - signers];
}

size_t sim_add_window(struct sim *sim, unsigned uid, size_t prev, utc start, int64_t for_s,
                      size_t signers)
{
    char at[64] = "one ";
    stamp_write(start, at + 4);
    struct forge_window window = {
        .root = sim->records.anchor.root, .uid = uid, .at = {at}, .for_s = for_s};
    if (prev != 0) {
        window.prev[0] = sim->records.record[prev];
        window.seq = sim->truth[prev].seq + 1;
    }
    return sim_put(
        sim, forge_make_window(window), organizers(signers),
        (struct sim_truth){.is_true = signers >= 2, .uid = uid, .seq = window.seq, .start = start});
}

size_t sim_add_cancel(struct sim *sim, size_t window, size_t signers)
{
    return sim_put(sim, forge_make_cancel(sim->records.record[window], "rain"), organizers(signers),
                   (struct sim_truth){.is_true = signers >= 2,
                                      .is_cancel = true,
                                      .uid = sim->truth[window].uid,
                                      .seq = sim->truth[window].seq + 1});
}

void sim_add_neighbours(struct sim *sim, size_t beacons, utc start)
{
    struct forge_root root = {.threshold = 1, .organizer = {5, 6}, .name = "Next Door"};
    for (size_t i = 0; i < beacons; i++) {
        size_t which = sim_add_beacon(sim, &PROFILES[0]);
        sim->beacon[which].is_neighbour = true;
        root.beacon[i] = 11 + (unsigned)which;
    }
    size_t number =
        sim_put(sim, forge_make_root(root), BY(5), (struct sim_truth){.is_true = false});
    sim->neighbours.root = sim->records.record[number];
    sim->neighbours_known = UINT64_C(3) << number;
    char at[64] = "one ";
    stamp_write(start, at + 4);
    sim_put(sim,
            forge_make_window((struct forge_window){
                .root = sim->neighbours.root, .uid = 99, .at = {at}, .for_s = 60}),
            BY(5), (struct sim_truth){.is_true = true, .uid = 99, .start = start});
}

const struct view *sim_view(struct sim *sim, uint64_t records, utc now)
{
    records |= sim->neighbours_known;
    int64_t bucket = now.ns / (10 * NS_PER_S);
    for (size_t i = 0; i < SIM_VIEWS_MAX; i++) {
        if (sim->view[i].view != NULL && sim->view[i].records == records &&
            sim->view[i].bucket == bucket) {
            return sim->view[i].view;
        }
    }
    struct view_entry entry[64];
    size_t count = 0;
    for (size_t i = 0; i < sim->records.count; i++) {
        if ((records >> i & 1) != 0) {
            entry[count++] = sim->records.entry[i];
        }
    }
    struct sim_view *place = &sim->view[sim->view_next++ % SIM_VIEWS_MAX];
    view_free(place->view);
    *place = (struct sim_view){.records = records, .bucket = bucket};
    struct view_anchor anchor[] = {sim->records.anchor, sim->neighbours};
    assert_true(view_build(entry, count, anchor, sim->neighbours.root != NULL ? 2 : 1,
                           leap_from_utc(&sim->leap, (utc){bucket * 10 * NS_PER_S}, NULL),
                           &place->view));
    return place->view;
}

bool sim_truth(const struct sim *sim, uint64_t records, unsigned uid, utc *start)
{
    bool found = false;
    unsigned seq = 0;
    for (size_t i = 1; i < sim->records.count; i++) {
        const struct sim_truth *truth = &sim->truth[i];
        if ((records >> i & 1) == 0 || !truth->is_true || truth->uid != uid) {
            continue;
        }
        if (truth->is_cancel) {
            return false;
        }
        if (!found || truth->seq > seq) {
            found = true;
            seq = truth->seq;
            *start = truth->start;
        }
    }
    return found;
}
