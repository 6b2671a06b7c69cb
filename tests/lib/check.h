/* check.h -- cmocka in the include order it demands, with the assertions the house adds. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Fails unless |actual - expected| <= tolerance; a NaN anywhere fails. */
#define assert_within(actual, expected, tolerance)                                                 \
    do {                                                                                           \
        double check_a = (actual), check_e = (expected), check_t = (tolerance);                    \
        double check_d = check_a > check_e ? check_a - check_e : check_e - check_a;                \
        if (!(check_d <= check_t)) {                                                               \
            print_error("%.12g is not within %.3g of %.12g (off by %.3g)\n", check_a, check_t,     \
                        check_e, check_d);                                                         \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

#define assert_instant_equal(a, b) assert_true((a).tai_ns == (b).tai_ns)

/* A text given as pointer and length against a literal. */
#define assert_text_equal(text, literal)                                                           \
    do {                                                                                           \
        assert_int_equal((text).len, strlen(literal));                                             \
        assert_memory_equal((text).at, (literal), (text).len);                                     \
    } while (0)

#endif
