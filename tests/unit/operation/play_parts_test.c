/* What has to be opened for a stretch, and nothing else: found with the
 * identity, opened with one key each, in the real, jailed player worker. */
#include "operation/play_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "jail/worker.h"
#include "ledger/store.h"
#include "operation/player_unseal.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "wire/wire.h"

#define SECOND_US INT64_C(1000000)
#define CHUNK ((size_t)3000)

/* 40 s of one camera: five segments of 8 s, then a second stream of 16 s. */
struct recorded {
    struct garden garden;
    int64_t start_us;
};

static void record(struct recorded *out)
{
    out->start_us = garden_two_streams(&out->garden);
}

static enum sting_status found(const struct recorded *recorded,
                               const char *cameras, int64_t from_s,
                               int64_t to_s, struct play_found *out)
{
    const struct play_stretch stretch = {
        cameras, recorded->start_us + from_s * SECOND_US,
        recorded->start_us + to_s * SECOND_US};
    struct fault fault = {"", ""};
    return play_parts_find(recorded->garden.dir, &recorded->garden.identity[1],
                           &stretch, out, &fault);
}

/* "init seg seg ": what there is, in order. */
static const char *kinds(const struct play_found *of)
{
    static char text[256];
    struct bytes left = buffer_bytes(&of->parts);
    const uint8_t *file_key = NULL;
    struct line line;
    size_t size = 0;
    text[0] = '\0';
    while (!play_parts_next(&left, &file_key, &line)) {
        int more =
            snprintf(text + size, sizeof text - size, "%s ", line.kind->name);
        assert_in_range(more, 1, sizeof text - size - 1);
        size += (size_t)more;
    }
    assert_int_equal(left.size, 0);
    return text;
}

static void the_files_of_a_stretch_are_found_and_no_other(void **state)
{
    struct recorded recorded;
    struct play_found got = {.count = 0};
    (void)state;
    record(&recorded);
    assert_int_equal(found(&recorded, "garage", 9, 15, &got), STING_OK);
    assert_string_equal(kinds(&got), "init seg ");
    play_found_release(&got);
    assert_int_equal(found(&recorded, "yard,garage", 9, 17, &got), STING_OK);
    assert_string_equal(kinds(&got), "init seg seg ");
    play_found_release(&got);
    /* Another stream begins within it: both have their beginning. */
    assert_int_equal(found(&recorded, "garage", 33, 60, &got), STING_OK);
    assert_non_null(strstr(kinds(&got), "init seg init seg "));
    play_found_release(&got);
    garden_remove(&recorded.garden);
}

static void nothing_is_found_of_another_time_or_camera(void **state)
{
    struct recorded recorded;
    struct play_found got = {.count = 0};
    (void)state;
    record(&recorded);
    assert_int_equal(found(&recorded, "garage", -20, -10, &got),
                     STING_E_ABSENT);
    assert_int_equal(found(&recorded, "yard", 0, 20, &got), STING_E_ABSENT);
    assert_int_equal(found(&recorded, "garag", 0, 20, &got), STING_E_ABSENT);
    assert_int_equal(found(&recorded, "garage2,garag", 0, 20, &got),
                     STING_E_ABSENT);
    assert_int_equal(got.count, 0);
    garden_remove(&recorded.garden);
}

static void another_identity_finds_no_key(void **state)
{
    struct recorded recorded;
    struct play_found got = {.count = 0};
    struct secret other = {{7}};
    struct fault fault = {"", ""};
    (void)state;
    record(&recorded);
    const struct play_stretch stretch = {"garage", recorded.start_us,
                                         recorded.start_us + SECOND_US};
    assert_int_equal(
        play_parts_find(recorded.garden.dir, &other, &stretch, &got, &fault),
        STING_E_FORGED);
    garden_remove(&recorded.garden);
}

static void what_is_no_part_is_malformed(void **state)
{
    static const char *const text[] = {"x", "0123456789abcdef",
                                       "0123456789abcdefno line\n",
                                       "0123456789abcdef\n"};
    const uint8_t *file_key = NULL;
    struct line line;
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct bytes left = bytes_of_text(text[i]);
        assert_int_equal(play_parts_next(&left, &file_key, &line),
                         STING_E_FORMAT);
    }
    struct bytes none = {NULL, 0};
    assert_int_equal(play_parts_next(&none, &file_key, &line), STING_E_ABSENT);
}

/* ---- in the worker ---- */

