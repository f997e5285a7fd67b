/* The folder as a whole: made, unlocked, written to, read back. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/json.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "operation/baits.h"
#include "operation/core.h"
#include "operation/history.h"
#include "operation/register.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"
#include "tests/unit/ledger/intruder.h"

static struct writer *writer_of(const struct operation *operation)
{
    struct writer *writer = NULL;
    struct fault fault = {"", ""};
    if (writer_open(operation, clock_now, &writer, &fault)) {
        fail_msg("%s", fault.why);
    }
    return writer;
}

/* How many lines of a kind the ledger has; the last one in *last. */
static int lines_of(const struct operation *operation, const char *kind,
                    struct buffer *last)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int count = 0;
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, kind)) {
            count++;
            last->size = 0;
            assert_true(!buffer_append(last, ledger_reader_text(reader)));
        }
    }
    return count;
}

static void keys_open_with_the_passphrase_and_no_other(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct passphrase wrong = {.size = 5, .byte = "wrong"};
    struct fault fault = {"", ""};
    fixture_unlock(operation, &keys);
    assert_int_equal(keys.has, OPERATION_IDENTITY | OPERATION_MARK);
    char text[AGE_TEXT_SIZE];
    const struct agreement_key own = agreement_public(&keys.identity);
    age_recipient_text(&own, text);
    assert_string_equal(text, operation_config(operation)->recipient[0]);
    assert_int_equal(
        operation_keys_unlock(operation, OPERATION_MARK, &wrong, &keys, &fault),
        STING_E_FORGED);
    assert_int_equal(keys.has, 0);
}

static void a_name_that_is_taken_is_refused_and_left_alone(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation_made made;
    struct fault fault;
    const struct operation_plan plan = {.goal = "a",
                                        .legal_basis = "b",
                                        .decided_by = "c",
                                        .passphrase = bytes_of_text("12345678"),
                                        .log2_n = 8};
    assert_int_equal(operation_create(fixture.path, &plan, &random_kernel,
                                      clock_now(), &made, &fault),
                     STING_E_BUSY);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    assert_string_equal(operation_config(operation)->legal_basis,
                        "Works agreement 12");
}

static void a_plan_that_is_refused_leaves_nothing_behind(void **state)
{
    (void)state;
    char folder[] = "/tmp/sting-test-XXXXXX";
    char path[64];
    struct operation_made made;
    struct fault fault;
    const char *const bad[] = {"age1nonsense"};
    struct operation_plan plan = {.goal = "a",
                                  .legal_basis = "b",
                                  .decided_by = "c",
                                  .passphrase = bytes_of_text("12345678"),
                                  .log2_n = 8};
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/op", folder);
    plan.recipient = bad;
    plan.recipients = 1;
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    plan.recipients = 0;
    plan.until = "tomorrow";
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    plan.until = NULL;
    plan.goal = "two\nlines";
    assert_int_equal(operation_create(path, &plan, &random_kernel, clock_now(),
                                      &made, &fault),
                     STING_E_ARG);
    assert_int_equal(rmdir(folder), 0); /* it is empty */
}

/* A second reader that is the operation itself is no second reader. */
static void the_own_recipient_does_not_count_twice(void **state)
{
    (void)state;
    struct config *config STING_AUTO(config_free) = NULL;
    struct config_mistakes mistakes;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct buffer text STING_AUTO(buffer_release) = {0};
    const char *own = operation_config(operation)->recipient[0];
    assert_true(!buffer_printf(&text,
                               "goal: a\nlegal_basis: b\ndecided_by: c\n"
                               "recipients: [%s, %s]\n",
                               own, own));
    assert_int_equal(config_parse(buffer_bytes(&text), &config, &mistakes),
                     STING_E_FORMAT);
}

static void a_sealed_line_can_be_opened_by_the_identity(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct line line;
    struct digest ct;
    const struct line_field field[] = {{"type", "note"}, {"incident", NULL}};
    assert_true(!writer_sealed_line(writer, "note", field, 2,
                                    bytes_of_text("hello"), &fault));
    assert_true(!writer_close(&writer, &fault));
    assert_int_equal(lines_of(operation, "note", &last), 1);
    assert_true(!line_parse(buffer_bytes(&last), &line));
    assert_true(!line_hex(&line, "blob", ct.byte, DIGEST_SIZE));
    fixture_unlock(operation, &keys);
    assert_true(!ledger_blob_open(operation_dir(operation), &keys.identity, ct,
                                  4096, &plain, &fault));
    assert_string_equal(buffer_text(&plain), "hello");
}

static const struct line_field extend[] = {
    {"until", "2031-01-01"}, {"by", "Anna"}, {"why", "a test"}};

