/* Baits and copies: stored, numbered, and named by what is signed alone. */
#include "operation/baits.h"
#include "operation/register.h"
#include "tests/operation_fixture.h"
#include "tests/unit/ledger/intruder.h"

static struct bait small_bait(struct bytes original)
{
    struct bait bait = {.name = "water-tank",
                        .file = "Water tänk.pdf",
                        .modified_us = 1320177881000000,
                        .original = digest_of(original),
                        .pages = 2};
    bait.page = calloc(2, sizeof *bait.page);
    for (int p = 0; p < 2; p++) {
        bait.page[p] =
            (struct mark_page){.width_pt = 595,
                               .height_pt = 842,
                               .units = 1,
                               .unit = calloc(1, sizeof(struct mark_unit))};
        bait.page[p].unit[0] = (struct mark_unit){
            .x0_pt = 1, .x1_pt = 9, .y1_pt = 8, .ux = 1, .shift_pt = 0.2F};
    }
    return bait;
}

static struct register_batch batch_of(uint32_t first, uint32_t copies)
{
    struct register_batch batch = {.bait = "water-tank",
                                   .issued_utc_us = 1320177881000000,
                                   .first = first,
                                   .copies = copies,
                                   .folder = "/srv/copies",
                                   .pages = 2};
    batch.bias = calloc(2, sizeof *batch.bias);
    memset(batch.seed.byte, 7, SECRET_SIZE);
    for (uint32_t i = 0; i < copies; i++) {
        char name[64];
        snprintf(name, sizeof name, "Office %u, \"left\" desk", first + i);
        assert_true(!holder_list_add(&batch.holder, bytes_of_text(name)));
    }
    return batch;
}

/* An operation with one bait; its keys are locked. */
struct issued {
    struct fixture fixture;
    struct operation *operation;
    struct operation_keys keys;
    struct writer *writer;
    struct bait bait;
    struct register_turn *turn; /* once one is begun */
};

static void issued_release(struct issued *at)
{
    register_turn_end(&at->turn);
    bait_release(&at->bait);
    writer_free(&at->writer);
    operation_keys_wipe(&at->keys);
    operation_close(&at->operation);
    fixture_release(&at->fixture);
}

static const char original[] = "%PDF-1.7 a small one";

static struct issued issued_make(void)
{
    struct issued at = {.fixture = fixture_make(NULL)};
    struct fault fault = {"", ""};
    at.operation = fixture_open(&at.fixture);
    at.writer = fixture_writer(at.operation);
    at.bait = small_bait(bytes_of_text(original));
    assert_true(!bait_store(at.operation, at.writer, &at.bait,
                            bytes_of_text(original), &fault));
    return at;
}

/* Copies 1 to 3, told by their line. */
static void issue_three(struct issued *at)
{
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of(1, 3);
    struct fault fault = {"", ""};
    uint32_t first = 0;
    assert_true(!register_turn_begin(at->operation, &at->turn, &first, &fault));
    assert_true(
        !register_append(at->operation, at->turn, at->writer, &batch, &fault));
}

static void a_bait_is_read_back_and_its_name_is_taken(void **state)
{
    (void)state;
    struct issued at STING_AUTO(issued_release) = issued_make();
    struct bait back STING_AUTO(bait_release) = {0};
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    assert_int_equal(bait_store(at.operation, at.writer, &at.bait,
                                bytes_of_text(original), &fault),
                     STING_E_BUSY);
    assert_true(!bait_names_init(at.operation, &names, &fault));
    assert_int_equal(names.count, 1);
    assert_int_equal(
        bait_load(at.operation, &at.keys, "water-tank", &back, &fault),
        STING_E_ABSENT); /* the keys are still locked */
    fixture_unlock(at.operation, &at.keys);
    assert_true(
        !bait_load(at.operation, &at.keys, "water-tank", &back, &fault));
    assert_string_equal(back.file, "Water tänk.pdf");
    assert_int_equal(back.modified_us, at.bait.modified_us);
    assert_int_equal(back.pages, 2);
    assert_true(back.page[1].unit[0].shift_pt == 0.2F);
    assert_true(
        !bait_original_load(at.operation, &at.keys, &back, &file, &fault));
    assert_true(bytes_equal(buffer_bytes(&file), bytes_of_text(original)));
    assert_int_equal(bait_load(at.operation, &at.keys, "other", &back, &fault),
                     STING_E_ABSENT);
}

