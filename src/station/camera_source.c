#include "station/camera_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"

#define VIDEO_MAJOR 81 /* devices.txt of the kernel: video4linux */

static bool is_video(const struct stat *info)
{
    return S_ISCHR(info->st_mode) && major(info->st_rdev) == VIDEO_MAJOR;
}

static enum sting_status clip_fault(struct fault *fault)
{
    return fault_errno(fault, STING_E_ABSENT, "check the path",
                       "the clip cannot be opened");
}

static enum sting_status clip_kind_check(const struct stat *info,
                                         struct fault *fault)
{
    return S_ISREG(info->st_mode)
               ? STING_OK
               : fault_set(fault, STING_E_UNSUPPORTED, "name a file",
                           "the clip is not a regular file");
}

static enum sting_status clip_open(const char *path, int dir, int *out,
                                   struct fault *fault)
{
    struct stat info;
    int fd STING_AUTO(fd_close) =
        openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return clip_fault(fault);
    }
    enum sting_status status = clip_kind_check(&info, fault);
    if (!status) {
        *out = fd;
        fd = -1;
    }
    return status;
}

static enum sting_status clip_check(const char *path, int dir,
                                    struct fault *fault)
{
    struct stat info;
    if (fstatat(dir, path, &info, 0) != 0) {
        return clip_fault(fault);
    }
    enum sting_status status = clip_kind_check(&info, fault);
    return status || faccessat(dir, path, R_OK, AT_EACCESS) == 0
               ? status
               : clip_fault(fault);
}

static enum sting_status device_fault(struct fault *fault)
{
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
        return fault_set(fault, STING_E_ABSENT, "plug it in, or mend the url",
                         "there is no such device");
    }
    return fault_errno(fault, STING_E_IO,
                       "let who runs sting use it: group video",
                       "the device cannot be opened");
}

static enum sting_status video_check(int answer, const struct stat *info,
                                     struct fault *fault)
{
    if (answer != 0) {
        return device_fault(fault);
    }
    return is_video(info) ? STING_OK
                          : fault_set(fault, STING_E_UNSUPPORTED,
                                      "name one that gives pictures, as "
                                      "/dev/video0",
                                      "the device is no camera");
}

/* Looked at before it is opened, since opening alone can make a device act;
 * and after that, since it may be another one by then. */
static enum sting_status device_open(const char *path, int *out,
                                     struct fault *fault)
{
    struct stat info;
    enum sting_status status = video_check(stat(path, &info), &info, fault);
    if (status) {
        return status;
    }
    int fd STING_AUTO(fd_close) =
        open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return device_fault(fault);
    }
    status = video_check(fstat(fd, &info), &info, fault);
    if (!status) {
        *out = fd;
        fd = -1;
    }
    return status;
}

static enum sting_status device_check(const char *path, struct fault *fault)
{
    struct stat info;
    enum sting_status status = video_check(stat(path, &info), &info, fault);
    return status || faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0
               ? status
               : device_fault(fault);
}

enum sting_status camera_source_open(const struct camera_url *url, int dir,
                                     int *out, struct fault *fault)
{
    return url->kind == CAMERA_DEVICE ? device_open(url->path, out, fault)
                                      : clip_open(url->path, dir, out, fault);
}

enum sting_status camera_source_check(const struct camera_url *url, int dir,
                                      struct fault *fault)
{
    return url->kind == CAMERA_DEVICE ? device_check(url->path, fault)
                                      : clip_check(url->path, dir, fault);
}
