/* faults.h -- random stories: a seed makes a world with one window and lets things go wrong in
 * it. */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "sim.h"

/* Makes and lives the story of a seed; sim.violation says what should not have been.  The world is
 * left open for questions.  is_told: with its timeline. */
void faults_story(struct sim *sim, uint64_t seed, bool is_told);

#endif
