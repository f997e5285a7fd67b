#include "jail/camera_net.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define QUEUE 4 /* one camera worker connects, to each port one at a time */

/* Of linux/ipv6.h, which does not go together with netinet/in.h. */
struct in6_interface {
    struct in6_addr address;
    uint32_t prefix_bits;
    int index;
};

socklen_t camera_net_size(const struct sockaddr *address)
{
    switch (address->sa_family) {
    case AF_INET:
        return sizeof(struct sockaddr_in);
    case AF_INET6:
        return sizeof(struct sockaddr_in6);
    default:
        return 0;
    }
}

uint16_t camera_net_port(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    switch (address->sa_family) {
    case AF_INET:
        memcpy(&v4, address, sizeof v4);
        return ntohs(v4.sin_port);
    case AF_INET6:
        memcpy(&v6, address, sizeof v6);
        return ntohs(v6.sin6_port);
    default:
        return 0;
    }
}

struct sockaddr_storage camera_net_beside(const struct sockaddr *address,
                                          uint16_t port)
{
    struct sockaddr_storage beside = {0};
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        v4.sin_port = htons(port);
        memcpy(&beside, &v4, sizeof v4);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        v6.sin6_port = htons(port);
        memcpy(&beside, &v6, sizeof v6);
    }
    return beside;
}

static bool loopback_up(int fd)
{
    struct ifreq request = {.ifr_name = "lo"};
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0) {
        return false;
    }
    request.ifr_flags |= IFF_UP;
    return ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

static bool address_add_v4(int fd, const struct sockaddr *camera)
{
    struct sockaddr_in address;
    memcpy(&address, camera, sizeof address);
    if (ntohl(address.sin_addr.s_addr) >> 24 == 127) {
        return true; /* lo has these already */
    }
    struct ifreq request = {.ifr_name = "lo:1"};
    address.sin_port = 0;
    memcpy(&request.ifr_addr, &address, sizeof address);
    if (ioctl(fd, SIOCSIFADDR, &request) != 0) {
        return false;
    }
    address.sin_addr.s_addr = INADDR_NONE; /* this one address, no others */
    memcpy(&request.ifr_netmask, &address, sizeof address);
    return ioctl(fd, SIOCSIFNETMASK, &request) == 0;
}

static bool address_add_v6(int fd, const struct sockaddr *camera)
{
    struct sockaddr_in6 address;
    memcpy(&address, camera, sizeof address);
    if (IN6_IS_ADDR_LOOPBACK(&address.sin6_addr)) {
        return true;
    }
    struct in6_interface request = {address.sin6_addr, 128,
                                    (int)if_nametoindex("lo")};
    return ioctl(fd, SIOCSIFADDR, &request) == 0;
}

static int listen_at(const struct sockaddr *camera)
{
    int yes = 1;
    /* Several may wait at it: who comes too late is not to be held there. */
    int fd = socket(camera->sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, camera, camera_net_size(camera)) != 0 ||
        listen(fd, QUEUE) != 0) {
        fd_close(&fd);
    }
    return fd;
}

enum sting_status camera_net_enter(const struct sockaddr *camera,
                                   uint16_t second_port,
                                   int listener[CAMERA_NET_PORTS])
{
    listener[0] = listener[1] = -1;
    int apart = geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;
    if (camera_net_size(camera) == 0 || unshare(apart) != 0) {
        return STING_E_IO;
    }
    int fd STING_AUTO(fd_close) =
        socket(camera->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !loopback_up(fd)) {
        return STING_E_IO;
    }
    bool added = camera->sa_family == AF_INET ? address_add_v4(fd, camera)
                                              : address_add_v6(fd, camera);
    if (!added) {
        return STING_E_IO;
    }
    listener[0] = listen_at(camera);
    if (second_port > 0) {
        struct sockaddr_storage second = camera_net_beside(camera, second_port);
        listener[1] = listen_at((const struct sockaddr *)&second);
    }
    bool has_all = listener[0] >= 0 && (second_port == 0 || listener[1] >= 0);
    return has_all ? STING_OK : STING_E_IO;
}
