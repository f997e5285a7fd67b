#include "drill/scene_camera.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "drill/rtsp_session.h"
#include "media/encode.h"
#include "media/nal.h"

enum { MOST_CLIENTS = 8, MOST_OWED = 8 << 20 };

struct client {
    int fd;
    struct rtsp_session session;
};

struct camera {
    const struct scene_camera_settings *settings;
    struct scene *scene;      /* owned */
    struct encoder *encoder;  /* owned */
    struct video_frame frame; /* owned */
    struct buffer header;     /* SPS and PPS */
    struct buffer sdp;
    struct client client[MOST_CLIENTS];
    int clients;
    int listener;
    uint16_t port;
    uint32_t sessions;
    int64_t begin_us; /* boot time of the first frame; 0 before */
    int64_t frames;   /* drawn or passed over since */
    int64_t report_us;
    int events_told;
};

static void camera_release(struct camera *camera)
{
    for (int i = 0; i < camera->clients; i++) {
        fd_close(&camera->client[i].fd);
        rtsp_session_release(&camera->client[i].session);
    }
    fd_close(&camera->listener);
    encoder_free(&camera->encoder);
    scene_free(&camera->scene);
    video_frame_release(&camera->frame);
    buffer_release(&camera->header);
    buffer_release(&camera->sdp);
}

static void tell(const struct camera *camera, const char *event, double at_s)
{
    camera->settings->tell(camera->settings->context, event, at_s);
}

static void zone_tell(const struct camera *camera)
{
    float corner[GARAGE_MOST_CORNERS][2];
    int corners = garage_zone(scene_garage(camera->scene), corner);
    camera->settings->zone(camera->settings->context, corner, corners);
}

static bool address_read(const char *text, struct sockaddr_in *out)
{
    char host[32];
    const char *colon = strchr(text, ':');
    if (!colon || (size_t)(colon - text) >= sizeof host) {
        return false;
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    char *end;
    errno = 0;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (errno || end == colon + 1 || *end || port > 65535) {
        return false;
    }
    *out = (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &out->sin_addr) == 1;
}

static enum sting_status listener_open(struct camera *camera,
                                       struct fault *fault)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    int yes = 1;
    if (!address_read(camera->settings->listen, &at)) {
        return fault_set(fault, STING_E_ARG, "give ADDRESS:PORT",
                         "this is no address and port");
    }
    camera->listener =
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (camera->listener < 0) {
        return fault_errno(fault, STING_E_IO, "", "no socket");
    }
    setsockopt(camera->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(camera->listener, (struct sockaddr *)&at, sizeof at) ||
        listen(camera->listener, MOST_CLIENTS) ||
        getsockname(camera->listener, (struct sockaddr *)&at, &size)) {
        return fault_errno(fault,
                           errno == EADDRINUSE ? STING_E_BUSY : STING_E_IO,
                           "choose another port", "cannot listen there");
    }
    camera->port = ntohs(at.sin_port);
    return STING_OK;
}

/* ---- pictures ---- */

static enum sting_status header_keep(void *context,
                                     const struct encode_packet *packet)
{
    struct camera *camera = context;
    return camera->header.size
               ? STING_OK
               : nal_h264_header_append(&camera->header, packet->data);
}

static void session_owe(struct camera *camera, struct rtsp_session *session,
                        const struct encode_packet *packet)
{
    if (!session->is_playing || (session->waits_for_key && !packet->key)) {
        return;
    }
    session->waits_for_key = false;
    enum sting_status status = rtp_picture_append(
        &session->rtp, packet->data, packet->pts_us, &session->out);
    if (!status && camera->report_us == packet->pts_us) {
        status = rtp_report_append(&session->rtp, packet->pts_us,
                                   clock_now().utc_us, &session->out);
    }
    if (status || session->out.size > MOST_OWED) {
        session->is_playing = false; /* it does not read: let it go */
        session->is_over = true;
        session->out.size = 0;
    }
}

