#include "tests/unit/ledger/garden.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/unit/ledger/reel.h"

static const struct ledger_context context = {
    .random = &random_kernel,
    .boot = "0a1b2c3d-0000-4000-8000-000000000000",
    .version = "0.1.0"};

static void write_key(struct garden *garden, const char *name,
                      const struct secret *key)
{
    char text[2 * SECRET_SIZE + 2];
    hex_write(secret_bytes(key), text);
    memcpy(text + strlen(text), "\n", 2);
    assert(!file_write(garden->dir, name, bytes_of_text(text), 0600, NULL));
}

void garden_make(struct garden *garden, const char *base)
{
    *garden = (struct garden){.now = {1320177881250000, 5000000}};
    snprintf(garden->path, sizeof garden->path, "%s/sting-garden-XXXXXX",
             base ? base : "/tmp");
    char *made = mkdtemp(garden->path);
    assert(made);
    (void)made;
    garden->dir = open(garden->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    garden->case_key = random_secret(&random_kernel);
    garden->log_key = random_secret(&random_kernel);
    garden->epoch_key = random_secret(&random_kernel);
    for (size_t i = 0; i < 2; i++) {
        garden->identity[i] = random_secret(&random_kernel);
        garden->recipient[i] = agreement_public(&garden->identity[i]);
    }
    assert(!folder_make(garden->dir, "keys"));
    write_key(garden, "keys/log", &garden->log_key);
    write_key(garden, "keys/epoch", &garden->epoch_key);
    const struct ledger_genesis genesis = {
        .role = "single",
        .case_key = &garden->case_key,
        .log_key = &garden->log_key,
        .epoch_key = &garden->epoch_key,
        .recipient = garden->recipient,
        .recipients = 2,
        .purpose = bytes_of_text("who takes water at night?")};
    struct fault fault = {.why = ""};
    if (ledger_create(garden->dir, &genesis, &context, garden->now, &fault)) {
        fprintf(stderr, "%s\n", fault.why);
        abort();
    }
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void garden_remove(struct garden *garden)
{
    fd_close(&garden->dir);
    nftw(garden->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct ledger *garden_open(struct garden *garden)
{
    struct ledger *ledger = NULL;
    struct fault fault = {.why = ""};
    garden_wait(garden, 1000);
    if (ledger_open(garden->dir, &context, garden->now, &ledger, &fault)) {
        fprintf(stderr, "%s\n", fault.why);
        abort();
    }
    return ledger;
}

void garden_wait(struct garden *garden, int64_t us)
{
    garden->now.utc_us += us;
    garden->now.boot_us += us;
}

/* By which its camera's own clock is slow. */
#define CAMERA_SLOW_US 15023000

void garden_fragment(uint64_t number, size_t size, struct buffer *data)
{
    size = size < REEL_LEAST_BYTES ? REEL_LEAST_BYTES : size;
    data->size = 0;
    reel_fragment((int64_t)number * 1000000, 1000000, number, size, data);
}

enum sting_status garden_record(struct garden *garden,
                                struct recording *recording, uint64_t first,
                                uint64_t count, size_t size)
{
    struct buffer data STING_AUTO(buffer_release) = {0};
    enum sting_status status = STING_OK;
    for (uint64_t i = first; i < first + count && !status; i++) {
        garden_fragment(i, size, &data);
        const struct recording_fragment fragment = {
            .data = buffer_bytes(&data),
            .pts_us = (int64_t)i * 1000000,
            .duration_us = 1000000,
            .utc_us = garden->now.utc_us,
            .camera_us = garden->now.utc_us - CAMERA_SLOW_US,
            .frames = REEL_FRAMES,
            .starts_with_key = true};
        garden_wait(garden, 1000000);
        status = recording_fragment(recording, garden->now, &fragment, NULL);
        if (!status) {
            status = recording_settle(recording, garden->now, NULL);
        }
    }
    return status;
}

enum sting_status garden_init(struct garden *garden,
                              struct recording *recording)
{
    struct buffer head STING_AUTO(buffer_release) = {0};
    reel_head(1920, 1080, &head);
    const struct recording_init init = {.file = buffer_bytes(&head),
                                        .width_px = 1920,
                                        .height_px = 1080,
                                        .codec = "h264"};
    return recording_init(recording, garden->now, &init, NULL);
}

struct recording *garden_camera(struct garden *garden, struct ledger *ledger)
{
    struct recording *recording = NULL;
    assert(!recording_new(ledger, "garage", &recording, NULL));
    assert(!garden_init(garden, recording));
    return recording;
}

static void two_streams_record(struct garden *garden,
                               struct recording *recording)
{
    assert(!garden_record(garden, recording, 0, 40, 1000));
    assert(!garden_init(garden, recording));
    assert(!garden_record(garden, recording, 100, 16, 1000));
}

int64_t garden_two_streams(struct garden *garden)
{
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    int64_t start_us = garden->now.utc_us;
    struct recording *recording = garden_camera(garden, ledger);
    two_streams_record(garden, recording);
    assert(!recording_close(recording, garden->now, NULL));
    recording_free(&recording);
    assert(!ledger_close(&ledger, garden->now, "done", NULL));
    return start_us;
}
