#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "alert/alerts.h"
#include "jail/worker.h"
#include "ledger/reader.h"
#include "operation/queue_file.h"
#include "tests/operation_fixture.h"

#define SECRET "a shared secret"
#define PATIENCE_MS 60000 /* of a busy machine; over as soon as all is done */

/* A listener as a process of its own. */
struct listener {
    pid_t pid;
    int port;
};

static struct listener listener_start(int port, const char *out,
                                      const char *failures, const char *tls)
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
        execlp("python3", "python3", LISTENER, text, out, SECRET, failures, tls,
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
    return (struct listener){pid, (int)strtol(said, NULL, 10)};
}

static void listener_stop(struct listener *listener)
{
    kill(listener->pid, SIGKILL);
    waitpid(listener->pid, NULL, 0);
}

/* An operation with a webhook, its listener and what that wrote. */
struct desk {
    char folder[64]; /* temporary: what the listener writes, its authority */
    char out[80];
    struct listener listener;
    struct fixture fixture;
    struct operation *operation;
    struct core *core;
    struct alerts *alerts;
};

static void file_put(const char *path, const char *text)
{
    assert_true(!file_write(AT_FDCWD, path, bytes_of_text(text), 0600, NULL));
}

/* `ca` names a file of the listener's folder, which then speaks TLS; "" for
 * TLS without a ca_file; NULL for no TLS. */
static struct desk desk_make(const char *failures, const char *ca)
{
    char more[300];
    char path[128];
    char ca_line[100] = "";
    struct desk desk = {.folder = "/tmp/sting-alert-XXXXXX"};
    assert_non_null(mkdtemp(desk.folder));
    snprintf(desk.out, sizeof desk.out, "%s/out", desk.folder);
    desk.listener =
        listener_start(0, desk.out, failures, ca ? desk.folder : NULL);
    if (ca && ca[0]) {
        snprintf(ca_line, sizeof ca_line, "    ca_file: %s/%s\n", desk.folder,
                 ca);
    }
    snprintf(more, sizeof more,
             "alerts:\n"
             "  - webhook: %s://127.0.0.1:%d/hook\n"
             "    secret_file: keys/webhook\n"
             "%s",
             ca ? "https" : "http", desk.listener.port, ca_line);
    desk.fixture = fixture_make(more);
    snprintf(path, sizeof path, "%s/keys/webhook", desk.fixture.path);
    file_put(path, SECRET "\n");
    desk.operation = fixture_open(&desk.fixture);
    return desk;
}

/* Begin a session; an earlier one ends without a word. */
static void desk_open(struct desk *desk)
{
    struct fault fault = {"", ""};
    alerts_free(&desk->alerts);
    core_free(&desk->core);
    if (core_open(desk->operation, clock_now, &desk->core, &fault) ||
        alerts_new(desk->operation, desk->core, &desk->alerts, &fault)) {
        fail_msg("%s", fault.why);
    }
}

static void desk_release(struct desk *desk)
{
    struct fixture listener = {.path = ""};
    alerts_free(&desk->alerts);
    core_free(&desk->core);
    operation_close(&desk->operation);
    fixture_release(&desk->fixture);
    listener_stop(&desk->listener);
    memcpy(listener.folder, desk->folder, sizeof listener.folder);
    fixture_release(&listener);
}

static struct incident_event event_of(uint32_t number)
{
    struct moment now = clock_now();
    return (struct incident_event){.change = INCIDENT_OPENED,
                                   .incident = {.number = number,
                                                .camera = -1,
                                                .zone = -1,
                                                .kind = INCIDENT_PERSON,
                                                .tier = INCIDENT_PRESENCE,
                                                .start = now,
                                                .first_look = now,
                                                .score = 4.5},
                                   .camera = -1};
}

/* Tick until nothing waits or the time is over. */
static void run_for(struct alerts *alerts, int most_ms)
{
    struct fault fault = {"", ""};
    const struct timespec pause = {.tv_nsec = 20000000};
    int64_t until = clock_now().boot_us + INT64_C(1000) * most_ms;
    while (alerts_waiting(alerts) > 0 && clock_now().boot_us < until) {
        assert_true(!alerts_tick(alerts, clock_now(), &fault));
        (void)nanosleep(&pause, NULL);
    }
}