static enum sting_status packet_owe(void *context,
                                    const struct encode_packet *packet)
{
    struct camera *camera = context;
    for (int i = 0; i < camera->clients; i++) {
        session_owe(camera, &camera->client[i].session, packet);
    }
    return STING_OK;
}

static struct encode_settings encode_settings(const struct camera *camera)
{
    int rate = camera->settings->frames_per_s;
    return (struct encode_settings){.width_px = GARAGE_WIDTH,
                                    .height_px = GARAGE_HEIGHT,
                                    .frames_per_s = rate,
                                    .gop_frames = rate,
                                    .crf = 29};
}

/* What the stream will be is known from a first picture that nobody sees. */
static enum sting_status stream_describe(struct camera *camera,
                                         struct fault *fault)
{
    struct encoder *probe STING_AUTO(encoder_free) = NULL;
    struct encode_settings settings = encode_settings(camera);
    enum sting_status status =
        encoder_new(&settings, header_keep, camera, &probe, fault);
    if (status) {
        return status;
    }
    scene_draw(camera->scene, 0, &camera->frame);
    status = encoder_frame(probe, &camera->frame);
    status = status ? status : encoder_finish(probe);
    status = status
                 ? status
                 : rtsp_sdp_write(buffer_bytes(&camera->header), &camera->sdp);
    status = status ? status
                    : encoder_new(&settings, packet_owe, camera,
                                  &camera->encoder, fault);
    return status ? fault_set(fault, status, "", "the encoder does not work")
                  : STING_OK;
}

static void events_tell(struct camera *camera, double at_s)
{
    const struct play *play = scene_play(camera->scene);
    while (camera->events_told < play->events &&
           play->event[camera->events_told].at_s <= at_s) {
        const struct play_event *event = &play->event[camera->events_told++];
        tell(camera, play_word(event->kind), event->at_s);
    }
}

static int64_t due_us(const struct camera *camera)
{
    return camera->begin_us +
           camera->frames * 1000000 / camera->settings->frames_per_s;
}

/* Draw the frame of now; those that came too late to draw are left out, as a
 * camera with too much to do leaves them out. */
static enum sting_status frame_make(struct camera *camera, int64_t now_us)
{
    int64_t step = 1000000 / camera->settings->frames_per_s;
    while (due_us(camera) + step < now_us) {
        camera->frames++;
    }
    int64_t pts_us = due_us(camera) - camera->begin_us;
    camera->frame.pts_us = pts_us;
    if (pts_us - camera->report_us >= 5000000) {
        camera->report_us = pts_us;
    }
    events_tell(camera, (double)pts_us / 1e6);
    scene_draw(camera->scene, (double)pts_us / 1e6, &camera->frame);
    camera->frames++;
    return encoder_frame(camera->encoder, &camera->frame);
}

/* ---- clients ---- */

static void client_drop(struct camera *camera, int i)
{
    fd_close(&camera->client[i].fd);
    rtsp_session_release(&camera->client[i].session);
    camera->client[i] = camera->client[--camera->clients];
}

