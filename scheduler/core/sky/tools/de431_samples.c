/* Prints heliocentric Earth-Moon barycentre and geocentric Moon, geometric, ICRS axes, every STEP
 * days of TDB from JD FROM to TO: "jd x y z [au] x y z [km]".  For make_sun_table.py alone; no part
 * of any program.  Needs Debian's libswe-dev and swe-basic-data (the files are CC0, from JPL
 * DE431).
 *
 *     cc -O2 -o de431_samples de431_samples.c -lswe -lm && ./de431_samples 2337000 2547000 10
 */
#include <stdio.h>
#include <stdlib.h>
#include <swephexp.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: de431_samples FROM TO STEP\n");
        return 2;
    }
    const double au_km = 149597870.7, moon_share = 1 / (1 + 81.30056907419062); /* DE431 */
    swe_set_ephe_path("/usr/share/libswe/ephe");
    for (double jd = atof(argv[1]); jd <= atof(argv[2]); jd += atof(argv[3])) {
        int32 how = SEFLG_SWIEPH | SEFLG_TRUEPOS | SEFLG_NOABERR | SEFLG_NOGDEFL | SEFLG_J2000 |
                    SEFLG_ICRS | SEFLG_NONUT | SEFLG_EQUATORIAL | SEFLG_XYZ;
        double earth[6], moon[6];
        char error[AS_MAXCH];
        int32 a = swe_calc(jd, SE_EARTH, how | SEFLG_HELCTR, earth, error);
        int32 b = swe_calc(jd, SE_MOON, how, moon, error);
        if (a < 0 || b < 0 || !(a & SEFLG_SWIEPH) || !(b & SEFLG_SWIEPH)) {
            fprintf(stderr, "%.1f: %s\n", jd, error);
            return 3;
        }
        printf("%.6f", jd);
        for (int i = 0; i < 3; i++) {
            printf(" %.15g", earth[i] + moon_share * moon[i]);
        }
        for (int i = 0; i < 3; i++) {
            printf(" %.15g", moon[i] * au_km);
        }
        printf("\n");
    }
    return 0;
}
