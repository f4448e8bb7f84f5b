/* Preloaded into the PC/SC service of tests: it looks for cards every few milliseconds, not every 400.
 *
 * The service rests 400 ms between two looks at a reader that cannot notify by itself. Exactly that rest is
 * shortened, to COUNTER_POLL_MS milliseconds (5 when it is not set); every other rest stays as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ORDINARY_REST_NS 400000000L
#define NS_IN_MS 1000000L

static long wanted_ns(void) {
    const char *given = getenv("COUNTER_POLL_MS");
    long milliseconds = given ? strtol(given, NULL, 10) : 0;
    return (milliseconds > 0 ? milliseconds : 5) * NS_IN_MS;
}

static int is_the_rest(const struct timespec *rest) {
    return rest->tv_sec == 0 && rest->tv_nsec == ORDINARY_REST_NS;
}

int nanosleep(const struct timespec *rest, struct timespec *left) {
    static int (*original)(const struct timespec *, struct timespec *);
    struct timespec shorter = {0, 0};
    if (!original)
        original = (int (*)(const struct timespec *, struct timespec *))dlsym(RTLD_NEXT, "nanosleep");
    if (!is_the_rest(rest))
        return original(rest, left);
    shorter.tv_nsec = wanted_ns();
    return original(&shorter, left);
}

int usleep(useconds_t rest) {
    struct timespec whole = {rest / 1000000, (long)(rest % 1000000) * 1000};
    return nanosleep(&whole, NULL);
}