/* The first segment of what was found: its sealed file, and how to open it. */
static void segment_take(const struct recorded *recorded,
                         const struct play_found *of, struct buffer *sealed,
                         struct player_unseal_order *order)
{
    struct bytes left = buffer_bytes(&of->parts);
    const uint8_t *file_key = NULL;
    struct line line;
    char path[RECORDING_PATH_SIZE];
    do {
        assert_int_equal(play_parts_next(&left, &file_key, &line), 0);
    } while (strcmp(line.kind->name, "seg") != 0);
    assert_int_equal(recording_path(&line, path), 0);
    assert_int_equal(
        file_read(recorded->garden.dir, path, 1 << 20, sealed, NULL), 0);
    memcpy(order->file_key, file_key, AGE_FILE_KEY_BYTES);
    assert_int_equal(line_hex(&line, "ct", order->ct.byte, DIGEST_SIZE), 0);
    assert_int_equal(line_hex(&line, "pt", order->pt.byte, DIGEST_SIZE), 0);
}

/* Put it in, in chunks; the worker's answer. */
static uint32_t unsealed(struct worker *worker,
                         const struct player_unseal_order *order,
                         const struct buffer *sealed, struct wire_head *head)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    const struct wire_head begin = {.kind = WIRE_PLAYER_UNSEAL,
                                    .number = {0, (int64_t)sealed->size}};
    const struct wire_head more = {.kind = WIRE_PLAYER_SEALED};
    assert_int_equal(
        wire_send(worker->channel, begin,
                  (struct bytes){(const uint8_t *)order, sizeof *order}),
        0);
    for (size_t at = 0; at < sealed->size; at += CHUNK) {
        size_t left = sealed->size - at;
        assert_int_equal(wire_send(worker->channel, more,
                                   (struct bytes){sealed->data + at,
                                                  left < CHUNK ? left : CHUNK}),
                         0);
    }
    assert_int_equal(wire_receive(worker->channel, head, &payload), 0);
    return head->kind;
}

static void the_worker_opens_a_file_with_its_own_key_alone(void **state)
{
    struct recorded recorded;
    struct play_found got = {.count = 0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer expected STING_AUTO(buffer_release) = {0};
    struct worker worker = WORKER_NONE;
    struct player_unseal_order order = {.file_key = {0}};
    struct wire_head head;
    (void)state;
    record(&recorded);
    assert_int_equal(found(&recorded, "garage", 0, 1, &got), STING_OK);
    segment_take(&recorded, &got, &sealed, &order);
    assert_int_equal(worker_start(WORKER_PLAYER, &worker, NULL), 0);
    assert_int_equal(unsealed(&worker, &order, &sealed, &head), WIRE_DONE);
    assert_int_equal(head.number[0], 8 * 1000);
    const struct wire_head ask = {.kind = WIRE_PLAYER_READ,
                                  .number = {1000, 1000}};
    assert_int_equal(wire_send(worker.channel, ask, (struct bytes){0}), 0);
    assert_int_equal(wire_receive(worker.channel, &head, &plain), 0);
    assert_int_equal(head.kind, WIRE_DONE);
    garden_fragment(1, 1000, &expected);
    assert_int_equal(plain.size, 1000);
    assert_memory_equal(plain.data, expected.data, 1000);
    worker_free(&worker);
    play_found_release(&got);
    garden_remove(&recorded.garden);
}

static void what_does_not_fit_its_key_or_its_hashes_is_refused(void **state)
{
    struct recorded recorded;
    struct play_found got = {.count = 0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct player_unseal_order right = {.file_key = {0}};
    struct wire_head head;
    (void)state;
    record(&recorded);
    assert_int_equal(found(&recorded, "garage", 0, 1, &got), STING_OK);
    segment_take(&recorded, &got, &sealed, &right);
    for (int i = 0; i < 3; i++) {
        struct worker worker = WORKER_NONE;
        struct player_unseal_order order = right;
        uint8_t *wrong[] = {order.file_key, order.ct.byte, order.pt.byte};
        wrong[i][5] ^= 1;
        assert_int_equal(worker_start(WORKER_PLAYER, &worker, NULL), 0);
        assert_int_equal(unsealed(&worker, &order, &sealed, &head),
                         WIRE_FAILED);
        assert_int_equal(head.number[0], STING_E_FORGED);
        worker_free(&worker);
    }
    play_found_release(&got);
    garden_remove(&recorded.garden);
}

int main(void)
{
    worker_binary(STING_BINARY);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_of_a_stretch_are_found_and_no_other),
        cmocka_unit_test(nothing_is_found_of_another_time_or_camera),
        cmocka_unit_test(another_identity_finds_no_key),
        cmocka_unit_test(what_is_no_part_is_malformed),
        cmocka_unit_test(the_worker_opens_a_file_with_its_own_key_alone),
        cmocka_unit_test(what_does_not_fit_its_key_or_its_hashes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
