/* occurrences/evaluate.h -- rule_evaluate with an ear on every choice it makes, for rule_explain.
 */
#ifndef OCCURRENCES_EVALUATE_H
#define OCCURRENCES_EVALUATE_H

#include "occurrences/context.h"

typedef void evaluate_trace(void *context, int32_t day, const struct rule_remark *how);

TOCSIN_MUST_USE enum rule_result evaluate_traced(const struct rule *rule,
                                                 const struct rule_world *world, utc from, utc to,
                                                 rule_sink *sink, void *context,
                                                 struct rule_error *error, evaluate_trace *trace,
                                                 void *trace_context);

#endif