static void a_line_that_the_ledger_refuses_is_told(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    struct fault fault = {"", ""};
    const struct line_field field[] = {{"colour", "red"}};
    assert_int_equal(writer_line(writer, "nonsense", NULL, 0, NULL, &fault),
                     STING_E_ARG);
    assert_int_equal(writer_line(writer, "extend", field, 1, NULL, &fault),
                     STING_E_ARG);
    assert_true(!writer_line(writer, "extend", extend, 3, NULL, &fault));
    /* Only who holds the core itself ends an operation. */
    assert_int_equal(writer_line(writer, "close", NULL, 0, NULL, &fault),
                     STING_E_ARG);
}

/* A station in a process of its own: answers core.sock until killed. */
static pid_t station_start(const struct fixture *fixture)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct operation *operation = fixture_open(fixture);
        struct core *core = NULL;
        int listener = -1;
        if (core_open(operation, clock_now, &core, NULL) ||
            core_listen(operation, &listener, NULL) ||
            fcntl(listener, F_SETFL, 0) != 0 || write(ready[1], "r", 1) != 1) {
            _exit(1);
        }
        for (;;) {
            struct wire_head head;
            struct wire_head answer;
            struct buffer payload = {0};
            struct buffer out = {0};
            int peer = accept(listener, NULL, NULL);
            while (core_peer_is_ours(peer) &&
                   !wire_receive(peer, &head, &payload)) {
                core_handle(core, &head, buffer_bytes(&payload), &answer, &out);
                (void)!wire_send(peer, answer, buffer_bytes(&out));
            }
            close(peer);
        }
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void lines_go_through_a_running_station(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct core *core STING_AUTO(core_free) = NULL;
    uint64_t seq = 0;
    const struct line_field field[] = {{"type", "note"}};
    pid_t station = station_start(&fixture);
    assert_int_equal(core_open(operation, clock_now, &core, &fault),
                     STING_E_BUSY);
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    assert_true(!writer_sealed_line(writer, "note", field, 1,
                                    bytes_of_text("hello"), &fault));
    assert_true(!writer_line(writer, "extend", extend, 3, &seq, &fault));
    /* genesis, config, three keys; session, clock, note, extend */
    assert_int_equal(seq, 8);
    assert_int_equal(writer_line(writer, "nonsense", NULL, 0, NULL, &fault),
                     STING_E_ARG);
    assert_true(!writer_close(&writer, &fault));
    kill(station, SIGKILL);
    waitpid(station, NULL, 0);
    assert_int_equal(lines_of(operation, "note", &last), 1);
    /* The next command is the core again, over the dead socket. */
    writer = writer_of(operation);
    assert_true(!writer_line(writer, "extend", extend, 3, NULL, &fault));
}

static void malformed_requests_are_answered_with_a_fault(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct wire_head answer;
    struct fault fault;
    static const struct {
        uint32_t kind;
        const char *payload;
        size_t size;
    } row[] = {
        {WIRE_CORE_LINE, "", 0},
        {WIRE_CORE_LINE, "note", 4},
        {WIRE_CORE_LINE, "note\0type", 9},
        {WIRE_CORE_LINE, "note\0type\0", 10},
        {WIRE_CORE_LINE, "\0\0\0", 3},
        {WIRE_CAMERA_LOOK, "", 0},
        {9999, "x", 1},
    };
    assert_true(!core_open(operation, clock_now, &core, &fault));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct wire_head head = {.kind = row[i].kind};
        core_handle(
            core, &head,
            (struct bytes){(const uint8_t *)row[i].payload, row[i].size},
            &answer, &out);
        assert_int_equal(answer.kind, WIRE_FAILED);
        assert_true(answer.number[0] < 0);
    }
}

static void asked_to_seal_the_core_signs_and_has_the_station_cut_once(
    void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    assert_int_equal(writer_station_seal(operation, WRITER_CUT, &fault),
                     STING_E_ABSENT);
    assert_true(!core_open(operation, clock_now, &core, &fault));
    for (int cuts = 0; cuts < 2; cuts++) {
        struct wire_head answer;
        const struct wire_head head = {.kind = WIRE_CORE_SEAL,
                                       .number = {cuts}};
        core_handle(core, &head, (struct bytes){NULL, 0}, &answer, &out);
        assert_int_equal(answer.kind, WIRE_DONE);
        assert_int_equal(core_cut_taken(core), cuts);
        assert_false(core_cut_taken(core));
    }
}

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

