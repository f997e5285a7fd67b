/* How a camera's processes are started, each in its place. */
#include <stdio.h>
#include <string.h>

#include "station/camera.h"
#include "station/camera_settings.h"
#include "station/camera_source.h"

static enum sting_status settings_send(struct camera *camera, const char *url,
                                       const char *second, struct fault *fault)
{
    struct buffer settings STING_AUTO(buffer_wipe) = {0};
    const struct wire_head head = {.kind = WIRE_CAMERA_START};
    enum sting_status status = camera_settings_write(
        camera->desk->operation, camera->config, url, second, &settings, fault);
    if (status) {
        return status;
    }
    status = wire_send(camera->worker.channel, head, buffer_bytes(&settings));
    return status ? fault_set(fault, STING_E_IO, "",
                              "its worker did not take the settings")
                  : STING_OK;
}

/* What is open already is all that its worker learns of it. */
static enum sting_status open_start(struct camera *camera, struct fault *fault)
{
    bool is_device = camera->url.kind == CAMERA_DEVICE;
    int input STING_AUTO(fd_close) = -1;
    char url[16];
    enum sting_status status = camera_source_open(
        &camera->url, operation_dir(camera->desk->operation), &input, fault);
    if (status) {
        return status;
    }
    const struct worker_place place = {.input = input};
    status = worker_start_with(WORKER_CAMERA, &place, &camera->worker, fault);
    snprintf(url, sizeof url, "%s:%d", is_device ? "dev" : "fd",
             WORKER_INPUT_FD);
    return status ? status : settings_send(camera, url, "", fault);
}

static enum sting_status relay_start(struct camera *camera,
                                     const struct worker_place *place,
                                     struct fault *fault)
{
    const struct wire_head head = {.kind = WIRE_RELAY_START,
                                   .number = {place->second_port}};
    const struct bytes where = {(const uint8_t *)&camera->address,
                                sizeof camera->address};
    enum sting_status status =
        worker_start_with(WORKER_RELAY, place, &camera->relay, fault);
    if (!status && wire_send(camera->relay.channel, head, where)) {
        status = fault_set(fault, STING_E_IO, "", "its relay ended at once");
    }
    return status;
}

/* What holds its worker where it has no network of its own: then it could
 * reach other hosts at the same ports. */
static void held_write(const struct camera *camera, uint16_t second_port,
                       char out[60])
{
    if (strstr(camera->worker.missing, "Landlock")) {
        snprintf(out, 60, "nothing holds it to one address or port");
    } else if (second_port) {
        snprintf(out, 60, "it is held to ports %u and %u alone",
                 camera->url.port, second_port);
    } else {
        snprintf(out, 60, "it is held to port %u alone", camera->url.port);
    }
}

/* Locks that this system lacks, said once. */
static void tell_weaker(struct camera *camera, bool has_net,
                        uint16_t second_port)
{
    const struct tale tale = {
        .event = "jail", .state = "weaker", .camera = camera->config->name};
    if (camera->told_weaker) {
        return;
    }
    if (!has_net) {
        char held[60];
        held_write(camera, second_port, held);
        tell(camera->desk->teller, &tale,
             "camera %s: WEAKER LOCK: this system allows no network of its own "
             "for the part that reads the camera; %s (start sting as root, or "
             "allow user namespaces)",
             camera->config->name, held);
    }
    if (camera->worker.missing[0]) {
        tell(camera->desk->teller, &tale,
             "camera %s: WEAKER LOCK: the part that reads the camera lacks %s",
             camera->config->name, camera->worker.missing);
    }
    camera->told_weaker = true;
}

/* Have the camera's address, or ask for it: E_BUSY while that takes. */
static enum sting_status address_have(struct camera *camera,
                                      struct fault *fault)
{
    if (camera->has_address ||
        camera_url_address(&camera->url, &camera->address) == STING_OK) {
        return STING_OK;
    }
    enum sting_status status =
        names_ask(camera->desk->names, clock_now(), camera->index,
                  camera->url.host, camera->url.port, fault);
    camera->asked_address = status == STING_OK;
    return status ? status : STING_E_BUSY;
}

/* The streams' urls as the worker can reach them. `second` stays empty where
 * there is none. */
static enum sting_status urls_send(struct camera *camera,
                                   const struct camera_url *look,
                                   struct fault *fault)
{
    struct buffer url STING_AUTO(buffer_release) = {0};
    struct buffer second STING_AUTO(buffer_release) = {0};
    enum sting_status status =
        camera_url_write(&camera->url, &camera->address, &url);
    if (!status && look->host[0]) {
        status = camera_url_write(look, &camera->address, &second);
    }
    return status ? status
                  : settings_send(camera, buffer_text(&url),
                                  buffer_text(&second), fault);
}

/* The worker, and a relay where it has a network of its own; to the camera's
 * own port, and to another of it unless that is 0. */
static enum sting_status parts_start(struct camera *camera,
                                     uint16_t second_port, struct fault *fault)
{
    int listener STING_AUTO(fd_close) = -1;
    int second STING_AUTO(fd_close) = -1;
    struct worker_place place = {.input = -1,
                                 .camera =
                                     (const struct sockaddr *)&camera->address,
                                 .listener = &listener,
                                 .second_port = second_port,
                                 .second_listener = &second};
    enum sting_status status =
        worker_start_with(WORKER_CAMERA, &place, &camera->worker, fault);
    if (status) {
        return status;
    }
    tell_weaker(camera, listener >= 0, second_port);
    if (listener < 0) {
        return STING_OK;
    }
    place.input = listener;
    place.second_input = second;
    place.listener = place.second_listener = NULL;
    return relay_start(camera, &place, fault);
}

static enum sting_status live_start(struct camera *camera, struct fault *fault)
{
    const char *second = camera->config->look_url;
    struct camera_url look = {.host = ""};
    enum sting_status status = address_have(camera, fault);
    if (!status && second[0]) {
        status = camera_url_parse(second, &look);
    }
    if (status) {
        return status;
    }
    camera->has_address = false; /* a name is looked up for each start */
    bool is_beside = second[0] && look.port != camera->url.port;
    status = parts_start(camera, is_beside ? look.port : 0, fault);
    return status ? status : urls_send(camera, &look, fault);
}

enum sting_status camera_start(struct camera *camera, struct fault *fault)
{
    return camera->url.kind == CAMERA_NETWORK ? live_start(camera, fault)
                                              : open_start(camera, fault);
}