/* Tick until the only channel has failed once. */
static void run_to_failure(struct alerts *alerts)
{
    struct fault fault = {"", ""};
    const struct timespec pause = {.tv_nsec = 20000000};
    int64_t until = clock_now().boot_us + INT64_C(1000) * PATIENCE_MS;
    while (alerts_channel(alerts, 0).failures == 0 &&
           clock_now().boot_us < until) {
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
    size_t used = 0;
    out[0] = '\0';
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "alert")) {
            used += (size_t)snprintf(
                out + used, 200 - used, "%s ",
                line_text(&line, "state", state, sizeof state));
            assert_true(used < 200);
        }
    }
}

/* Why the last failure was one, as its line says. */
static void why_of(const struct operation *operation, char out[160])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    out[0] = '\0';
    assert_true(!ledger_reader_open(operation_dir(operation), &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "alert")) {
            line_text(&line, "why", out, 160);
        }
    }
}

static void read_all(const char *path, struct buffer *out)
{
    out->size = 0;
    (void)!file_read(AT_FDCWD, path, 65536, out, NULL);
}

static void desk_raise(struct desk *desk, uint32_t incident)
{
    struct fault fault = {"", ""};
    const struct incident_event event = event_of(incident);
    assert_true(!alerts_raise(desk->alerts, &event, clock_now(), &fault));
}

static void assert_states(const struct desk *desk, const char *expected)
{
    char told[200];
    states_of(desk->operation, told);
    assert_string_equal(told, expected);
}

static void an_alert_arrives_signed_and_leaves_the_queue(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    desk_open(&desk);
    int64_t start = clock_now().boot_us;
    desk_raise(&desk, 3);
    assert_int_equal(alerts_waiting(desk.alerts), 1);
    assert_true(!alerts_finish(desk.alerts, clock_now, PATIENCE_MS, &fault));
    print_message("delivered in %d ms\n",
                  (int)((clock_now().boot_us - start) / 1000));
    assert_int_equal(alerts_waiting(desk.alerts), 0);
    read_all(desk.out, &got);
    assert_true(!strncmp(buffer_text(&got), "good {\"alert\":2,", 16));
    assert_non_null(strstr(buffer_text(&got), "\"incident\":3"));
    assert_non_null(strstr(buffer_text(&got), "\"tier\":\"presence\""));
    assert_states(&desk, "shown queued delivered ");
}

static void a_listener_that_fails_is_tried_again(void **state)
{
    (void)state;
    struct desk desk STING_AUTO(desk_release) = desk_make("2", NULL);
    desk_open(&desk);
    desk_raise(&desk, 1);
    run_for(desk.alerts, PATIENCE_MS);
    assert_int_equal(alerts_waiting(desk.alerts), 0);
    assert_states(&desk, "shown queued failed delivered ");
    const struct alerts_channel is = alerts_channel(desk.alerts, 0);
    assert_int_equal(is.failures, 2);
    assert_true(is.sent_us > is.failed_us && is.failed_us > 0);
}

static void a_channel_says_what_waits_and_why(void **state)
{
    (void)state;
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    listener_stop(&desk.listener);
    desk_open(&desk);
    desk_raise(&desk, 1);
    run_to_failure(desk.alerts);
    const struct alerts_channel is = alerts_channel(desk.alerts, 0);
    assert_string_equal(is.name, "webhook-1");
    assert_int_equal(is.waiting, 1);
    assert_int_equal(is.failing, 1);
    assert_int_equal(is.sent_us, 0);
    assert_true(is.failed_us > 0);
    assert_non_null(strstr(is.why, "127.0.0.1"));
}

static void assert_change(struct desk *desk, int kind, const char *why)
{
    struct alerts_change change;
    assert_true(alerts_change_next(desk->alerts, &change));
    assert_int_equal(change.kind, kind);
    assert_string_equal(change.channel, "webhook-1");
    assert_non_null(strstr(change.why, why));
    assert_false(alerts_change_next(desk->alerts, &change));
}

