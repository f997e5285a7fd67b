#include "ledger/verify_map.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define WINDOW_BYTES ((uint64_t)4096 * 1024)

static _Thread_local sigjmp_buf *escape; /* NULL: no map is being read */

static void on_fault(int number)
{
    if (escape) {
        siglongjmp(*escape, number);
    }
    signal(number, SIG_DFL); /* not ours: it comes again, and is the end */
}

/* Hash what is mapped; false when a page of it could not be given. */
static bool hash_window(struct digest_state *state, struct bytes window)
{
    sigjmp_buf here;
    if (sigsetjmp(here, 1) != 0) {
        escape = NULL;
        return false;
    }
    escape = &here;
    digest_update(state, window);
    escape = NULL;
    return true;
}

static bool hash_windows(struct digest_state *state, int file, uint64_t size)
{
    bool good = true;
    for (uint64_t at = 0; at < size && good; at += WINDOW_BYTES) {
        size_t wanted =
            (size_t)(size - at < WINDOW_BYTES ? size - at : WINDOW_BYTES);
        void *mapped =
            mmap(NULL, wanted, PROT_READ, MAP_PRIVATE, file, (off_t)at);
        if (mapped == MAP_FAILED) {
            return false;
        }
        good = hash_window(state, (struct bytes){mapped, wanted});
        good = munmap(mapped, wanted) == 0 && good;
    }
    return good;
}

static bool size_of(int file, uint64_t *size)
{
    struct stat info;
    bool known = fstat(file, &info) == 0 && info.st_size >= 0;
    *size = known ? (uint64_t)info.st_size : 0;
    return known;
}

enum sting_status verify_map_hash(int file, struct digest *out, uint64_t *bytes)
{
    struct digest_state state STING_AUTO(digest_release) = {0};
    struct sigaction act = {.sa_handler = on_fault};
    struct sigaction before;
    uint64_t size = 0;
    uint64_t after = 0;
    if (!size_of(file, &size) || size < VERIFY_MAP_LEAST_BYTES ||
        sigaction(SIGBUS, &act, &before) != 0) {
        return STING_E_UNSUPPORTED;
    }
    digest_init(&state);
    bool good = hash_windows(&state, file, size);
    good = sigaction(SIGBUS, &before, NULL) == 0 && good;
    if (!good || !size_of(file, &after) || after != size) {
        return STING_E_UNSUPPORTED;
    }
    *out = digest_final(&state);
    *bytes = size;
    return STING_OK;
}