static void a_bait_is_read_back_and_its_name_is_taken(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    const struct bytes original = bytes_of_text("%PDF-1.7 a small one");
    struct bait bait STING_AUTO(bait_release) = small_bait(original);
    struct bait back STING_AUTO(bait_release) = {0};
    struct bait_names names STING_AUTO(bait_names_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    assert_true(!bait_store(operation, writer, &bait, original, &fault));
    assert_int_equal(bait_store(operation, writer, &bait, original, &fault),
                     STING_E_BUSY);
    assert_true(!bait_names_init(operation, &names, &fault));
    assert_int_equal(names.count, 1);
    assert_int_equal(bait_load(operation, &keys, "water-tank", &back, &fault),
                     STING_E_ABSENT); /* the keys are still locked */
    fixture_unlock(operation, &keys);
    assert_true(!bait_load(operation, &keys, "water-tank", &back, &fault));
    assert_string_equal(back.file, "Water tänk.pdf");
    assert_int_equal(back.modified_us, bait.modified_us);
    assert_int_equal(back.pages, 2);
    assert_true(back.page[1].unit[0].shift_pt == 0.2F);
    assert_true(!bait_original_load(operation, &keys, &back, &file, &fault));
    assert_true(bytes_equal(buffer_bytes(&file), original));
    assert_int_equal(bait_load(operation, &keys, "other", &back, &fault),
                     STING_E_ABSENT);
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

static void copies_are_numbered_through_the_operation(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    const struct bytes original = bytes_of_text("%PDF-1.7 a small one");
    struct bait bait STING_AUTO(bait_release) = small_bait(original);
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    uint32_t first = 0;
    assert_true(!bait_store(operation, writer, &bait, original, &fault));
    for (int i = 0; i < 2; i++) {
        struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
        assert_true(!register_turn_begin(operation, &turn, &first, &fault));
        assert_int_equal(first, i == 0 ? 1 : 21);
        struct register_batch batch STING_AUTO(register_batch_release) =
            batch_of(first, 20);
        assert_true(!register_append(operation, turn, writer, &batch, &fault));
    }
    assert_true(!writer_close(&writer, &fault));
    assert_int_equal(lines_of(operation, "issue", &last), 2);
    assert_non_null(strstr(buffer_text(&last), " first=21 count=20 "));
    assert_null(strstr(buffer_text(&last), "Office"));
    fixture_unlock(operation, &keys);
    assert_true(!register_load(operation, &keys, NULL, &list, &fault));
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
        struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
        struct operation *operation STING_AUTO(operation_close) =
            fixture_open(&fixture);
        struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
        struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
        struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
        const struct bytes original = bytes_of_text("%PDF-1.7 a small one");
        struct bait bait STING_AUTO(bait_release) = small_bait(original);
        struct register_batch batch STING_AUTO(register_batch_release) =
            batch_of(1, 3);
        struct register_list list STING_AUTO(register_list_release) = {0};
        struct fault fault = {"", ""};
        uint32_t first = 0;
        assert_true(!bait_store(operation, writer, &bait, original, &fault));
        assert_true(!register_turn_begin(operation, &turn, &first, &fault));
        assert_true(!register_append(operation, turn, writer, &batch, &fault));
        fixture_unlock(operation, &keys);
        assert_true(!register_load(operation, &keys, NULL, &list, &fault));
        assert_true(list.batch[0].is_told);
        register_list_release(&list);
        register_planted(operation, row[i].path, 1, row[i].count);
        assert_int_equal(register_load(operation, &keys, NULL, &list, &fault),
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
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    const struct bytes original = bytes_of_text("%PDF-1.7 a small one");
    struct bait bait STING_AUTO(bait_release) = small_bait(original);
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    char hash[DIGEST_TEXT_SIZE];
    assert_true(!bait_store(operation, writer, &bait, original, &fault));
    writer_free(&writer);
    fixture_unlock(operation, &keys);
    register_planted(operation, path, 1, 2);
    assert_true(
        !file_read(operation_dir(operation), path, 1 << 20, &file, &fault));
    digest_text(digest_of(buffer_bytes(&file)), hash);
    for (int told = 0; told < 2; told++) {
        struct register_list list STING_AUTO(register_list_release) = {0};
        struct register_list all STING_AUTO(register_list_release) = {0};
        assert_true(!register_load(operation, &keys, NULL, &list, &fault));
        assert_int_equal(list.batches, 0);
        assert_true(!register_load_all(operation, &keys, NULL, &all, &fault));
        assert_int_equal(all.batches, 1);
        assert_false(all.batch[0].is_told);
        const struct line_field field[] = {
            {"bait", "water-tank"}, {"first", "1"}, {"count", "2"},
            {"root", hash},         {"bias", hash}, {"original", hash},
            {"register", hash},
        };
        intruder_appends(operation_dir(operation), "issue", field,
                         sizeof field / sizeof *field);
    }
}

static void a_register_without_its_line_gets_it_and_only_then(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct operation_keys keys STING_AUTO(operation_keys_wipe) = {0};
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    const struct bytes original = bytes_of_text("%PDF-1.7 a small one");
    struct bait bait STING_AUTO(bait_release) = small_bait(original);
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of(1, 3);
    struct register_list list STING_AUTO(register_list_release) = {0};
    struct buffer last STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    uint32_t first = 0;
    assert_true(!bait_store(operation, writer, &bait, original, &fault));
    assert_true(!register_turn_begin(operation, &turn, &first, &fault));
    assert_true(!register_append(operation, turn, writer, &batch, &fault));
    fixture_unlock(operation, &keys);
    assert_true(!register_load(operation, &keys, NULL, &list, &fault));
    assert_true(!register_commit(writer, &list.batch[0], &fault));
    assert_int_equal(lines_of(operation, "issue", &last), 1);
    list.batch[0].is_told = false; /* as if the line were of another */
    assert_true(!register_commit(writer, &list.batch[0], &fault));
    assert_int_equal(lines_of(operation, "issue", &last), 2);
    assert_non_null(strstr(buffer_text(&last), " first=1 count=3 "));
}

static void a_batch_with_a_hole_or_a_bad_holder_is_refused(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    struct register_turn *turn STING_AUTO(register_turn_end) = NULL;
    struct register_batch batch STING_AUTO(register_batch_release) =
        batch_of(1, 3);
    struct fault fault = {"", ""};
    uint32_t first = 0;
    assert_true(!register_turn_begin(operation, &turn, &first, &fault));
    batch.copies = 2; /* of three holders */
    assert_int_equal(register_append(operation, turn, writer, &batch, &fault),
                     STING_E_ARG);
    batch.copies = 3;
    batch.first = 9;
    assert_int_equal(register_append(operation, turn, writer, &batch, &fault),
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

static void numbering_goes_on_where_the_ledger_ended(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct writer *writer STING_AUTO(writer_free) = writer_of(operation);
    struct history history = {0};
    struct fault fault = {"", ""};
    const struct line_field field[] = {{"n", "7"},
                                       {"state", "opened"},
                                       {"camera", "garage"},
                                       {"kind", "person"},
                                       {"tier", "presence"}};
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1);
    assert_true(!writer_line(writer, "incident", field, 5, NULL, &fault));
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 8);
    assert_int_equal(history.next_alert, 1);
}

static void a_number_of_nobody_takes_none_from_incidents_to_come(void **state)
{
    (void)state;
    struct fixture fixture STING_AUTO(fixture_release) = fixture_make(NULL);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct history history = {0};
    struct fault fault = {"", ""};
    struct line_field field[] = {{"n", "4294967294"},
                                 {"state", "opened"},
                                 {"camera", "garage"},
                                 {"kind", "person"},
                                 {"tier", "presence"}};
    intruder_appends(operation_dir(operation), "incident", field, 5);
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1);
    field[0].value = "1000000000";
    intruder_appends(operation_dir(operation), "incident", field, 5);
    field[0].value = "1000000002"; /* from a great one on they go on */
    intruder_appends(operation_dir(operation), "incident", field, 5);
    assert_true(!history_read(operation, &history, &fault));
    assert_int_equal(history.next_incident, 1000000003);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(keys_open_with_the_passphrase_and_no_other),
        cmocka_unit_test(a_name_that_is_taken_is_refused_and_left_alone),
        cmocka_unit_test(a_plan_that_is_refused_leaves_nothing_behind),
        cmocka_unit_test(the_own_recipient_does_not_count_twice),
        cmocka_unit_test(a_sealed_line_can_be_opened_by_the_identity),
        cmocka_unit_test(a_line_that_the_ledger_refuses_is_told),
        cmocka_unit_test(lines_go_through_a_running_station),
        cmocka_unit_test(malformed_requests_are_answered_with_a_fault),
        cmocka_unit_test(
            asked_to_seal_the_core_signs_and_has_the_station_cut_once),
        cmocka_unit_test(a_bait_is_read_back_and_its_name_is_taken),
        cmocka_unit_test(copies_are_numbered_through_the_operation),
        cmocka_unit_test(
            a_register_that_only_an_unsigned_line_tells_of_names_nobody),
        cmocka_unit_test(a_register_without_its_line_gets_it_and_only_then),
        cmocka_unit_test(a_register_put_beside_or_in_place_of_one_names_nobody),
        cmocka_unit_test(a_batch_with_a_hole_or_a_bad_holder_is_refused),
        cmocka_unit_test(numbering_goes_on_where_the_ledger_ended),
        cmocka_unit_test(a_number_of_nobody_takes_none_from_incidents_to_come),
    };
    return cmocka_run_group_tests_name("folder", test, NULL, NULL);
}
