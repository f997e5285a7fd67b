/* Who of our own is in which room, as `go` lines say it. */
#include "ledger/line.h"
#include "ledger/store.h"
#include "station/team.h"
#include "tests/operation_fixture.h"

#define US INT64_C(1000000)

static const char cameras[] = "cameras:\n"
                              "  - name: door\n    url: rtsp://127.0.0.1/a\n"
                              "    place: hall\n"
                              "  - name: table\n    url: rtsp://127.0.0.1/b\n"
                              "    place: shed\n";

/* Two rooms, each with an incident that is going on: 1 and 2. */
struct scene {
    struct fixture fixture;
    struct operation *operation;
    struct core *core;
    struct alerts *alerts;
    struct incidents *incidents;
    struct teller teller;
    struct desk desk;
    struct team team;
    char told[1024]; /* all that was told of `go` */
};

static void hear(void *context, const struct tale *tale, int64_t utc_us,
                 const char *text)
{
    struct scene *scene = context;
    (void)utc_us;
    if (!strcmp(tale->event, "go")) {
        size_t used = strlen(scene->told);
        (void)snprintf(scene->told + used, sizeof scene->told - used, "%s\n",
                       text);
    }
}

static void config_write(const struct fixture *fixture)
{
    char path[128];
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer whole STING_AUTO(buffer_release) = {0};
    snprintf(path, sizeof path, "%s/operation.yaml", fixture->path);
    assert_true(!file_read(AT_FDCWD, path, 65536, &text, NULL));
    char *at = strstr((char *)text.data, "\ncameras:\n");
    assert_non_null(at);
    assert_true(!buffer_append(
        &whole,
        (struct bytes){text.data, (size_t)(at + 1 - (char *)text.data)}));
    assert_true(!buffer_text_append(&whole, cameras));
    assert_true(!buffer_text_append(&whole, at + strlen("\ncameras:\n")));
    assert_true(!file_write(AT_FDCWD, path, buffer_bytes(&whole), 0600, NULL));
}

static void see(struct incidents *incidents, int camera, bool begins)
{
    const struct moment now = clock_now();
    const struct observation seen = {.camera = camera,
                                     .zone = -1,
                                     .kind = INCIDENT_PERSON,
                                     .begins = begins,
                                     .at = now,
                                     .looked = now};
    struct incident_event event;
    assert_true(!incidents_observe(incidents, &seen));
    while (incidents_next(incidents, &event)) {
    }
}

/* The station of that folder starts. */
static void begin(struct scene *scene)
{
    struct fault fault = {"", ""};
    scene->operation = fixture_open(&scene->fixture);
    assert_true(!core_open(scene->operation, clock_now, &scene->core, &fault));
    assert_true(
        !alerts_new(scene->operation, scene->core, &scene->alerts, &fault));
    assert_true(!incidents_new(10 * US, 1, &scene->incidents));
    incidents_place_set(scene->incidents, 0, 0);
    incidents_place_set(scene->incidents, 1, 1);
    scene->teller = (struct teller){.heard = hear, .hearer = scene};
    scene->desk = (struct desk){.operation = scene->operation,
                                .core = scene->core,
                                .alerts = scene->alerts,
                                .incidents = scene->incidents,
                                .teller = &scene->teller};
    scene->team = (struct team){.taken = 0};
    scene->told[0] = '\0';
    team_serve(&scene->team, &scene->desk, clock_now());
}

static void end(struct scene *scene)
{
    alerts_free(&scene->alerts);
    incidents_free(&scene->incidents);
    core_free(&scene->core);
    operation_close(&scene->operation);
}

static struct scene *scene_new(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->fixture = fixture_make(NULL);
    config_write(&scene->fixture);
    begin(scene);
    see(scene->incidents, 0, true);
    see(scene->incidents, 1, true);
    return scene;
}

static void scene_end(struct scene *scene)
{
    end(scene);
    fixture_release(&scene->fixture);
    free(scene);
}

/* A `go` line, as commands and the console send it. */
static void go(struct scene *scene, const char *state, const char *who,
               const char *incident, const char *camera)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_CORE_LINE};
    struct wire_head answer;
    const struct line_field field[] = {{"state", state},
                                       {"who", who},
                                       {"by", "gate"},
                                       {"incident", incident},
                                       {"camera", camera}};
    assert_true(!core_line_write("go", field, 5, &payload));
    core_handle(scene->core, &head, buffer_bytes(&payload), &answer, &out);
    assert_int_equal(answer.kind, WIRE_DONE);
}