static void a_channel_that_fails_and_works_again_is_told_once(void **state)
{
    (void)state;
    struct alerts_change change;
    struct desk desk STING_AUTO(desk_release) = desk_make("3", NULL);
    desk_open(&desk);
    desk_raise(&desk, 1);
    assert_false(alerts_change_next(desk.alerts, &change));
    run_to_failure(desk.alerts);
    assert_true(alerts_nobody(desk.alerts));
    assert_change(&desk, ALERTS_FAIL, "it answered 5");
    run_for(desk.alerts, PATIENCE_MS);
    assert_false(alerts_nobody(desk.alerts));
    assert_change(&desk, ALERTS_WORK, "");
    const struct alerts_settled all = alerts_settled(desk.alerts);
    assert_int_equal(all.delivered, 1);
    assert_int_equal(all.given_up, 0);
}

/* Nobody hears for more than a week. */
static void what_is_given_up_counts_as_no_delivery(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct moment now;
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    listener_stop(&desk.listener);
    desk_open(&desk);
    desk_raise(&desk, 1);
    run_to_failure(desk.alerts);
    assert_change(&desk, ALERTS_FAIL, "127.0.0.1");
    now = clock_now();
    now.boot_us += INT64_C(8) * 24 * 3600 * 1000000;
    now.utc_us += INT64_C(8) * 24 * 3600 * 1000000;
    assert_true(!alerts_tick(desk.alerts, now, &fault));
    assert_int_equal(alerts_waiting(desk.alerts), 0);
    assert_states(&desk, "shown queued failed given-up ");
    assert_change(&desk, ALERTS_GIVEN_UP, "a week has passed");
    assert_int_equal(alerts_settled(desk.alerts).given_up, 1);
    assert_int_equal(alerts_settled(desk.alerts).delivered, 0);
}

/* Nobody listens, the station ends; the next one delivers. */
static void the_queue_survives_a_restart(void **state)
{
    (void)state;
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    listener_stop(&desk.listener);
    desk_open(&desk);
    desk_raise(&desk, 1);
    run_to_failure(desk.alerts);
    assert_int_equal(alerts_waiting(desk.alerts), 1);
    desk_open(&desk);
    desk.listener = listener_start(desk.listener.port, desk.out, "0", NULL);
    run_for(desk.alerts, PATIENCE_MS);
    assert_int_equal(alerts_waiting(desk.alerts), 0);
    read_all(desk.out, &got);
    assert_true(!strncmp(buffer_text(&got), "good ", 5));
    assert_states(&desk, "shown queued failed delivered ");
}

/* What an earlier version had queued and not delivered. */
static void an_alert_of_an_older_queue_is_delivered(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    char when[CLOCK_TEXT_SIZE];
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    assert_true(!buffer_printf(
        &plain,
        "sting-queue-1\nalert 7\nincident 3\ntier touch\n"
        "channel webhook-1\nqueued %s\n"
        "address http://127.0.0.1:%d/hook\n{\"alert\":7}\n",
        clock_text(clock_now().utc_us, when), desk.listener.port));
    assert_true(!queue_key(desk.operation, &key, &fault));
    assert_true(!queue_file_put(desk.operation, &key, "queue/00000007.age",
                                buffer_bytes(&plain), &fault));
    desk_open(&desk);
    assert_int_equal(alerts_waiting(desk.alerts), 1);
    run_for(desk.alerts, PATIENCE_MS);
    read_all(desk.out, &got);
    assert_string_equal(buffer_text(&got), "good {\"alert\":7}\n");
    assert_states(&desk, "delivered ");
}

/* Its end is told, an end that nobody was told of the beginning of is not. */
static void an_incident_is_told_once_then_that_it_is_over(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    struct incident_event event = event_of(3);
    desk_open(&desk);
    desk_raise(&desk, 3);
    event.change = INCIDENT_CLOSED;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    event.incident.number = 4;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    run_for(desk.alerts, PATIENCE_MS);
    read_all(desk.out, &got);
    assert_non_null(strstr(buffer_text(&got), "\"change\":\"opened\""));
    assert_non_null(strstr(buffer_text(&got), "\"change\":\"closed\""));
    assert_null(strstr(buffer_text(&got), "\"incident\":4"));
    assert_int_equal(alerts_waiting(desk.alerts), 0);
}

static struct moment later(struct moment at, int seconds)
{
    at.boot_us += INT64_C(1000000) * seconds;
    at.utc_us += INT64_C(1000000) * seconds;
    return at;
}

