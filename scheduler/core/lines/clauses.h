/* lines/clauses.h -- inside of the front: whether a piece begins a time, a place, a length or a
 * bound, and what takes one into the line: false where there is none, or it makes no sense. */
#ifndef LINES_CLAUSES_H
#define LINES_CLAUSES_H

#include "lines/line.h"

bool is_part_of_day(const struct piece *piece);
int32_t minutes_before(const struct piece *piece);
bool may_follow_hour(const struct piece *next);
bool is_one_oclock(const struct line *line, size_t at);
bool is_hour(const struct line *line, size_t at);
bool begins_hour(const struct line *line, size_t at);
bool take_time(struct line *line, bool after_at);
bool take_hours(struct line *line);
bool take_days(struct line *line);
/* Asks of which year the day behind a "since" or "until" is; true: it is taken. */
bool ask_year(struct line *line, enum bound_kind kind);
/* A stretch of days that stands before a series is its season. */
void use_season(struct line *line);
bool take_part(struct line *line);
/* Asks which half of the day an hour is in, where nothing has said so. */
void line_doubt_hour(struct line *line);
bool take_named_time(struct line *line);
bool is_where(const struct piece *piece);
bool take_where(struct line *line);
bool take_span(struct line *line, bool after_for);
void skip_joints(struct line *line);
bool take_bound(struct line *line, enum bound_kind kind);
void add_bound(struct line *line, enum bound_kind kind, struct civil_date date);

#endif
