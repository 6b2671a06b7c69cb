#include "instants/deltat.h"

#include <assert.h>
#include <stddef.h>

/* Morrison et al. 2020, table S15.2020: in u = 0..1 from one row's year to the next's,
 * deltaT = c[0] + c[1] u + c[2] u^2 + c[3] u^3. */
static const struct {
    double year, c[4];
} spline[] = {
    {1650, {43.952, -68.089, 38.333, -2.127}}, {1720, {12.068, 2.507, 41.731, -37.939}},
    {1800, {18.367, -3.481, -1.126, 1.918}},   {1810, {15.678, 0.021, 4.629, -3.812}},
    {1820, {16.516, -2.157, -6.806, 3.250}},   {1830, {10.804, -6.018, 2.944, -0.096}},
    {1840, {7.634, -0.416, 2.658, -0.539}},    {1850, {9.338, 1.642, 0.261, -0.883}},
    {1855, {10.357, -0.486, -2.389, 1.558}},   {1860, {9.040, -0.591, 2.284, -2.477}},
    {1865, {8.255, -3.456, -5.148, 2.720}},    {1870, {2.371, -5.593, 3.011, -0.914}},
    {1875, {-1.126, -2.314, 0.269, -0.039}},   {1880, {-3.210, -1.893, 0.152, 0.563}},
    {1885, {-4.388, 0.101, 1.842, -1.438}},    {1890, {-3.884, -0.531, -2.474, 1.871}},
    {1895, {-5.017, 0.134, 3.138, -0.232}},    {1900, {-1.977, 5.715, 2.443, -1.257}},
    {1905, {4.923, 6.828, -1.329, 0.720}},     {1910, {11.142, 6.330, 0.831, -0.825}},
    {1915, {17.479, 5.518, -1.643, 0.262}},    {1920, {21.617, 3.020, -0.856, 0.008}},
    {1925, {23.789, 1.333, -0.831, 0.127}},    {1930, {24.418, 0.052, -0.449, 0.142}},
    {1935, {24.164, -0.419, -0.022, 0.702}},   {1940, {24.426, 1.645, 2.086, -1.106}},
    {1945, {27.050, 2.499, -1.232, 0.614}},    {1950, {28.932, 1.127, 0.220, -0.277}},
    {1953, {30.002, 0.737, -0.610, 0.631}},    {1956, {30.760, 1.409, 1.282, -0.799}},
    {1959, {32.652, 1.577, -1.115, 0.507}},
};

enum { SPLINE_ROWS = sizeof spline / sizeof *spline };

/* TT - UT1 on 1 January of 1962 to 2022, from UT1 - UTC in eopc04_IAU2000.62-now as in Debian's
 * python3-astropy 5.2.1 (sha256 d07a64da0ffa45c9b54aaa06c3b780af6203c801ddea308950e1ed8b2de235dd);
 * the last value is that of 2022-11-29, 69.203 s, led on by a month. */
enum { FIRST_YEAR = 1962, YEARS = 62 };

static const double observed[YEARS] = {
    33.997, 34.473, 35.031, 35.742, 36.544, 37.432, 38.295, 39.205, 40.181, 41.169, 42.229,
    43.373, 44.485, 45.476, 46.458, 47.520, 48.535, 49.586, 50.539, 51.380, 52.167, 52.957,
    53.788, 54.343, 54.871, 55.322, 55.820, 56.300, 56.855, 57.565, 58.309, 59.122, 59.984,
    60.785, 61.629, 62.295, 62.966, 63.468, 63.829, 64.091, 64.300, 64.473, 64.574, 64.688,
    64.845, 65.146, 65.457, 65.777, 66.070, 66.325, 66.603, 66.907, 67.281, 67.644, 68.102,
    68.593, 68.968, 69.220, 69.361, 69.359, 69.295, 69.203};

static const double blend_from = 1945;

static double year_of(double days)
{
    return 2000 + (days + 0.5) / 365.2425;
}

static double spline_value(double year)
{
    size_t i = SPLINE_ROWS - 1;
    while (i > 0 && year < spline[i].year) {
        i--;
    }
    double end = i + 1 < SPLINE_ROWS ? spline[i + 1].year : FIRST_YEAR;
    double u = (year - spline[i].year) / (end - spline[i].year);
    const double *c = spline[i].c;
    return c[0] + u * (c[1] + u * (c[2] + u * c[3]));
}

/* Seconds a year at a knot of the observed values: from its neighbours. */
static double observed_rate(int i)
{
    if (i == 0) {
        return observed[1] - observed[0];
    }
    if (i == YEARS - 1) {
        return -0.04; /* with which the prediction goes on */
    }
    return (observed[i + 1] - observed[i - 1]) / 2;
}

static double observed_value(double since)
{
    int i = (int)since;
    assert(i >= 0 && i < YEARS - 1);
    double u = since - i, a = observed[i], b = observed[i + 1];
    double ra = observed_rate(i), rb = observed_rate(i + 1);
    return a + u * (ra + u * (3 * (b - a) - 2 * ra - rb + u * (2 * (a - b) + ra + rb)));
}

double deltat_s(double days)
{
    double year = year_of(days);
    if (year < blend_from) {
        return spline_value(year);
    }
    if (year < FIRST_YEAR) {
        double share = (year - blend_from) / (FIRST_YEAR - blend_from);
        return spline_value(year) + share * (observed[0] - spline_value(FIRST_YEAR));
    }
    double since = year - FIRST_YEAR;
    if (since < YEARS - 1) {
        return observed_value(since);
    }
    double ahead = since - (YEARS - 1);
    return observed[YEARS - 1] - 0.04 * ahead + 0.0045 * ahead * ahead;
}

double deltat_error_s(double days)
{
    double year = year_of(days);
    if (year < FIRST_YEAR) {
        return year < 1720 ? 8 : year < 1850 ? 5 : year < 1900 ? 2 : 0.6;
    }
    double ahead = year - FIRST_YEAR - (YEARS - 1);
    return ahead < 0 ? 0.05 : 0.05 + 0.06 * ahead + 0.0012 * ahead * ahead;
}
