/* stamp_judge DATA REPLY CA CRL DAY: judge a reply over a file as it would be
 * on a day; "-" for a file leaves it out. Prints the state, the time of the
 * stamp and who made it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypt/time_stamp.h"

static struct buffer whole(const char *path)
{
    struct buffer out = {0};
    if (strcmp(path, "-") != 0 &&
        file_read(AT_FDCWD, path, (size_t)1 << 20, &out, NULL)) {
        exit(2);
    }
    return out;
}

int main(int argc, char **argv)
{
    struct time_stamp stamp;
    char time[CLOCK_TEXT_SIZE];
    int64_t day_us = 0;
    if (argc != 6 || clock_parse(argv[5], &day_us)) {
        return 2;
    }
    struct buffer data STING_AUTO(buffer_release) = whole(argv[1]);
    struct buffer reply STING_AUTO(buffer_release) = whole(argv[2]);
    struct buffer ca STING_AUTO(buffer_release) = whole(argv[3]);
    struct buffer crl STING_AUTO(buffer_release) = whole(argv[4]);
    struct bytes said = buffer_bytes(&data);
    const struct time_stamp_trust trust = {buffer_bytes(&ca),
                                           buffer_bytes(&crl), day_us};
    const struct hash hash = hash_of(HASH_SHA256, &said, 1);
    time_stamp_reply(buffer_bytes(&reply), &hash, NULL, &trust, &stamp);
    printf("%s %s %s: %s\n", time_stamp_word(stamp.state),
           stamp.at_us ? clock_text(stamp.at_us, time) : "-",
           stamp.who[0] ? stamp.who : "-", stamp.why);
    return 0;
}
