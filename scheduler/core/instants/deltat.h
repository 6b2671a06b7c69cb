/* instants/deltat.h -- deltaT = TT - UT1: how far the turning Earth lags behind even time. */
#ifndef INSTANTS_DELTAT_H
#define INSTANTS_DELTAT_H

/* DeltaT in seconds at days of UT1 (or, to a microsecond, of TT) from 2000-01-01T12:00, and the
 * half-width of what is not known of it.  Continuous; any finite argument, meant for 1650 to 2300.
 *
 * Before 1962: the spline S15.2020 of L. V. Morrison, F. R. Stephenson, C. Y. Hohenkerk and M.
 * Zawilski, "Addendum 2020 to 'Measurement of the Earth's rotation: 720 BC to AD 2015'", Proc. R.
 * Soc. A 477 (2021) 20200776, led from 1945 on into the next.  1962 to 2022: IERS EOP C04 at the
 * start of each year, interpolated by cubics; against its daily values at most 0.05 s off.  From
 * 2023 on: a parabola through today's value and rate that meets the long-term parabola of
 * Stephenson, Morrison & Hohenkerk 2016 within 20 s at 2250. */
double deltat_s(double days);
double deltat_error_s(double days);

#endif
