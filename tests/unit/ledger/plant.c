/* Make an operation for others to check: two sessions, one ended by a crash,
 * recordings, blobs. Usage: plant FOLDER; prints where it is. The identity
 * is written beside it, for the program age. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tests/unit/ledger/garden.h"

static void record(struct garden *garden, uint64_t first, bool is_cut_off)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(garden);
    bool failed = recording_new(ledger, "garage", &recording, NULL) ||
                  garden_init(garden, recording) ||
                  garden_record(garden, recording, first, 11, 700);
    if (!failed && !is_cut_off) {
        failed = ledger_checkpoint(ledger, garden->now, NULL) ||
                 recording_close(recording, garden->now, NULL) ||
                 ledger_close(&ledger, garden->now, "done", NULL);
    }
    if (failed) {
        fputs("the garden cannot be planted\n", stderr);
    }
}

int main(int argc, char **argv)
{
    struct garden garden;
    char text[AGE_TEXT_SIZE + 1];
    if (argc != 2) {
        return 1;
    }
    garden_make(&garden, argv[1]);
    record(&garden, 0, false);
    record(&garden, 100, true);
    record(&garden, 200, false);
    age_identity_text(&garden.identity[1], text);
    memcpy(text + strlen(text), "\n", 2);
    puts(garden.path);
    return file_write(garden.dir, "identity.txt", bytes_of_text(text), 0600,
                      NULL)
               ? 1
               : 0;
}
