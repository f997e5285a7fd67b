#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "alert/alerts.h"
#include "jail/worker.h"
#include "ledger/reader.h"
#include "tests/operation_fixture.h"

#define SECRET "a shared secret"

/* A listener as a process of its own. */
struct listener {
    pid_t pid;
    int port;
};

static struct listener listener_start(int port, const char *out,
                                      const char *failures)
{
    int channel[2];
    char text[12];
    char said[12] = "";
    snprintf(text, sizeof text, "%d", port);
    assert_int_equal(pipe(channel), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(channel[1], 1);
        close(channel[0]);
        execlp("python3", "python3", LISTENER, text, out, SECRET, failures,
               (char *)NULL);
        _exit(127);
    }
    close(channel[1]);
    for (size_t used = 0; !strchr(said, '\n');) {
        ssize_t more = read(channel[0], said + used, sizeof said - 1 - used);
        assert_true(more > 0);
        used += (size_t)more;
    }
    close(channel[0]);
    return (struct listener){pid, atoi(said)};
}

static void listener_stop(struct listener *listener)
{
    kill(listener->pid, SIGKILL);
    waitpid(listener->pid, NULL, 0);
}

/* An operation whose webhook is this port. */
static struct fixture operation_with(int port)
{
    char more[300];
    snprintf(more, sizeof more,
             "alerts:\n"
             "  - webhook: http://127.0.0.1:%d/hook\n"
             "    secret_file: keys/webhook\n",
             port);
    struct fixture fixture = fixture_make(more);
    char path[128];
    snprintf(path, sizeof path, "%s/keys/webhook", fixture.path);
    assert_true(
        !file_write(AT_FDCWD, path, bytes_of_text(SECRET "\n"), 0600, NULL));
    return fixture;
}

static struct incident_event event_of(uint32_t number)
{
    struct moment now = clock_now();
    return (struct incident_event){INCIDENT_OPENED,
                                   {.number = number,
                                    .camera = -1,
                                    .zone = -1,
                                    .kind = INCIDENT_PERSON,
                                    .tier = INCIDENT_PRESENCE,
                                    .start = now,
                                    .first_look = now,
                                    .score = 4.5}};
}

/* Tick until nothing waits or the time is over. */
static void run_for(struct alerts *alerts, int most_ms)
{
    struct fault fault = {"", ""};
    const struct timespec pause = {.tv_nsec = 20000000};
    int64_t until = clock_now().boot_us + most_ms * 1000;
    while (alerts_waiting(alerts) > 0 && clock_now().boot_us < until) {
        assert_true(!alerts_tick(alerts, clock_now(), &fault));
        (void)nanosleep(&pause, NULL);
    }
}

/* All states of the ledger's alert lines, with blanks between. */
static void states_of(const struct operation *operation, char out[200])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    char state[24];
    out[0] = '\0';
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "alert")) {
            strcat(out, line_text(&line, "state", state, sizeof state));
            strcat(out, " ");
        }
    }
}

static void read_all(const char *path, struct buffer *out)
{
    out->size = 0;
    (void)!file_read(AT_FDCWD, path, 65536, out, NULL);
}

static void an_alert_arrives_signed_and_leaves_the_queue(void **state)
{
    (void)state;
    char out[] = "/tmp/sting-alert-XXXXXX";
    char told[200];
    struct fault fault = {"", ""};
    struct buffer got STING_AUTO(buffer_release) = {0};
    close(mkstemp(out));
    struct listener listener = listener_start(0, out, "0");
    struct fixture fixture STING_AUTO(fixture_release) =
        operation_with(listener.port);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct alerts *alerts STING_AUTO(alerts_free) = NULL;
    const struct incident_event event = event_of(3);
    assert_true(!core_open(operation, clock_now, &core, &fault));
    assert_true(!alerts_new(operation, core, &alerts, &fault));
    int64_t start = clock_now().boot_us;
    assert_true(!alerts_raise(alerts, &event, clock_now(), &fault));
    assert_int_equal(alerts_waiting(alerts), 1);
    assert_true(!alerts_finish(alerts, clock_now, 5000, &fault));
    print_message("delivered in %d ms\n",
                  (int)((clock_now().boot_us - start) / 1000));
    assert_int_equal(alerts_waiting(alerts), 0);
    read_all(out, &got);
    assert_true(!strncmp(buffer_text(&got), "good {\"alert\":2,", 16));
    assert_non_null(strstr(buffer_text(&got), "\"incident\":3"));
    assert_non_null(strstr(buffer_text(&got), "\"tier\":\"presence\""));
    states_of(operation, told);
    assert_string_equal(told, "shown queued delivered ");
    listener_stop(&listener);
    unlink(out);
}

