/* Whoever on this network answers a question asked of all: cameras. Their
 * datagrams are handed on as they came; none is read here. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "alert/net_state.h"
#include "base/buffer.h"

#define GROUP "239.255.255.250" /* WS-Discovery 1.1, 2.4 */
#define PORT 3702
#define MOST_MS 30000
#define MOST_ANSWERS 200
#define MOST_DATAGRAM 16384

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

/* Ask from this address of ours, "" for whichever the kernel takes. */
static bool ask(int fd, const char *from, struct bytes question)
{
    struct in_addr ours;
    struct sockaddr_in all = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    if (inet_pton(AF_INET, GROUP, &all.sin_addr) != 1 ||
        (from[0] && (inet_pton(AF_INET, from, &ours) != 1 ||
                     setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &ours,
                                sizeof ours) != 0))) {
        return false;
    }
    return sendto(fd, question.data, question.size, MSG_NOSIGNAL,
                  (struct sockaddr *)&all,
                  sizeof all) == (ssize_t)question.size;
}

/* False: the core is gone. */
static bool answers_send(const struct net *net, int fd, int64_t id, int *count)
{
    static uint8_t datagram[MOST_DATAGRAM];
    struct sockaddr_in from = {0};
    socklen_t size = sizeof from;
    ssize_t got;
    while (*count < MOST_ANSWERS &&
           (got = recvfrom(fd, datagram, sizeof datagram, MSG_DONTWAIT,
                           (struct sockaddr *)&from, &size)) >= 0) {
        const struct wire_head head = {
            .kind = WIRE_NET_ANSWER,
            .number = {id, (int64_t)ntohl(from.sin_addr.s_addr)}};
        if (wire_send(net->channel, head,
                      (struct bytes){datagram, (size_t)got})) {
            return false;
        }
        ++*count;
        size = sizeof from;
    }
    return true;
}

bool net_probe_start(struct net *net, const struct wire_head *head,
                     struct bytes payload)
{
    const char *from = net_text_take(&payload);
    int64_t id = head->number[0], ms = head->number[1];
    int fd STING_AUTO(fd_close) =
        socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (!from || fd < 0 || ms < 0 || ms > MOST_MS) {
        return net_result(net, id, 0, 0, "malformed request");
    }
    if (!ask(fd, from, payload)) {
        return net_result(net, id, 0, 0,
                          "this network takes no question to all");
    }
    int count = 0;
    for (long end = now_ms() + (long)ms, left; (left = end - now_ms()) > 0;) {
        struct pollfd ready = {fd, POLLIN, 0};
        if (poll(&ready, 1, (int)left) > 0 &&
            !answers_send(net, fd, id, &count)) {
            return false;
        }
        if (count == MOST_ANSWERS) {
            break;
        }
    }
    return net_result(net, id, count, (long)ms, "");
}
