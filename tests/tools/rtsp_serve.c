/*
 * rtsp_serve: a camera for tests. Serves a clip as it is, packet by packet
 * and in real time, at rtsp://127.0.0.1:PORT/camera, and perhaps another at
 * /second; each connection gets the clip from its start. Prints
 * "listening PORT" when ready and ends with its standard input. The clip is
 * H.264, or as its name says: NAME.hevc.mp4 or NAME.jpeg.mp4.
 *
 * Usage: rtsp_serve CLIP PORT [USER PASSWORD]        (PORT 0: any free one)
 *        rtsp_serve CLIP PORT --second CLIP
 */
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind[][2] = {
    {".hevc.mp4", "h265parse ! rtph265pay config-interval=-1"},
    {".jpeg.mp4", "jpegparse ! rtpjpegpay"},
    {"", "h264parse ! rtph264pay config-interval=-1 aggregate-mode=1"},
};

static const char *payloader_of(const char *clip)
{
    size_t i = 0;
    while (kind[i][0][0] && !strstr(clip, kind[i][0])) {
        i++;
    }
    return kind[i][1];
}

static GstRTSPMediaFactory *factory_of(const char *clip)
{
    GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
    gchar *place = g_strescape(clip, NULL);
    gchar *launch = g_strdup_printf(
        "( filesrc location=\"%s\" ! qtdemux ! %s name=pay0 pt=96 )", place,
        payloader_of(clip));
    gst_rtsp_media_factory_set_launch(factory, launch);
    gst_rtsp_media_factory_set_protocols(factory, GST_RTSP_LOWER_TRANS_TCP);
    g_free(launch);
    g_free(place);
    return factory;
}

/* Only who knows user and password may look. */
static void lock_up(GstRTSPServer *server, GstRTSPMediaFactory *factory,
                    const char *user, const char *password)
{
    GstRTSPAuth *auth = gst_rtsp_auth_new();
    GstRTSPToken *token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE,
                                             G_TYPE_STRING, "viewer", NULL);
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_add_digest(auth, user, password, token);
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    gst_rtsp_media_factory_add_role(
        factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN,
        TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE,
        NULL);
}

static gboolean input_ended(GIOChannel *channel, GIOCondition condition,
                            gpointer loop)
{
    (void)channel;
    (void)condition;
    g_main_loop_quit(loop);
    return FALSE;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 5) {
        fputs("usage: rtsp_serve CLIP PORT [USER PASSWORD | --second CLIP]\n",
              stderr);
        return 1;
    }
    bool has_second = argc == 5 && strcmp(argv[3], "--second") == 0;
    gst_init(NULL, NULL);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    GstRTSPServer *server = gst_rtsp_server_new();
    GstRTSPMediaFactory *factory = factory_of(argv[1]);
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, argv[2]);
    if (argc == 5 && !has_second) {
        lock_up(server, factory, argv[3], argv[4]);
    }
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(server);
    gst_rtsp_mount_points_add_factory(mounts, "/camera", factory);
    if (has_second) {
        gst_rtsp_mount_points_add_factory(mounts, "/second",
                                          factory_of(argv[4]));
    }
    g_object_unref(mounts);
    if (gst_rtsp_server_attach(server, NULL) == 0) {
        fprintf(stderr, "rtsp_serve: port %s is taken\n", argv[2]);
        return 2;
    }
    printf("listening %d\n", gst_rtsp_server_get_bound_port(server));
    fflush(stdout);
    GIOChannel *input = g_io_channel_unix_new(0);
    g_io_add_watch(input, G_IO_HUP, input_ended, loop);
    g_main_loop_run(loop);
    return 0;
}
