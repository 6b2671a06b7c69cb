/* instants/must_use.h -- the one word that every header wants, apart from the types of time:
 * whoever changes those rebuilds no more than what computes with them. */
#ifndef INSTANTS_MUST_USE_H
#define INSTANTS_MUST_USE_H

#define TOCSIN_MUST_USE __attribute__((warn_unused_result))

#endif
