"""reference.py -- the fit of discipline/offset.h once more, as plainly as it can be written, for the rows in
tests/unit/test_discipline_offset.c.  python3 tests/golden/offset/reference.py prints them.

Whole nanoseconds are made by the same few lines of arithmetic in both; the tightest slope is searched here by thirds, the
factorials are lgamma's."""
import math

BEND, QUARTER, FAR, READ, QUEUE, FEW = 0.5e-6, math.log(4 / 3), 6, 3e-6, 0.05, 4
CASES = [  # seed, ticks, answers, questions, the queue of ticks in ns, drift in 1e-9
    (1, 40, 16, 16, 0, 20000), (2, 40, 16, 16, 2000000, -35000), (3, 60, 8, 8, 150000, 0), (4, 60, 8, 8, 90000, 0),
    (5, 60, 8, 8, 39500, 0), (5, 60, 8, 8, 38900, 0), (6, 2, 2, 2, 0, 5000), (7, 0, 6, 6, 0, 0), (8, 12, 0, 3, 0, 90000), (9, 5, 3, 3, 700000, 10000),
    (10, 200, 33, 33, 30000, -8000), (11, 4, 4, 4, 5000000, 0), (12, 30, 30, 30, 60000, 40000),
    (13, 2, 1, 1, 5000000, 0), (14, 3, 1, 1, 5000000, 0),
    (15, 1, 6, 6, 5000000, 0), (16, 40, 16, 16, -200000, 0), (21, 1, 0, 6, 0, 20000), (18, 2, 2, 2, 5000000, 0), (20, 7, 1, 5, 900000, 0),
    (32, 4, 3, 4, 225000, 0), (33, 4, 3, 4, 550000, 0)]


class Noise:
    def __init__(self, seed):
        self.at = seed

    def ns(self, most):
        """More often little than much."""
        self.at = (self.at * 1103515245 + 12345) % 2**31
        u = self.at >> 11  # of 2^20
        return u * u // 2**20 * most // 2**20


