#include "jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of linux/landlock.h as of ABI 4; older headers lack the second half. */
struct ruleset {
    uint64_t files;
    uint64_t net;
};
struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));
struct port_rule {
    uint64_t allowed;
    uint64_t port;
};

#define ASK_VERSION 1u
#define RULE_PATH 1
#define RULE_PORT 2
#define FILE_READ (1u << 2)
#define FOLDER_READ (1u << 3)
#define FILES_ABI1 0x1fffu     /* everything that the first version knows */
#define FILES_REFER 0x2000u    /* since 2 */
#define FILES_TRUNCATE 0x4000u /* since 3 */
#define FILES_IOCTL 0x8000u    /* since 5 */
#define NET_BIND 1u
#define NET_CONNECT 2u

static long landlock_create(const void *attributes, size_t size, unsigned flags)
{
    return syscall(SYS_landlock_create_ruleset, attributes, size, flags);
}

static uint64_t files_known(long abi)
{
    uint64_t known = FILES_ABI1;
    known |= abi >= 2 ? FILES_REFER : 0;
    known |= abi >= 3 ? FILES_TRUNCATE : 0;
    known |= abi >= 5 ? FILES_IOCTL : 0;
    return known;
}

/* Allow reading below what fd is open on. */
static enum sting_status below_allow(int rules, int fd)
{
    struct path_rule rule = {.parent = fd};
    struct stat info;
    bool is_folder = fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
    rule.allowed = is_folder ? FILE_READ | FOLDER_READ : FILE_READ;
    return syscall(SYS_landlock_add_rule, rules, RULE_PATH, &rule, 0) == 0
               ? STING_OK
               : STING_E_IO;
}

/* A path that is not on this machine is no fault. */
static enum sting_status path_allow(int rules, const char *path)
{
    int fd STING_AUTO(fd_close) = open(path, O_PATH | O_CLOEXEC);
    return fd < 0 ? STING_OK : below_allow(rules, fd);
}

static enum sting_status port_allow(int rules, uint16_t port)
{
    struct port_rule rule = {NET_CONNECT, port};
    return port == 0 || syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule,
                                0) == 0
               ? STING_OK
               : STING_E_IO;
}

static enum sting_status rules_add(int rules, const struct jail_row *row,
                                   const uint16_t port[JAIL_PORTS],
                                   bool has_ports)
{
    for (int i = 0; row->path && row->path[i]; i++) {
        enum sting_status status = path_allow(rules, row->path[i]);
        if (status) {
            return status;
        }
    }
    struct stat info;
    if ((row->groups & JAIL_FOLDER) && fstat(WORKER_INPUT_FD, &info) == 0 &&
        S_ISDIR(info.st_mode)) { /* without an input, the number is taken */
        enum sting_status status = below_allow(rules, WORKER_INPUT_FD);
        if (status) {
            return status;
        }
    }
    enum sting_status status = STING_OK;
    for (int i = 0; i < JAIL_PORTS && has_ports && !status; i++) {
        status = port_allow(rules, port[i]);
    }
    return status;
}

enum sting_status jail_landlock(const struct jail_row *row,
                                const uint16_t port[JAIL_PORTS],
                                bool *has_ports)
{
    long abi = landlock_create(NULL, 0, ASK_VERSION);
    *has_ports = abi >= 4;
    if (abi <= 0) {
        return STING_E_UNSUPPORTED;
    }
    struct ruleset held = {files_known(abi), 0};
    if (*has_ports) {
        held.net = row->connects_anywhere ? NET_BIND : NET_BIND | NET_CONNECT;
    }
    size_t size = *has_ports ? sizeof held : sizeof held.files;
    int rules STING_AUTO(fd_close) = (int)landlock_create(&held, size, 0);
    if (rules < 0) {
        return STING_E_IO;
    }
    bool ports = *has_ports && !row->connects_anywhere;
    enum sting_status status = rules_add(rules, row, port, ports);
    if (status) {
        return status;
    }
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? STING_OK
                                                              : STING_E_IO;
}
