#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/check.h"
#include "web/witness.h"

#define ORIGIN "sting/garden"
#define DAY_S 1320177600

static const struct secret log_key = {{1, 2, 3}};
static const struct secret thief_key = {{9}};

struct shed {
    char path[64];
    struct witness witness;
};

static struct vkey log_vkey(void)
{
    return (struct vkey){
        .name = ORIGIN, .kind = VKEY_LOG, .key = signature_public(&log_key)};
}

static void shed_open(struct shed *shed)
{
    struct fault fault = {.why = ""};
    if (witness_open(shed->path, NULL, &random_kernel, &shed->witness,
                     &fault)) {
        fail_msg("%s", fault.why);
    }
    shed->witness.log[0] = log_vkey();
    shed->witness.logs = 1;
}

static int setup(void **state)
{
    struct shed *shed = calloc(1, sizeof *shed);
    strcpy(shed->path, "/tmp/sting-witness-XXXXXX");
    assert_non_null(mkdtemp(shed->path));
    shed_open(shed);
    *state = shed;
    return 0;
}

static int entry_remove(const char *path, const struct stat *info, int kind,
                        struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int teardown(void **state)
{
    struct shed *shed = *state;
    witness_close(&shed->witness);
    assert_int_equal(nftw(shed->path, entry_remove, 16, FTW_DEPTH | FTW_PHYS),
                     0);
    free(shed);
    return 0;
}

static struct digest leaf(uint64_t i, uint8_t fork)
{
    const uint8_t bytes[] = {(uint8_t)i, fork};
    return tree_leaf((struct bytes){bytes, sizeof bytes});
}

/* A ledger of `size` lines; from line `split` on another one. */
static struct tree grown(uint64_t size, uint64_t split)
{
    struct tree tree = {0};
    for (uint64_t i = 0; i < size; i++) {
        tree_add(&tree, leaf(i, i >= split));
    }
    return tree;
}

/* What is asked of the witness. */
struct asked {
    uint64_t old, size, split;
    const char *origin;
    const struct secret *key;
    bool is_proof_bad;
};

static struct buffer body_of(const struct asked *asked)
{
    struct buffer out = {0};
    struct consistency proof = {0};
    struct consistency_making making;
    struct tree before = grown(asked->old, UINT64_MAX);
    struct tree tree = grown(asked->size, asked->split);
    consistency_begin(&before, asked->size, &making);
    for (uint64_t i = asked->old; i < asked->size; i++) {
        consistency_add(&making, leaf(i, i >= asked->split));
    }
    consistency_end(&making, &proof);
    assert_true(
        !buffer_printf(&out, "old %llu\n", (unsigned long long)asked->old));
    for (unsigned i = 0; i < proof.nodes; i++) {
        proof.node[i].byte[0] ^= asked->is_proof_bad;
        assert_true(!base64_append(
            &out, (struct bytes){proof.node[i].byte, DIGEST_SIZE}, true));
        assert_true(!buffer_text_append(&out, "\n"));
    }
    assert_true(!buffer_text_append(&out, "\n"));
    size_t start = out.size;
    assert_true(
        !note_write(&out, asked->origin, asked->size, tree_root(&tree)));
    assert_true(!note_sign(&out, start, asked->origin, asked->key));
    return out;
}

static int ask(struct shed *shed, const struct asked *asked, uint64_t *size,
               struct buffer *lines)
{
    struct witness_request request;
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer body STING_AUTO(buffer_release) = body_of(asked);
    int http = 0;
    assert_int_equal(witness_request_read(buffer_bytes(&body), &request),
                     STING_OK);
    assert_int_equal(witness_request_pack(&request, &head, &payload), STING_OK);
    memset(&request, 0, sizeof request);
    assert_int_equal(
        witness_request_unpack(&head, buffer_bytes(&payload), &request),
        STING_OK);
    enum sting_status status =
        witness_add(&shed->witness, &request, DAY_S, &http, size, lines);
    assert_int_equal(status != STING_OK, http == 500);
    return http;
}

static int simple(struct shed *shed, uint64_t old, uint64_t size)
{
    uint64_t seen = 0;
    struct buffer lines STING_AUTO(buffer_release) = {0};
    const struct asked asked = {old, size, UINT64_MAX, ORIGIN, &log_key, false};
    return ask(shed, &asked, &seen, &lines);
}

static void what_only_grew_is_cosigned(void **state)
{
    struct shed *shed = *state;
    uint64_t seen = 0;
    uint64_t time_s = 0;
    struct note note;
    assert_int_equal(simple(shed, 0, 5), 200);
    assert_int_equal(simple(shed, 5, 5), 200);
    struct buffer lines STING_AUTO(buffer_release) = {0};
    const struct asked asked = {5, 21, UINT64_MAX, ORIGIN, &log_key, false};
    assert_int_equal(ask(shed, &asked, &seen, &lines), 200);
    struct tree tree = grown(21, UINT64_MAX);
    struct buffer whole STING_AUTO(buffer_release) = {0};
    assert_true(!note_write(&whole, ORIGIN, 21, tree_root(&tree)));
    assert_true(!buffer_append(&whole, buffer_bytes(&lines)));
    assert_true(!note_close(&whole));
    assert_true(!note_parse(buffer_bytes(&whole), &note));
    assert_int_equal(
        cosignature_verify(&note, &shed->witness.vkey, &time_s, NULL),
        STING_OK);
    assert_int_equal(time_s, DAY_S);
}

static void every_other_request_has_its_own_refusal(void **state)
{
    struct shed *shed = *state;
    const struct {
        struct asked asked;
        int http;
        uint64_t seen;
    } row[] = {
        {{9, 12, UINT64_MAX, "sting/elsewhere", &log_key, false}, 404, 0},
        {{9, 12, UINT64_MAX, ORIGIN, &thief_key, false}, 403, 0},
        {{12, 9, UINT64_MAX, ORIGIN, &log_key, false}, 400, 9},
        {{0, 12, UINT64_MAX, ORIGIN, &log_key, false}, 409, 9},
        {{4, 12, UINT64_MAX, ORIGIN, &log_key, false}, 409, 9},
        {{9, 12, 3, ORIGIN, &log_key, false}, 422, 9}, /* a fork */
        {{9, 9, 3, ORIGIN, &log_key, false}, 409, 9},  /* another root */
        {{9, 12, UINT64_MAX, ORIGIN, &log_key, true}, 422, 9},
    };
    assert_int_equal(simple(shed, 0, 9), 200);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        uint64_t seen = 0;
        struct buffer lines STING_AUTO(buffer_release) = {0};
        assert_int_equal(ask(shed, &row[i].asked, &seen, &lines), row[i].http);
        assert_int_equal(seen, row[i].seen);
        assert_int_equal(lines.size, 0);
    }
    assert_int_equal(simple(shed, 9, 12), 200); /* nothing was taken in */
}

