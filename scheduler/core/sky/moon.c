#include "sky/moon.h"

#include <math.h>

#include "sky/angles.h"
#include "sky/moon_table.h"
#include "sky/series.h"

/* Above this many rows of a series the quick sine is exact enough: amplitudes there are below 1"
 * (or 1 km), so that its 6e-7 costs nothing.  Where arcseconds do, it serves from the first row on:
 * 0.014" of the longest. */
enum { EXACT_ROWS = 128 };

static double curved_sum(const struct moon_series *s, size_t count, size_t exact, double t)
{
    series_pair sum = series_both(0), tt = series_both(t);
    size_t i = 0;
    for (; i < count && i < exact; i += 2) {
        series_pair phase = series_load(s->curved[4] + i);
        for (int k = 3; k >= 0; k--) {
            phase = phase * tt + series_load(s->curved[k] + i);
        }
        sum += series_load(s->curved_amplitude + i) * series_sine(phase);
    }
    for (; i < count; i += 2) {
        series_pair phase = series_load(s->curved[4] + i);
        for (int k = 3; k >= 0; k--) {
            phase = phase * tt + series_load(s->curved[k] + i);
        }
        sum += series_load(s->curved_amplitude + i) * series_quick_sine(phase);
    }
    return sum[0] + sum[1];
}

static double straight_sum(const struct moon_series *s, size_t count, double t)
{
    series_pair even = series_both(0), odd = series_both(0), tt = series_both(t);
    for (size_t i = 0; i < count; i += 4) {
        series_pair a = series_load(s->straight[1] + i) * tt + series_load(s->straight[0] + i);
        series_pair b =
            series_load(s->straight[1] + i + 2) * tt + series_load(s->straight[0] + i + 2);
        even += series_load(s->straight_amplitude + i) * series_quick_sine(a);
        odd += series_load(s->straight_amplitude + i + 2) * series_quick_sine(b);
    }
    even += odd;
    return even[0] + even[1];
}

static double series_value(const struct moon_series series[4], double t, enum sky_grade grade)
{
    if (grade == ROUGH) {
        return series[0].constant + curved_sum(&series[0], series[0].curved_rough, 0, t) +
               straight_sum(&series[0], series[0].straight_rough, t);
    }
    double value = 0;
    for (int power = 3; power >= 0; power--) {
        const struct moon_series *s = &series[power];
        value = value * t + s->constant + curved_sum(s, s->curved_count, EXACT_ROWS, t) +
                straight_sum(s, s->straight_count, t);
    }
    return value;
}

/* From the DE405 of 2003 to JPL DE431, arcseconds for powers of t: fitted (tools/moon_residuals.c)
 * to 1686 to 2261 without 2000 to 2049, where it leaves 0.007" rms; 0.07" at the range's ends
 * without. */
static const double mean_longitude_correction[4] = {-0.00528, 0.01110, 0.00990, -0.00095};

double moon_longitude_rad(double t, enum sky_grade grade)
{
    double mean = moon_mean_longitude[4];
    for (int k = 3; k >= 0; k--) {
        mean = mean * t + moon_mean_longitude[k] + mean_longitude_correction[k] * ARCSECOND_RAD;
    }
    return mean + series_value(moon_longitude, t, grade) * ARCSECOND_RAD;
}

double moon_latitude_rad(double t, enum sky_grade grade)
{
    return series_value(moon_latitude, t, grade) * ARCSECOND_RAD;
}

double moon_distance_km(double t, enum sky_grade grade)
{
    return series_value(moon_distance, t, grade);
}

void moon_frame(double t, double m[3][3])
{
    /* Laskar's P and Q (1986), as ELP/MPP02 uses them. */
    double p =
        t * (0.10180391e-4 +
             t * (0.47020439e-6 + t * (-0.5417367e-9 + t * (-0.2507948e-11 + t * 0.463486e-14))));
    double q =
        t * (-0.113469002e-3 +
             t * (0.12372674e-6 + t * (0.1265417e-8 + t * (-0.1371808e-11 + t * -0.320334e-14))));
    double root = sqrt(1 - p * p - q * q);
    m[0][0] = 1 - 2 * p * p;
    m[0][1] = 2 * p * q;
    m[0][2] = 2 * p * root;
    m[1][0] = 2 * p * q;
    m[1][1] = 1 - 2 * q * q;
    m[1][2] = -2 * q * root;
    m[2][0] = -2 * p * root;
    m[2][1] = 2 * q * root;
    m[2][2] = 1 - 2 * p * p - 2 * q * q;
}
