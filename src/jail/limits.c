#include "jail/jail.h"

#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534

static bool limit_set(int what, rlim_t most)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)what, &now) != 0) {
        return false;
    }
    /* What the user already has tighter stays so. */
    if (now.rlim_max != RLIM_INFINITY && most > now.rlim_max) {
        most = now.rlim_max;
    }
    struct rlimit limit = {most, most};
    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

#ifndef STING_SANITIZED
/* What the program and its libraries map before any work: the limit is for
 * what comes on top, so that a further library costs no worker its life. */
static rlim_t mapped_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) {
        return 0;
    }
    if (fscanf(file, "%lu", &pages) != 1) {
        pages = 0;
    }
    fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}
#endif

enum sting_status jail_limits(const struct jail_row *row)
{
    bool ok = limit_set(RLIMIT_CORE, 0) && limit_set(RLIMIT_FSIZE, 0) &&
              limit_set(RLIMIT_NOFILE, row->descriptors) &&
              limit_set(RLIMIT_CPU, row->cpu_s);
#ifndef STING_SANITIZED /* their shadow takes terabytes of addresses */
    ok = ok && limit_set(RLIMIT_AS, mapped_bytes() + row->memory_bytes);
#endif
    return ok ? STING_OK : STING_E_IO;
}

/* False in a user namespace that knows no nobody. Root there is nobody
 * outside, and its capabilities go all the same. */
static bool become(uid_t user, gid_t group)
{
    return setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 &&
           setresuid(user, user, user) == 0;
}

/* Who is to read a folder becomes its owner, which may be root, but without
 * any capability. */
static bool become_lesser(const struct jail_row *row)
{
    struct stat info;
    if ((row->groups & JAIL_FOLDER) && fstat(WORKER_INPUT_FD, &info) == 0 &&
        S_ISDIR(info.st_mode)) {
        return become(info.st_uid, info.st_gid);
    }
    return become(NOBODY, NOBODY);
}

enum sting_status jail_privileges(const struct jail_row *row)
{
    bool is_nobody = geteuid() != 0 || become_lesser(row);
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0}, {0}};
    if (syscall(SYS_capset, &head, none) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return STING_E_IO;
    }
    return is_nobody ? STING_OK : STING_E_UNSUPPORTED;
}
