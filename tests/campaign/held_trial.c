/*
 * held_trial: films of a camera that sends one picture for ever, and when that
 * is told; a JSON line each, for held.py.
 *
 * Usage: campaign_held FIRST_SEED TRIALS LIGHT GRAIN HOLD_S END_S
 * The moment is a part of a second after HOLD_S, by the seed; keyframes are a
 * second apart.
 */
#include <stdio.h>
#include <stdlib.h>

#include "detect/tamper.h"
#include "tests/campaign/page_camera.h"
#include "tests/campaign/page_held.h"

int main(int argc, char **argv)
{
    page_camera_must(argc == 7, "FIRST_SEED TRIALS LIGHT GRAIN HOLD_S END_S");
    uint64_t seed = strtoull(argv[1], NULL, 10);
    for (long i = strtol(argv[2], NULL, 10); i > 0; i--, seed++) {
        const struct page_held held = {
            seed, strtod(argv[3], NULL), strtod(argv[4], NULL),
            strtod(argv[5], NULL) + (double)(seed % 5) * CAMERA_FRAME_S,
            strtod(argv[6], NULL)};
        struct page_held_told told = page_held_run(&held);
        printf("{\"seed\":%llu,\"hold_s\":%.1f,\"told_s\":%.1f,\"tampers\":%d,"
               "\"held\":%d}\n",
               (unsigned long long)seed, held.hold_s,
               told.tampers ? told.first_s : -1, told.tampers,
               told.tampers && told.cause == TAMPER_HELD);
        fflush(stdout);
    }
    return 0;
}
