#include "jail/report.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

union control {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
};

enum sting_status report_send(int channel, const struct report *report,
                              int passed)
{
    struct report copy = *report;
    struct iovec part = {&copy, sizeof copy};
    union control control = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (passed >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof passed);
        memcpy(CMSG_DATA(head), &passed, sizeof passed);
    }
    return sendmsg(channel, &message, MSG_NOSIGNAL) == (ssize_t)sizeof copy
               ? STING_OK
               : STING_E_IO;
}

/* The descriptor that came with a message, or -1. */
static int passed_find(struct msghdr *message)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    int fd = -1;
    if (head && head->cmsg_level == SOL_SOCKET &&
        head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(sizeof fd)) {
        memcpy(&fd, CMSG_DATA(head), sizeof fd);
    }
    return fd;
}

enum sting_status report_receive(int channel, int timeout_ms,
                                 struct report *out, int *passed)
{
    struct pollfd ready = {channel, POLLIN, 0};
    int count;
    do {
        count = poll(&ready, 1, timeout_ms);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
        errno = count == 0 ? ETIMEDOUT : errno;
        return STING_E_IO;
    }
    struct report report;
    struct iovec part = {&report, sizeof report};
    union control control = {0};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    /* It fits into the socket at once, so it comes at once or never. */
    ssize_t got = recvmsg(channel, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
    int fd = got >= 0 ? passed_find(&message) : -1;
    if (got != (ssize_t)sizeof report || report.mark != REPORT_MARK) {
        fd_close(&fd);
        errno = got == 0 ? ECONNRESET : EPROTO;
        return STING_E_IO;
    }
    report.missing[sizeof report.missing - 1] = '\0';
    *out = report;
    if (passed) {
        *passed = fd;
    } else {
        fd_close(&fd);
    }
    return STING_OK;
}