static void what_was_seen_survives_a_restart(void **state)
{
    struct shed *shed = *state;
    struct public_key before = shed->witness.vkey.key;
    assert_int_equal(simple(shed, 0, 9), 200);
    witness_close(&shed->witness);
    shed_open(shed);
    assert_true(public_key_equal(&before, &shed->witness.vkey.key));
    assert_int_equal(simple(shed, 0, 12), 409);
    assert_int_equal(simple(shed, 9, 12), 200);
}

static void a_damaged_record_cosigns_nothing(void **state)
{
    struct shed *shed = *state;
    char hex[DIGEST_TEXT_SIZE];
    char file[64];
    assert_int_equal(simple(shed, 0, 9), 200);
    digest_text(digest_of(bytes_of_text(ORIGIN)), hex);
    snprintf(file, sizeof file, "%.32s.note", hex);
    assert_true(!file_write(shed->witness.dir, file, bytes_of_text("rain\n"),
                            0600, NULL));
    assert_int_equal(simple(shed, 0, 12), 500);
    assert_int_equal(simple(shed, 9, 12), 500);
}

static void two_witnesses_do_not_share_a_folder(void **state)
{
    struct shed *shed = *state;
    struct fault fault;
    struct witness other;
    assert_int_equal(
        witness_open(shed->path, NULL, &random_kernel, &other, &fault),
        STING_E_BUSY);
    witness_close(&other);
}

static void a_body_that_is_not_exactly_a_request_is_refused(void **state)
{
    (void)state;
    const struct asked asked = {9, 12, UINT64_MAX, ORIGIN, &log_key, false};
    struct buffer body STING_AUTO(buffer_release) = body_of(&asked);
    struct witness_request request;
    static const char *const bad[] = {"",
                                      "\n",
                                      "old\n\n",
                                      "old 1",
                                      "old 01\n\n",
                                      "old -1\n\n",
                                      "old 1x\n\n",
                                      "OLD 1\n\n",
                                      "old 9999999999999999999\n\n",
                                      "old 0\n\n",
                                      "old 0\nAAAA\n\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(
            witness_request_read(bytes_of_text(bad[i]), &request), STING_OK);
    }
    for (size_t size = 0; size < body.size; size++) {
        assert_int_not_equal(
            witness_request_read((struct bytes){body.data, size}, &request),
            STING_OK);
    }
    assert_true(!buffer_text_append(&body, "more"));
    assert_int_not_equal(witness_request_read(buffer_bytes(&body), &request),
                         STING_OK);
}

static void a_message_of_another_size_is_refused(void **state)
{
    (void)state;
    const struct asked asked = {9, 12, UINT64_MAX, ORIGIN, &log_key, false};
    struct buffer body STING_AUTO(buffer_release) = body_of(&asked);
    struct witness_request request;
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    assert_true(!witness_request_read(buffer_bytes(&body), &request));
    assert_true(!witness_request_pack(&request, &head, &payload));
    for (size_t i = 0; i < 4; i++) {
        struct wire_head changed = head;
        changed.number[i] = -1;
        assert_int_equal(
            witness_request_unpack(&changed, buffer_bytes(&payload), &request),
            STING_E_FORMAT);
        changed.number[i] = INT64_MAX;
        assert_true(i < 2 ||
                    witness_request_unpack(&changed, buffer_bytes(&payload),
                                           &request) == STING_E_FORMAT);
    }
    for (size_t size = 0; size < payload.size; size++) {
        assert_int_equal(
            witness_request_unpack(&head, (struct bytes){payload.data, size},
                                   &request),
            STING_E_FORMAT);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test_setup_teardown(what_only_grew_is_cosigned, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_other_request_has_its_own_refusal,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_seen_survives_a_restart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_damaged_record_cosigns_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(two_witnesses_do_not_share_a_folder,
                                        setup, teardown),
        cmocka_unit_test(a_body_that_is_not_exactly_a_request_is_refused),
        cmocka_unit_test(a_message_of_another_size_is_refused),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