static void duty_set(struct desk *desk, struct moment now, const char *state)
{
    const struct line_field field[] = {
        {"state", state},
        {"by", "night"},
        {"until", "2100-01-01T00:00:00.000000Z"}};
    alerts_said(desk->alerts, now, "arm", field, 3);
}

/* Alerts go out again while somebody is there; who left meanwhile is past. */
static void who_was_held_back_is_told_once_the_team_is_on_duty(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    struct incident_event event = event_of(3);
    struct moment now = later(clock_now(), -10);
    desk_open(&desk);
    duty_set(&desk, now, "disarmed");
    desk_raise(&desk, 3);
    desk_raise(&desk, 4);
    event.change = INCIDENT_CLOSED;
    assert_true(!alerts_raise(desk.alerts, &event, now, &fault));
    assert_true(!alerts_tick(desk.alerts, later(now, 1), &fault));
    assert_states(&desk, "shown held shown held ");
    duty_set(&desk, now, "armed");
    assert_true(!alerts_tick(desk.alerts, later(now, 2), &fault));
    assert_true(!alerts_tick(desk.alerts, later(now, 3), &fault));
    run_for(desk.alerts, PATIENCE_MS);
    assert_states(&desk, "shown held shown held queued delivered ");
    read_all(desk.out, &got);
    assert_non_null(strstr(buffer_text(&got), "\"incident\":4"));
    assert_non_null(strstr(buffer_text(&got), "\"change\":\"opened\""));
    assert_null(strstr(buffer_text(&got), "\"incident\":3"));
}

static size_t times_told(const struct desk *desk, const char *word)
{
    struct buffer got STING_AUTO(buffer_release) = {0};
    size_t count = 0;
    read_all(desk->out, &got);
    for (const char *at = buffer_text(&got); (at = strstr(at, word)); at++) {
        count++;
    }
    return count;
}

static size_t times_queued(const struct desk *desk)
{
    char states[200];
    size_t count = 0;
    states_of(desk->operation, states);
    for (const char *at = states; (at = strstr(at, "queued")); at++) {
        count++;
    }
    return count;
}

static void what_grows_again_soon_is_told_a_little_later(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    struct incident_event event = event_of(3);
    struct moment now = clock_now();
    const int at_s[] = {0, 5, 10, 29, 31, 70};
    const size_t queued[] = {2, 2, 2, 2, 3, 3}; /* opened, and those */
    desk_open(&desk);
    desk_raise(&desk, 3);
    event.change = INCIDENT_GREW;
    for (size_t i = 0; i < sizeof at_s / sizeof *at_s; i++) {
        if (at_s[i] <= 10) {
            assert_true(!alerts_raise(desk.alerts, &event, later(now, at_s[i]),
                                      &fault));
        }
        assert_true(!alerts_tick(desk.alerts, later(now, at_s[i]), &fault));
        assert_int_equal(times_queued(&desk), queued[i]);
    }
}

/* It is no news of who is there: also those are told whom that is held from. */
static void a_camera_that_goes_meanwhile_is_told(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    struct incident_event event = event_of(3);
    desk_open(&desk);
    event.incident.team_us = clock_now().utc_us;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    assert_states(&desk, "shown held ");
    event.change = INCIDENT_BLINDED;
    event.incident.kind = INCIDENT_LOSS;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    run_for(desk.alerts, PATIENCE_MS);
    assert_states(&desk, "shown held shown queued delivered ");
    assert_int_equal(times_told(&desk, "\"change\":\"blinded\""), 1);
    assert_int_equal(times_told(&desk, "\"kind\":\"loss\""), 1);
    event.change = INCIDENT_CLOSED;
    event.incident.blind = 1;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    run_for(desk.alerts, PATIENCE_MS);
    assert_int_equal(times_told(&desk, "\"blind\":true"), 1);
    event.change = INCIDENT_REGAINED;
    assert_true(!alerts_raise(desk.alerts, &event, clock_now(), &fault));
    run_for(desk.alerts, PATIENCE_MS);
    assert_int_equal(times_told(&desk, "\"change\":\"regained\""), 1);
}

/* The one beyond what is told one by one is told as a storm at once; the next
 * waits with those that are still to come. */
