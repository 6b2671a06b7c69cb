/* Prints what JPL DE431 has over moon.c, in ELP's own frame: "T longitude["] latitude["] km" for
 * each line of de431_samples.  The cubic in moon.c (mean_longitude_correction) is the least-squares
 * fit to the second column without 2000 to 2049.  From scheduler/:
 *
 *     cc -O2 -I. -o moon_residuals sky/tools/moon_residuals.c sky/moon.c sky/moon_table.c \
 *        sky/frame.c -lerfa -lm
 *     ./de431_samples 2337000 2547000 10 | ./moon_residuals > residuals.txt
 *     python3 -c 'import numpy as np; t, dl, *_ = np.loadtxt("residuals.txt").T
 *     far = (t < 0) | (t >= 0.5); print(np.polynomial.polynomial.polyfit(t[far], dl[far], 3))'
 */
#include <math.h>
#include <stdio.h>

#include <erfa.h>

#include "sky/angles.h"
#include "sky/frame.h"
#include "sky/moon.h"

int main(void)
{
    double jd, unused[3], icrs[3];
    while (scanf("%lf %lf %lf %lf %lf %lf %lf", &jd, unused, unused + 1, unused + 2, icrs, icrs + 1,
                 icrs + 2) == 7) {
        double tie[3][3], frame[3][3], ecliptic[3], own[3], longitude, latitude, km;
        double t = (jd - 2451545) / 36525;
        frame_j2000_to_icrs(tie);
        eraTrxp(tie, icrs, ecliptic);
        moon_frame(t, frame);
        eraTrxp(frame, ecliptic, own);
        eraP2s(own, &longitude, &latitude, &km);
        printf("%.8f %.6f %.6f %.6f\n", t,
               angle_towards_zero(longitude - moon_longitude_rad(t, FINE)) / ARCSECOND_RAD,
               (latitude - moon_latitude_rad(t, FINE)) / ARCSECOND_RAD,
               km - moon_distance_km(t, FINE));
    }
    return 0;
}