def points(case):
    seed, ticks, answers, questions, queue, drift = case
    noise, told = Noise(seed), ([], [], [])
    for kind, count, step, base, most in ((0, ticks, 1000000007, 250000 + queue, 400000), (1, answers, 2700000011, 250000, 400000),
                                          (2, questions, 2700000011, -180000, -300000)):
        for i in range(count):
            x = 5000000000 + i * step + kind * 1000003
            delay = base + (noise.ns(most) if most > 0 else -noise.ns(-most))
            told[kind].append((x, 77000000 + delay + x // 1000000 * drift // 1000))
    return told


def height(p, sign, slope):
    return p[1] - sign * slope * p[0]


def floor(group, slope):
    return min(height(p, group[1], slope) for p in group[0])


def gaps(group, slope):
    return sum(height(p, group[1], slope) - floor(group, slope) for p in group[0]) if group[0] else 0


def tightest(groups):
    low, high = -PRIOR, PRIOR
    for _ in range(60):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if sum(gaps(g, a) for g in groups) <= sum(gaps(g, b) for g in groups) else (a, high)
    return (low + high) / 2


def scale(group, slope):
    over = sorted(height(p, group[1], slope) - floor(group, slope) for p in group[0])
    at = (len(over) - 1) / 4
    k = int(at)
    return (over[k] + (at - k) * (over[k + 1] - over[k]) if k + 1 < len(over) else over[-1]) / QUARTER + READ


def evidence(apart, apart_slope, together, together_slope):
    """How much better two floors explain ticks and answers than one, as a logarithm; None: they cannot be told apart."""
    (tick, _), (answer, _), both = apart[0], apart[2], together[0]
    if not tick or not answer or len(both[0]) < 3 or floor(apart[2], apart_slope) >= floor(apart[0], apart_slope):
        return None
    far = FAR * scale(apart[0], apart_slope) + 20e-6
    near = [(p, i < len(tick)) for i, p in enumerate(both[0])
            if height(p, 1, apart_slope) - floor(apart[0 if i < len(tick) else 2], apart_slope) <= far]
    two_sum = sum(height(p, 1, apart_slope) - floor(apart[0 if is_tick else 2], apart_slope) + READ for p, is_tick in near)
    one_sum = sum(height(p, 1, together_slope) - floor(both, together_slope) + READ for p, _ in near)
    n, t, a = len(near), sum(is_tick for _, is_tick in near), sum(not is_tick for _, is_tick in near)
    if n <= 3:
        return None
    one = math.lgamma(n - 1) - math.log(n) - (n - 1) * math.log(one_sum)
    two = math.lgamma(n - 2) - math.log(max(t, 1) * max(a, 1)) - (n - 2) * math.log(two_sum) - math.log(QUEUE)
    return two - one


def likely(groups, slope):
    def near(group):
        if not group[0]:
            return group
        most = FAR * scale(group, slope) if len(group[0]) >= FEW else math.inf
        return [p for p in group[0] if height(p, group[1], slope) - floor(group, slope) <= most], group[1]

    def weight(group, at):
        n = len(group[0])
        return 0 if n < 3 else -(n - 1) * math.log((gaps(group, at) + 2e-6) / n)
    kept = [near(g) for g in groups]
    known = sum(len(k[0]) / scale(g, slope) for g, k in list(zip(groups, kept))[:2] if g[0])
    span = max(p[0] for p in groups[0][0]) - min(p[0] for p in groups[0][0]) if groups[0][0] else 0
    reach = 64 / (known * (span + 1)) + 1e-7
    low, high = max(-PRIOR, slope - reach), min(PRIOR, slope + reach)
    grid = [low + (high - low) * i / 60 for i in range(61)]
    logs = [sum(weight(g, at) for g in kept) for at in grid]
    weights = [math.exp(one - max(logs)) for one in logs]
    mean = sum(w * at for w, at in zip(weights, grid)) / sum(weights)
    return mean, math.sqrt(max(sum(w * (at - mean)**2 for w, at in zip(weights, grid)) / sum(weights), 0))


def bent(group, slope, x):
    return (min(height(p, group[1], slope) + BEND * abs(x - p[0]) for p in group[0]) -
            BEND * min(abs(x - p[0]) for p in group[0]))


def fit(told):
    origin = told[2][0]
    down, answers, up = ([((x - origin[0]) / 1e9, sign * (y - origin[1]) / 1e9) for x, y in told[kind]]
                         for kind, sign in ((0, 1), (1, 1), (2, -1)))
    apart, together = [(down, 1), (up, -1), (answers, 1)], [(down + answers, 1), (up, -1), ([], 1)]
    slopes = tightest(apart), tightest(together)
    told_apart = evidence(apart, slopes[0], together, slopes[1])
    has_queue = told_apart is not None and told_apart > 1
    groups, slope = (apart, slopes[0]) if has_queue else (together, slopes[1])
    slope, doubt = likely(groups, slope)
    queue = max([0] + [bent(groups[0], slope, p[0]) - height(p, 1, slope) for p in groups[2][0]])
    least = min(bent(groups[0], slope, p[0]) - queue + height(p, -1, slope) for p in up)
    newest = max(p[0] for p in groups[0][0])
    best = bent(groups[0], slope, newest) - queue - least / 2 + slope * newest
    return (origin[0] + round(newest * 1e9), origin[1] + round(best * 1e9), slope, doubt, round(queue * 1e9), round(least * 1e9), told_apart)


PRIOR = 100e-6
if __name__ == "__main__":
    for case in CASES:
        x, y, slope, doubt, queue, least, told_apart = fit(points(case))
        print("    {%d, %d, %d, %d, %d, %d, %dLL, %d, %.6e, %.4e, %d, %d}," % (*case, x, y, slope, doubt, queue, least),
              "/* %s */" % ("one floor" if told_apart is None else "e^%.2f" % told_apart))
