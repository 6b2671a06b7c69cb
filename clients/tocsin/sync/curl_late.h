/* tocsin/sync/curl_late.h -- libcurl, loaded when a URL is read and not before.
 *
 * It brings eighteen more libraries along, for which every other command would wait at its start:
 * tocsin --version takes 7.3 ms of processor time with it and 5.3 without (least of 100 runs). */
#ifndef TOCSIN_CURL_LATE_H
#define TOCSIN_CURL_LATE_H

#include <curl/curl.h>

/* The functions in use, as curl/curl.h declares them.  Nothing checks the types of what set takes:
 * long for numbers, curl_off_t for sizes. */
struct curl_late {
    CURLcode (*global_init)(long flags);
    CURL *(*init)(void);
    CURLcode (*set)(CURL *curl, CURLoption option, ...);
    CURLcode (*perform)(CURL *curl);
    CURLcode (*get)(CURL *curl, CURLINFO info, ...);
    void (*cleanup)(CURL *curl);
    const char *(*error_text)(CURLcode code);
};

/* Loads it once and for good; NULL where there is no libcurl, *why then says so. */
const struct curl_late *curl_late_get(const char **why);

#endif
