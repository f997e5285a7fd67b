#include "jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define GROUPS 9

static void filter_free(scmp_filter_ctx *filter)
{
    if (*filter) {
        seccomp_release(*filter);
    }
    *filter = NULL;
}

#define ALLOW SCMP_ACT_ALLOW
#define ANY                                                                    \
    0,                                                                         \
    {                                                                          \
        {                                                                      \
            0, 0, 0, 0                                                         \
        }                                                                      \
    }

/* A call that is allowed, or answered, only with certain arguments. */
struct narrow {
    unsigned group;
    int call;
    uint32_t action;
    unsigned arguments;
    struct scmp_arg_cmp argument[2];
};

/* Memory is never writable and executable, nor made executable. */
#define MASKED(index, mask, value)                                             \
    {                                                                          \
        index, SCMP_CMP_MASKED_EQ, mask, value                                 \
    }
#define EQUAL(index, value)                                                    \
    {                                                                          \
        index, SCMP_CMP_EQ, value, 0                                           \
    }
#define POLITELY(error) SCMP_ACT_ERRNO(error)
#define TYPE_BITS 0xf /* of socket(2): type without its flags */

/* One request, of the descriptor that is a worker's input (media/device). */
#define OF_DEVICE(request)                                                     \
    {                                                                          \
        JAIL_DEVICE, SCMP_SYS(ioctl), ALLOW, 2,                                \
        {                                                                      \
            EQUAL(0, WORKER_INPUT_FD), EQUAL(1, request)                       \
        }                                                                      \
    }

static const struct narrow narrow[] = {
    {JAIL_BASIC, SCMP_SYS(mmap), ALLOW, 1, {MASKED(2, PROT_EXEC, 0)}},
    {JAIL_BASIC, SCMP_SYS(mprotect), ALLOW, 1, {MASKED(2, PROT_EXEC, 0)}},
    {JAIL_BASIC, SCMP_SYS(fcntl), ALLOW, 1, {EQUAL(1, F_GETFL)}},
    {JAIL_BASIC, SCMP_SYS(fcntl), ALLOW, 1, {EQUAL(1, F_SETFL)}},
    {JAIL_BASIC, SCMP_SYS(fcntl), ALLOW, 1, {EQUAL(1, F_SETFD)}},
    {JAIL_BASIC, SCMP_SYS(ioctl), ALLOW, 1, {EQUAL(1, FIONBIO)}},
    {JAIL_BASIC, SCMP_SYS(ioctl), ALLOW, 1, {EQUAL(1, FIONREAD)}},
    {JAIL_BASIC, SCMP_SYS(prctl), ALLOW, 1, {EQUAL(0, PR_SET_NAME)}},
    /* Libraries ask whether stdout is a terminal: it is not. */
    {JAIL_BASIC, SCMP_SYS(ioctl), POLITELY(ENOTTY), 1, {EQUAL(1, TCGETS)}},
    {JAIL_THREADS,
     SCMP_SYS(clone),
     ALLOW,
     1,
     {MASKED(0, CLONE_THREAD, CLONE_THREAD)}},
    /* Its arguments lie in memory, out of sight: the C library then takes
     * clone(2), whose flags can be checked. */
    {JAIL_THREADS, SCMP_SYS(clone3), POLITELY(ENOSYS), ANY},
    {JAIL_CONNECT,
     SCMP_SYS(socket),
     ALLOW,
     2,
     {EQUAL(0, AF_INET), MASKED(1, TYPE_BITS, SOCK_STREAM)}},
    {JAIL_CONNECT,
     SCMP_SYS(socket),
     ALLOW,
     2,
     {EQUAL(0, AF_INET6), MASKED(1, TYPE_BITS, SOCK_STREAM)}},
    {JAIL_NAMES,
     SCMP_SYS(socket),
     ALLOW,
     2,
     {EQUAL(0, AF_INET), MASKED(1, TYPE_BITS, SOCK_DGRAM)}},
    {JAIL_NAMES,
     SCMP_SYS(socket),
     ALLOW,
     2,
     {EQUAL(0, AF_INET6), MASKED(1, TYPE_BITS, SOCK_DGRAM)}},
    /* nscd's socket and the kernel's list of addresses: answered no. */
    {JAIL_NAMES,
     SCMP_SYS(socket),
     POLITELY(EAFNOSUPPORT),
     1,
     {EQUAL(0, AF_UNIX)}},
    {JAIL_NAMES,
     SCMP_SYS(socket),
     POLITELY(EAFNOSUPPORT),
     1,
     {EQUAL(0, AF_NETLINK)}},
    {JAIL_NAMES | JAIL_FOLDER,
     SCMP_SYS(openat),
     ALLOW,
     1,
     {MASKED(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)}},
    OF_DEVICE(VIDIOC_QUERYCAP),
    OF_DEVICE(VIDIOC_ENUM_FMT),
    OF_DEVICE(VIDIOC_S_FMT),
    OF_DEVICE(VIDIOC_S_PARM),
    OF_DEVICE(VIDIOC_REQBUFS),
    OF_DEVICE(VIDIOC_QUERYBUF),
    OF_DEVICE(VIDIOC_QBUF),
    OF_DEVICE(VIDIOC_DQBUF),
    OF_DEVICE(VIDIOC_STREAMON),
};
static const size_t narrows = sizeof narrow / sizeof *narrow;

static bool calls_add(scmp_filter_ctx filter, const int *call)
{
    for (; call && *call != -1; call++) {
        if (seccomp_rule_add(filter, ALLOW, *call, 0) != 0) {
            return false;
        }
    }
    return true;
}

static bool narrow_add(scmp_filter_ctx filter, unsigned groups)
{
    for (size_t i = 0; i < narrows; i++) {
        if ((narrow[i].group & groups) &&
            seccomp_rule_add_array(filter, narrow[i].action, narrow[i].call,
                                   narrow[i].arguments,
                                   narrow[i].argument) != 0) {
            return false;
        }
    }
    return true;
}

enum sting_status jail_seccomp(const struct jail_row *row)
{
    scmp_filter_ctx filter STING_AUTO(filter_free) =
        seccomp_init(SCMP_ACT_KILL_PROCESS);
    unsigned groups = row->groups;
#ifdef STING_SANITIZED
    groups |= JAIL_SANITIZER;
#endif
    bool ok = filter != NULL;
    for (unsigned i = 0; ok && i < GROUPS; i++) {
        enum jail_group group = (enum jail_group)(1u << i);
        ok = !(groups & group) || calls_add(filter, jail_calls(group));
    }
    ok = ok && narrow_add(filter, groups);
    if (!ok) {
        return STING_E_IO;
    }
    int loaded = seccomp_load(filter);
    if (loaded == -EINVAL || loaded == -ENOSYS) {
        return STING_E_UNSUPPORTED; /* a kernel built without it */
    }
    return loaded == 0 ? STING_OK : STING_E_IO;
}