static void client_accept(struct camera *camera)
{
    int fd =
        accept4(camera->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    if (camera->clients == MOST_CLIENTS) {
        fd_close(&fd);
        return;
    }
    camera->client[camera->clients++] = (struct client){.fd = fd};
}

static bool client_read(struct camera *camera, struct client *client)
{
    uint8_t bytes[RTSP_MOST_BYTES];
    ssize_t got = recv(client->fd, bytes, sizeof bytes, 0);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    if (got == 0 || buffer_append(&client->session.in,
                                  (struct bytes){bytes, (size_t)got})) {
        return false;
    }
    if (client->session.number == 0) {
        camera->sessions++;
    }
    return rtsp_session_serve(&client->session, buffer_text(&camera->sdp),
                              10000 + camera->sessions) == STING_OK;
}

static bool client_write(struct client *client)
{
    struct buffer *out = &client->session.out;
    while (out->size) {
        ssize_t sent = send(client->fd, out->data, out->size, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        memmove(out->data, out->data + sent, out->size - (size_t)sent);
        out->size -= (size_t)sent;
    }
    return !client->session.is_over;
}

static void clients_serve(struct camera *camera, const struct pollfd *ready,
                          int count)
{
    for (int i = count - 1; i >= 0; i--) {
        struct client *client = &camera->client[i];
        bool good = true;
        if (ready[i].revents & (POLLIN | POLLHUP | POLLERR)) {
            good = client_read(camera, client);
        }
        if (!good || !client_write(client)) {
            client_drop(camera, i);
        }
    }
}

static bool anybody_plays(const struct camera *camera)
{
    for (int i = 0; i < camera->clients; i++) {
        if (camera->client[i].session.is_playing) {
            return true;
        }
    }
    return false;
}

/* Wait for clients until the next frame is due, and serve them. */
static enum sting_status wait_and_serve(struct camera *camera, int64_t now_us)
{
    struct pollfd ready[MOST_CLIENTS + 1];
    int clients = camera->clients;
    int64_t wait_us = camera->begin_us ? due_us(camera) - now_us : 200000;
    for (int i = 0; i < clients; i++) {
        short wants =
            camera->client[i].session.out.size ? POLLIN | POLLOUT : POLLIN;
        ready[i] = (struct pollfd){camera->client[i].fd, wants, 0};
    }
    ready[clients] = (struct pollfd){camera->listener, POLLIN, 0};
    int wait_ms = wait_us <= 0 ? 0 : (int)(wait_us / 1000) + 1;
    if (poll(ready, (nfds_t)clients + 1, wait_ms) < 0 && errno != EINTR) {
        return STING_E_IO;
    }
    clients_serve(camera, ready, clients);
    if (ready[clients].revents & POLLIN) {
        client_accept(camera);
    }
    return STING_OK;
}

static bool is_over(const struct camera *camera, int64_t now_us)
{
    double for_s = camera->settings->for_s;
    return *camera->settings->stop ||
           (for_s > 0 && camera->begin_us &&
            (double)(now_us - camera->begin_us) / 1e6 >= for_s);
}

static enum sting_status camera_run(struct camera *camera)
{
    for (;;) {
        int64_t now_us = clock_now().boot_us;
        if (is_over(camera, now_us)) {
            return STING_OK;
        }
        enum sting_status status = wait_and_serve(camera, now_us);
        now_us = clock_now().boot_us;
        if (!status && !camera->begin_us && anybody_plays(camera)) {
            camera->begin_us = now_us;
            tell(camera, "first-frame", 0);
        }
        if (!status && camera->begin_us && due_us(camera) <= now_us) {
            status = frame_make(camera, now_us);
        }
        if (status) {
            return status;
        }
    }
}

enum sting_status scene_camera_serve(
    const struct scene_camera_settings *settings, struct fault *fault)
{
    struct camera camera STING_AUTO(camera_release) = {.settings = settings,
                                                       .listener = -1};
    if (settings->frames_per_s < 1 || settings->frames_per_s > 30) {
        return fault_set(fault, STING_E_ARG, "", "1 to 30 frames a second");
    }
    enum sting_status status = listener_open(&camera, fault);
    status =
        status ? status : scene_new(&settings->scene, &camera.scene, fault);
    status = status ? status
                    : video_frame_init(&camera.frame, GARAGE_WIDTH,
                                       GARAGE_HEIGHT, true);
    status = status ? status : stream_describe(&camera, fault);
    if (status) {
        return status;
    }
    zone_tell(&camera);
    tell(&camera, "listening", camera.port);
    status = camera_run(&camera);
    return status ? fault_set(fault, status, "", "the camera broke down")
                  : STING_OK;
}
