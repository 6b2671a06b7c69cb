/* store/stream.h -- the sync stream moved to stream/stream.h; include that. */
#include "stream/stream.h"