static const char *who_is(const struct scene *scene, int camera)
{
    int64_t since_us = 0;
    const char *who =
        incidents_team(scene->incidents,
                       incidents_place_of(scene->incidents, camera), &since_us);
    return who ? who : "nobody";
}

static void our_own_go_into_the_room_of_an_old_incident(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    go(scene, "in", "night shift", "77", "table");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 1), "night shift");
    assert_string_equal(who_is(scene, 0), "nobody");
    assert_non_null(
        strstr(scene->told, "GO: night shift goes in, where camera table is"));
    go(scene, "out", "night shift", "78", "table");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 1), "nobody");
    scene_end(scene);
}

static void two_who_go_at_once_are_two(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    go(scene, "in", "night shift", NULL, "door");
    go(scene, "in", "the gate", NULL, "table");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 0), "night shift");
    assert_string_equal(who_is(scene, 1), "the gate");
    go(scene, "out", "night shift", NULL, "door");
    go(scene, "in", "night shift", NULL, "door");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 0), "night shift");
    scene_end(scene);
}

static void into_every_room_means_each(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    go(scene, "in", "night shift", NULL, NULL);
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 0), "night shift");
    assert_string_equal(who_is(scene, 1), "night shift");
    go(scene, "out", "night shift", NULL, "door");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 0), "nobody");
    assert_string_equal(who_is(scene, 1), "night shift");
    scene_end(scene);
}

/* By a number alone, as lines of before: they go nowhere, and are told so. */
static void a_room_that_nobody_watches_is_told_of(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    go(scene, "in", "night shift", "77", NULL);
    go(scene, "in", "night shift", "78", "attic");
    team_serve(&scene->team, &scene->desk, clock_now());
    assert_string_equal(who_is(scene, 0), "nobody");
    assert_string_equal(who_is(scene, 1), "nobody");
    assert_non_null(strstr(scene->told, "where no camera watches now"));
    scene_end(scene);
}

static void a_start_tells_who_is_in_and_no_old_out(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    go(scene, "in", "night shift", NULL, "door");
    go(scene, "in", "the gate", NULL, "table");
    go(scene, "out", "night shift", NULL, "door");
    end(scene);
    begin(scene);
    assert_string_equal(scene->told,
                        "GO: the gate goes in, where camera table is; people "
                        "in the room are the own team until nobody was seen "
                        "for 5 minutes\n");
    assert_string_equal(who_is(scene, 0), "nobody");
    assert_string_equal(who_is(scene, 1), "the gate");
    go(scene, "out", "the gate", NULL, "table");
    end(scene);
    begin(scene);
    assert_string_equal(scene->told, "");
    scene_end(scene);
}

/* Each room by itself, in the ledger too; once. */
static void who_was_not_seen_for_long_is_out_of_that_room(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    struct buffer ledger STING_AUTO(buffer_release) = {0};
    struct moment now = clock_now();
    go(scene, "in", "night shift", NULL, "door");
    go(scene, "in", "the gate", NULL, "table");
    team_serve(&scene->team, &scene->desk, now);
    see(scene->incidents, 1, false);
    for (int i = 0; i < 400; i++) {
        now.boot_us += US;
        now.utc_us += US;
        incidents_tick(scene->incidents, now);
        team_serve(&scene->team, &scene->desk, now);
    }
    assert_string_equal(who_is(scene, 0), "night shift");
    assert_string_equal(who_is(scene, 1), "nobody");
    assert_true(!file_read(operation_dir(scene->operation), "evidence/ledger",
                           65536, &ledger, NULL));
    const char *line =
        strstr(buffer_text(&ledger), "state=out who=the%20gate by=sting");
    assert_non_null(line);
    line = strstr(line, "camera=table");
    assert_non_null(line);
    assert_null(strstr(line, "by=sting"));
    scene_end(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_go_into_the_room_of_an_old_incident),
        cmocka_unit_test(two_who_go_at_once_are_two),
        cmocka_unit_test(into_every_room_means_each),
        cmocka_unit_test(a_room_that_nobody_watches_is_told_of),
        cmocka_unit_test(a_start_tells_who_is_in_and_no_old_out),
        cmocka_unit_test(who_was_not_seen_for_long_is_out_of_that_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