static void a_storm_is_told_as_soon_as_it_begins(void **state)
{
    (void)state;
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", NULL);
    desk_open(&desk);
    for (uint32_t i = 1; i <= 7; i++) {
        desk_raise(&desk, i);
    }
    run_for(desk.alerts, 10000);
    read_all(desk.out, &got);
    assert_non_null(strstr(buffer_text(&got), "\"incident\":5"));
    const char *storm = strstr(buffer_text(&got), "\"change\":\"folded\"");
    assert_non_null(storm);
    assert_non_null(strstr(buffer_text(&got), "\"incident\":6"));
    assert_non_null(strstr(buffer_text(&got), "\"folded\":1"));
    assert_null(strstr(storm + 1, "\"change\":\"folded\""));
    assert_null(strstr(buffer_text(&got), "\"incident\":7"));
}

/* No text of an alert may lie in the folder in clear. */
static void the_queue_is_sealed(void **state)
{
    (void)state;
    struct buffer file STING_AUTO(buffer_release) = {0};
    char path[128];
    struct desk desk STING_AUTO(desk_release) = desk_make("9", NULL);
    desk_open(&desk);
    desk_raise(&desk, 1);
    snprintf(path, sizeof path, "%s/queue/00000002.age", desk.fixture.path);
    read_all(path, &file);
    assert_true(file.size > 0);
    assert_null(memmem(file.data, file.size, "hook", 4));
    assert_null(memmem(file.data, file.size, "presence", 8));
}

/* TLS in the jailed worker, with an authority of one's own. */
static void https_reaches_a_listener_whose_authority_is_named(void **state)
{
    (void)state;
    struct buffer got STING_AUTO(buffer_release) = {0};
    struct desk desk STING_AUTO(desk_release) = desk_make("0", "ca.pem");
    desk_open(&desk);
    desk_raise(&desk, 1);
    run_for(desk.alerts, PATIENCE_MS);
    read_all(desk.out, &got);
    assert_true(!strncmp(buffer_text(&got), "good ", 5));
    assert_states(&desk, "shown queued delivered ");
}

/* Nothing may be posted to one who only claims to be the listener. */
static void https_tells_nothing_to_a_listener_nobody_vouches_for(void **state)
{
    static const char *const ca[] = {"", "other.pem"};
    (void)state;
    for (size_t i = 0; i < sizeof ca / sizeof *ca; i++) {
        struct buffer got STING_AUTO(buffer_release) = {0};
        char why[160];
        struct desk desk STING_AUTO(desk_release) = desk_make("0", ca[i]);
        desk_open(&desk);
        desk_raise(&desk, 1);
        run_to_failure(desk.alerts);
        assert_int_equal(alerts_waiting(desk.alerts), 1);
        read_all(desk.out, &got);
        assert_int_equal(got.size, 0);
        assert_states(&desk, "shown queued failed ");
        why_of(desk.operation, why);
        assert_non_null(strstr(why, "certificate"));
    }
}

int main(void)
{
    worker_binary(STING_BINARY);
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_alert_arrives_signed_and_leaves_the_queue),
        cmocka_unit_test(a_listener_that_fails_is_tried_again),
        cmocka_unit_test(a_channel_says_what_waits_and_why),
        cmocka_unit_test(a_channel_that_fails_and_works_again_is_told_once),
        cmocka_unit_test(what_is_given_up_counts_as_no_delivery),
        cmocka_unit_test(the_queue_survives_a_restart),
        cmocka_unit_test(an_alert_of_an_older_queue_is_delivered),
        cmocka_unit_test(an_incident_is_told_once_then_that_it_is_over),
        cmocka_unit_test(who_was_held_back_is_told_once_the_team_is_on_duty),
        cmocka_unit_test(what_grows_again_soon_is_told_a_little_later),
        cmocka_unit_test(a_camera_that_goes_meanwhile_is_told),
        cmocka_unit_test(a_storm_is_told_as_soon_as_it_begins),
        cmocka_unit_test(the_queue_is_sealed),
        cmocka_unit_test(https_reaches_a_listener_whose_authority_is_named),
        cmocka_unit_test(https_tells_nothing_to_a_listener_nobody_vouches_for),
    };
    return cmocka_run_group_tests_name("alerts", test, NULL, NULL);
}
