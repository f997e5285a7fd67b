/* sting cameras: who answers here, and by which url it is watched. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/cameras_find.h"
#include "cli/command.h"
#include "cli/options.h"

#define MOST_PASSWORD_BYTES 256
#define DEFAULT_WAIT_S 3
#define MOST_WAIT_S 30

static const char help[] =
    "usage: sting cameras [--user NAME --password-file F] [--wait S]\n"
    "                     [--at URL | --from ADDRESS] [--json]\n"
    "\n"
    "Ask the network which cameras are there (ONVIF), and each of them for "
    "the\n"
    "urls of its streams, to be written into operation.yaml: the best as "
    "url:,\n"
    "and a smaller one of the same camera, if it has one, as look:, which "
    "costs\n"
    "less to look at. Nothing is changed. Every device of this network can "
    "hear\n"
    "the question.\n"
    "\n"
    "  --user NAME         most cameras tell their urls only to who may look;\n"
    "  --password-file F   the password goes over the network only hashed, to\n"
    "                      the addresses that answered\n"
    "  --wait S            how long answers are awaited, 3 s\n"
    "  --at URL            ask this one alone, in another network:\n"
    "                      http://192.0.2.7/onvif/device_service\n"
    "  --from ADDRESS      our own address in the network that is asked\n"
    "  --json              one object a camera: address, name, hardware, why,\n"
    "                      streams (name, codec, size, url)\n"
    "\n"
    "Exit code 0 when a camera was found, 3 when none was, or none at "
    "URL.\n"
    "\n"
    "example:\n"
    "  sting cameras --user admin --password-file camera-password\n";

static enum sting_status password_read(const char *path, char *out, size_t room,
                                       struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = buffer_reserve(&file, room);
    if (!status) {
        status = file_read(AT_FDCWD, path, MOST_PASSWORD_BYTES, &file, fault);
    }
    if (!status) {
        const char *text = buffer_text(&file);
        snprintf(out, room, "%.*s", (int)strcspn(text, "\r\n"), text);
    }
    return status;
}

static void streams_add(struct json *json, const struct camera_found *camera)
{
    struct json *streams STING_AUTO(json_free) = json_new_array();
    for (int i = 0; i < camera->streams; i++) {
        const struct camera_stream *one = &camera->stream[i];
        struct json *stream STING_AUTO(json_free) = json_new_object();
        json_add_text(stream, "name", one->name);
        json_add_text(stream, "codec", one->codec[0] ? one->codec : NULL);
        json_add_text(stream, "size", one->size[0] ? one->size : NULL);
        json_add_text(stream, "url", one->url[0] ? one->url : NULL);
        json_add_child(streams, NULL, &stream);
    }
    json_add_child(json, "streams", &streams);
}

static enum sting_status tell_json(const struct camera_found *camera)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    struct buffer line STING_AUTO(buffer_release) = {0};
    json_add_text(json, "address", camera->address);
    json_add_text(json, "name", camera->name[0] ? camera->name : NULL);
    json_add_text(json, "hardware",
                  camera->hardware[0] ? camera->hardware : NULL);
    json_add_text(json, "why", camera->why[0] ? camera->why : NULL);
    streams_add(json, camera);
    enum sting_status status = json_line(json, &line);
    fputs(buffer_text(&line), stdout);
    return status;
}

static void tell_words(const struct camera_found *camera)
{
    printf("%s  %s  %s\n", camera->name[0] ? camera->name : "a camera",
           camera->hardware, camera->address);
    if (camera->why[0]) {
        printf("  no streams: %s\n", camera->why);
    }
    for (int i = 0; i < camera->streams; i++) {
        const struct camera_stream *one = &camera->stream[i];
        printf("  url: %s  (%s %s %s)\n",
               one->url[0] ? one->url : "it does not say", one->name,
               one->codec, one->size);
    }
}

static void tell_none(const struct cameras_query *query, const char *why)
{
    if (query->at) {
        fprintf(stderr,
                "sting: cameras: no camera answers at %s: %s: check the "
                "address and its port\n",
                query->at, why);
    } else {
        fputs("sting: cameras: none answered: try --from with our address in "
              "their network, or --at with the address of one\n",
              stderr);
    }
}

static int cameras_tell(const struct cameras_query *query, bool json)
{
    static struct camera_found found[CAMERAS_MOST];
    struct fault fault = {"", ""};
    size_t count = 0;
    enum sting_status status = cameras_find(query, found, &count, &fault);
    if (status) {
        return command_failed(status, "cameras", &fault);
    }
    for (size_t i = 0; i < count; i++) {
        if (json && tell_json(&found[i])) {
            return EXIT_FAILED;
        }
        if (!json) {
            tell_words(&found[i]);
        }
    }
    if (count == 0) {
        tell_none(query, found[0].why);
    }
    return count ? EXIT_DONE : EXIT_NO;
}

static int cameras_run(int argc, char **argv)
{
    char password[MOST_PASSWORD_BYTES + 1] = "";
    const char *password_file = NULL;
    bool json = false;
    int64_t wait_s = DEFAULT_WAIT_S;
    struct cameras_query query = {.from = "", .password = password};
    struct fault fault = {"", ""};
    const struct option option[] = {
        {"--json", OPTION_FLAG, &json, 0, 0},
        {"--user", OPTION_TEXT, &query.user, 0, 0},
        {"--password-file", OPTION_TEXT, &password_file, 0, 0},
        {"--at", OPTION_TEXT, &query.at, 0, 0},
        {"--from", OPTION_TEXT, &query.from, 0, 0},
        {"--wait", OPTION_NUMBER, &wait_s, 1, MOST_WAIT_S}};
    struct options options = {.option = option,
                              .options = sizeof option / sizeof *option,
                              .usage = "sting cameras"};
    enum sting_status status = options_parse(argc, argv, &options, &fault);
    if (!status && query.at && strncmp(query.at, "http", 4) != 0) {
        status = fault_set(&fault, STING_E_ARG, "write http://HOST/...",
                           "--at is no url");
    }
    if (!status && password_file) {
        status =
            password_read(password_file, password, sizeof password, &fault);
    }
    if (status) {
        return command_fail(EXIT_USAGE, "cameras", &fault);
    }
    query.wait_ms = wait_s * 1000;
    int code = cameras_tell(&query, json);
    explicit_bzero(password, sizeof password);
    return code;
}

const struct command command_cameras = {
    "cameras", "which cameras are on this network, and their urls", help,
    cameras_run};