static void a_listener_that_fails_is_tried_again(void **state)
{
    (void)state;
    char out[] = "/tmp/sting-alert-XXXXXX";
    char told[200];
    struct fault fault = {"", ""};
    close(mkstemp(out));
    struct listener listener = listener_start(0, out, "2");
    struct fixture fixture STING_AUTO(fixture_release) =
        operation_with(listener.port);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct alerts *alerts STING_AUTO(alerts_free) = NULL;
    const struct incident_event event = event_of(1);
    assert_true(!core_open(operation, clock_now, &core, &fault));
    assert_true(!alerts_new(operation, core, &alerts, &fault));
    assert_true(!alerts_raise(alerts, &event, clock_now(), &fault));
    run_for(alerts, 10000);
    assert_int_equal(alerts_waiting(alerts), 0);
    states_of(operation, told);
    assert_string_equal(told, "shown queued failed delivered ");
    listener_stop(&listener);
    unlink(out);
}

/* Nobody listens, the station ends; the next one delivers. */
static void the_queue_survives_a_restart(void **state)
{
    (void)state;
    char out[] = "/tmp/sting-alert-XXXXXX";
    char told[200];
    struct fault fault = {"", ""};
    struct buffer got STING_AUTO(buffer_release) = {0};
    close(mkstemp(out));
    struct listener listener = listener_start(0, out, "0");
    int port = listener.port;
    listener_stop(&listener);
    struct fixture fixture STING_AUTO(fixture_release) = operation_with(port);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    const struct incident_event event = event_of(1);
    for (int session = 0; session < 2; session++) {
        struct core *core STING_AUTO(core_free) = NULL;
        struct alerts *alerts STING_AUTO(alerts_free) = NULL;
        assert_true(!core_open(operation, clock_now, &core, &fault));
        assert_true(!alerts_new(operation, core, &alerts, &fault));
        if (session == 0) {
            assert_true(!alerts_raise(alerts, &event, clock_now(), &fault));
            run_for(alerts, 300);
        } else {
            listener = listener_start(port, out, "0");
            run_for(alerts, 5000);
        }
        assert_int_equal(alerts_waiting(alerts), session == 0);
        assert_true(!core_close(&core, "test", &fault));
    }
    read_all(out, &got);
    assert_true(!strncmp(buffer_text(&got), "good ", 5));
    states_of(operation, told);
    assert_string_equal(told, "shown queued failed delivered ");
    listener_stop(&listener);
    unlink(out);
}

/* No text of an alert may lie in the folder in clear. */
static void the_queue_is_sealed(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct buffer file STING_AUTO(buffer_release) = {0};
    char path[128];
    struct fixture fixture STING_AUTO(fixture_release) = operation_with(9);
    struct operation *operation STING_AUTO(operation_close) =
        fixture_open(&fixture);
    struct core *core STING_AUTO(core_free) = NULL;
    struct alerts *alerts STING_AUTO(alerts_free) = NULL;
    const struct incident_event event = event_of(1);
    assert_true(!core_open(operation, clock_now, &core, &fault));
    assert_true(!alerts_new(operation, core, &alerts, &fault));
    assert_true(!alerts_raise(alerts, &event, clock_now(), &fault));
    snprintf(path, sizeof path, "%s/queue/00000002.age", fixture.path);
    read_all(path, &file);
    assert_true(file.size > 0);
    assert_null(memmem(file.data, file.size, "hook", 4));
    assert_null(memmem(file.data, file.size, "presence", 8));
}

int main(void)
{
    worker_binary(STING_BINARY);
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_alert_arrives_signed_and_leaves_the_queue),
        cmocka_unit_test(a_listener_that_fails_is_tried_again),
        cmocka_unit_test(the_queue_survives_a_restart),
        cmocka_unit_test(the_queue_is_sealed),
    };
    return cmocka_run_group_tests_name("alerts", test, NULL, NULL);
}
