#include "jail/report.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

union control {
    char room[CMSG_SPACE(REPORT_PASSED * sizeof(int))];
    struct cmsghdr aligned;
};

/* Hand over those that come before a -1. */
static void passed_put(struct msghdr *message, union control *control,
                       const int passed[REPORT_PASSED])
{
    size_t count = 0;
    while (count < REPORT_PASSED && passed[count] >= 0) {
        count++;
    }
    if (count == 0) {
        return;
    }
    message->msg_control = control->room;
    message->msg_controllen = CMSG_SPACE(count * sizeof *passed);
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof *passed);
    memcpy(CMSG_DATA(head), passed, count * sizeof *passed);
}

enum sting_status report_send(int channel, const struct report *report,
                              const int passed[REPORT_PASSED])
{
    struct report copy = *report;
    struct iovec part = {&copy, sizeof copy};
    union control control = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (passed) {
        passed_put(&message, &control, passed);
    }
    return sendmsg(channel, &message, MSG_NOSIGNAL) == (ssize_t)sizeof copy
               ? STING_OK
               : STING_E_IO;
}

/* The descriptors that came with a message; the rest is -1. */
static void passed_find(struct msghdr *message, int out[REPORT_PASSED])
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    out[0] = out[1] = -1;
    for (size_t count = 1; head && count <= REPORT_PASSED; count++) {
        if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
            head->cmsg_len == CMSG_LEN(count * sizeof *out)) {
            memcpy(out, CMSG_DATA(head), count * sizeof *out);
        }
    }
}

static void passed_close(int passed[REPORT_PASSED])
{
    for (int i = 0; i < REPORT_PASSED; i++) {
        fd_close(&passed[i]);
    }
}

enum sting_status report_receive(int channel, int timeout_ms,
                                 struct report *out, int passed[REPORT_PASSED])
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
    int fd[REPORT_PASSED] = {-1, -1};
    if (got >= 0) {
        passed_find(&message, fd);
    }
    if (got != (ssize_t)sizeof report || report.mark != REPORT_MARK) {
        passed_close(fd);
        errno = got == 0 ? ECONNRESET : EPROTO;
        return STING_E_IO;
    }
    report.missing[sizeof report.missing - 1] = '\0';
    *out = report;
    if (passed) {
        memcpy(passed, fd, sizeof fd);
    } else {
        passed_close(fd);
    }
    return STING_OK;
}