static void copies_are_numbered_through_the_operation(void **state)
{
    (void)state;
    struct issued at STING_AUTO(issued_release) = issued_make();
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    uint32_t first = 0;
    for (int i = 0; i < 2; i++) {
        struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
        assert_true(!register_turn_begin(at.operation, &turn, &first, &fault));
        assert_int_equal(first, i == 0 ? 1 : 21);
        struct register_batch batch STING_AUTO(register_batch_release) =
            batch_of(first, 20);
        assert_true(
            !register_append(at.operation, turn, at.writer, &batch, &fault));
    }
    assert_true(!writer_close(&at.writer, &fault));
    assert_int_equal(fixture_lines(at.operation, "issue", &last), 2);
    assert_non_null(strstr(buffer_text(&last), " first=21 count=20 "));
    assert_null(strstr(buffer_text(&last), "Office"));
    fixture_unlock(at.operation, &at.keys);
    assert_true(!register_load(at.operation, &at.keys, NULL, &list, &fault));
    assert_int_equal(list.batches, 2);
    const struct register_batch *batch = NULL;
    struct register_copy copy, other;
    assert_true(register_find(&list, 27, &copy, &batch));
    assert_string_equal(copy.holder, "Office 27, \"left\" desk");
    assert_true(register_find(&list, 28, &other, NULL));
    assert_false(secret_equal(&copy.salt, &other.salt));
    assert_int_equal(batch->first, 21);
    assert_string_equal(batch->folder, "/srv/copies");
    assert_false(register_find(&list, 41, &copy, NULL));
    assert_false(register_find(&list, 0, &copy, NULL));
}

/* Sealed as anybody can, since recipients are public. */
static void register_planted(const struct operation *operation,
                             const char *path, uint32_t first, uint32_t count)
{
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of(first, count);
    struct buffer head STING_AUTO(buffer_wipe) = {0};
    struct buffer sealed STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    assert_true(!register_head_write(&batch, &head));
    const struct bytes part[] = {buffer_bytes(&head),
                                 holder_list_text(&batch.holder)};
    assert_true(!operation_seal_parts(operation, part, 2, &sealed, &fault));
    assert_true(!file_write(operation_dir(operation), path,
                            buffer_bytes(&sealed), 0600, &fault));
}

static void a_register_put_beside_or_in_place_of_one_names_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        uint32_t count;
    } row[] = {{"bait/water-tank/register/00000001-00000001.age", 1},
               {"bait/water-tank/register/00000001-00000003.age", 3}};
    for (size_t i = 0; i < 2; i++) {
        struct issued at STING_AUTO(issued_release) = issued_make();
        struct register_list list STING_AUTO(register_list_release) = {0};
        struct fault fault = {"", ""};
        issue_three(&at);
        fixture_unlock(at.operation, &at.keys);
        assert_true(
            !register_load(at.operation, &at.keys, NULL, &list, &fault));
        assert_true(list.batch[0].is_told);
        register_list_release(&list);
        register_planted(at.operation, row[i].path, 1, row[i].count);
        assert_int_equal(
            register_load(at.operation, &at.keys, NULL, &list, &fault),
            STING_E_FORGED);
        assert_non_null(strstr(fault.why, row[i].path));
    }
}

