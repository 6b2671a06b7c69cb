#include "sky/frame.h"

#include <erfa.h>

#include "sky/angles.h"
#include "sky/scales.h"

void frame_j2000_to_icrs(double m[3][3])
{
    const double obliquity = 84381.4091 * ARCSECOND_RAD, equinox = 0.0475 * ARCSECOND_RAD;
    eraIr(m);
    eraRx(-obliquity, m);
    eraRz(equinox, m);
}

void frame_ecliptic_of_date(double tt, double m[3][3])
{
    double tie[3][3], date[3][3];
    frame_j2000_to_icrs(tie);
    eraEcm06(J2000_JD, tt, date);
    eraRxr(date, tie, m);
}

void frame_nutation_fine(double tt, double *longitude, double *obliquity)
{
    eraNut06a(J2000_JD, tt, longitude, obliquity);
}

void frame_nutation(double tt, double *longitude, double *obliquity)
{
    eraNut00b(J2000_JD, tt, longitude, obliquity);
}

double frame_obliquity(double tt)
{
    return eraObl06(J2000_JD, tt);
}