/* With numbers that nobody has, and a line that nobody signed. */
static void a_register_that_only_an_unsigned_line_tells_of_names_nobody(
    void **state)
{
    (void)state;
    static const char path[] = "bait/water-tank/register/00000001-00000002.age";
    struct issued at STING_AUTO(issued_release) = issued_make();
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    char hash[DIGEST_TEXT_SIZE];
    writer_free(&at.writer);
    fixture_unlock(at.operation, &at.keys);
    register_planted(at.operation, path, 1, 2);
    assert_true(
        !file_read(operation_dir(at.operation), path, 1 << 20, &file, &fault));
    digest_text(digest_of(buffer_bytes(&file)), hash);
    for (int told = 0; told < 2; told++) {
        struct register_list list STING_AUTO(register_list_release) = {0};
        struct register_list all STING_AUTO(register_list_release) = {0};
        assert_true(
            !register_load(at.operation, &at.keys, NULL, &list, &fault));
        assert_int_equal(list.batches, 0);
        assert_true(
            !register_load_all(at.operation, &at.keys, NULL, &all, &fault));
        assert_int_equal(all.batches, 1);
        assert_false(all.batch[0].is_told);
        const struct line_field field[] = {
            {"bait", "water-tank"}, {"first", "1"}, {"count", "2"},
            {"root", hash},         {"bias", hash}, {"original", hash},
            {"register", hash},
        };
        intruder_appends(operation_dir(at.operation), "issue", field,
                         sizeof field / sizeof *field);
    }
}

static void a_register_without_its_line_gets_it_and_only_then(void **state)
{
    (void)state;
    struct issued at STING_AUTO(issued_release) = issued_make();
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    issue_three(&at);
    fixture_unlock(at.operation, &at.keys);
    assert_true(!register_load(at.operation, &at.keys, NULL, &list, &fault));
    assert_true(!register_commit(at.writer, &list.batch[0], &fault));
    assert_int_equal(fixture_lines(at.operation, "issue", &last), 1);
    list.batch[0].is_told = false; /* as if the line were of another */
    assert_true(!register_commit(at.writer, &list.batch[0], &fault));
    assert_int_equal(fixture_lines(at.operation, "issue", &last), 2);
    assert_non_null(strstr(buffer_text(&last), " first=1 count=3 "));
}

static void a_batch_with_a_hole_or_a_bad_holder_is_refused(void **state)
{
    (void)state;
    struct issued at STING_AUTO(issued_release) = issued_make();
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of(1, 3);
    struct fault fault = {"", ""};
    uint32_t first = 0;
    assert_true(!register_turn_begin(at.operation, &at.turn, &first, &fault));
    batch.copies = 2; /* of three holders */
    assert_int_equal(
        register_append(at.operation, at.turn, at.writer, &batch, &fault),
        STING_E_ARG);
    batch.copies = 3;
    batch.first = 9;
    assert_int_equal(
        register_append(at.operation, at.turn, at.writer, &batch, &fault),
        STING_E_ARG);
    assert_int_equal(
        holder_list_add(&batch.holder, bytes_of_text("two\nlines")),
        STING_E_ARG);
    assert_int_equal(holder_list_add(&batch.holder, bytes_of_text("\xff")),
                     STING_E_ARG);
    assert_int_equal(holder_list_add(&batch.holder, bytes_of_text("")),
                     STING_E_ARG);
    assert_int_equal(batch.holder.count, 3);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_bait_is_read_back_and_its_name_is_taken),
        cmocka_unit_test(copies_are_numbered_through_the_operation),
        cmocka_unit_test(
            a_register_that_only_an_unsigned_line_tells_of_names_nobody),
        cmocka_unit_test(a_register_without_its_line_gets_it_and_only_then),
        cmocka_unit_test(a_register_put_beside_or_in_place_of_one_names_nobody),
        cmocka_unit_test(a_batch_with_a_hole_or_a_bad_holder_is_refused),
    };
    return cmocka_run_group_tests_name("issued", test, NULL, NULL);
}
