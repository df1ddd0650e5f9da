/* SPDX-License-Identifier: MIT */
/* device_facts.c: looks at /dev/kvm, /proc and /etc. Never fails: what cannot be read counts as not there. */
#include "device_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/kvm.h"

#define GROUPS_MAX 1024

static bool file_has_word(const char *path, const char *word)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(word), room = 0;
	char *line = NULL;
	bool found = false;

	if (file == NULL)
		return false;
	while (!found && getline(&line, &room, file) > 0) {
		for (const char *at = strstr(line, word); at != NULL && !found; at = strstr(at + 1, word)) {
			bool starts = at == line || strchr(" \t:/", at[-1]) != NULL;

			found = starts && strchr(" \t\n/-.", at[length]) != NULL;
		}
	}
	free(line);
	fclose(file);
	return found;
}

/* fgetpwent() and fgetgrent() read the files themselves: getpwuid() would need shared libraries even in a static
   program. A user or group that is not in the files gets its number for a name. */
static void find_user(uid_t uid, char *name, size_t size)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;

	snprintf(name, size, "%u", (unsigned)uid);
	while (file != NULL && (entry = fgetpwent(file)) != NULL) {
		if (entry->pw_uid == uid) {
			snprintf(name, size, "%s", entry->pw_name);
			break;
		}
	}
	if (file != NULL)
		fclose(file);
}

static void find_group(gid_t gid, struct device_facts *facts)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;

	snprintf(facts->group, sizeof(facts->group), "%u", (unsigned)gid);
	while (file != NULL && (entry = fgetgrent(file)) != NULL) {
		if (entry->gr_gid != gid)
			continue;
		snprintf(facts->group, sizeof(facts->group), "%s", entry->gr_name);
		for (char **member = entry->gr_mem; *member != NULL; member++)
			facts->listed_in_group |= strcmp(*member, facts->user) == 0;
		break;
	}
	if (file != NULL)
		fclose(file);
}

static bool process_has_group(gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	int count = getgroups(GROUPS_MAX, groups);

	for (int i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return getegid() == gid;
}

static void gather_file(struct device_facts *facts)
{
	struct stat status;

	facts->is_root = geteuid() == 0;
	find_user(geteuid(), facts->user, sizeof(facts->user));
	if (stat(KVM_DEVICE, &status) < 0)
		return;
	facts->exists = true;
	facts->is_character_device = S_ISCHR(status.st_mode);
	facts->mode = status.st_mode & 07777;
	facts->is_owner = status.st_uid == geteuid();
	facts->in_group = process_has_group(status.st_gid);
	find_user(status.st_uid, facts->owner, sizeof(facts->owner));
	find_group(status.st_gid, facts);
}

static void gather_device(struct device_facts *facts)
{
	int device = open(KVM_DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK), vm;

	if (device < 0) {
		facts->open_error = errno;
		return;
	}
	facts->api_version = ioctl(device, KVM_GET_API_VERSION, 0);
	facts->api_error = facts->api_version < 0 ? errno : 0;
	if (facts->api_error == 0) {
		vm = ioctl(device, KVM_CREATE_VM, 0);
		facts->create_error = vm < 0 ? errno : 0;
		if (vm >= 0)
			close(vm);
	}
	close(device);
}

static enum container find_container(void)
{
	if (access("/run/.containerenv", F_OK) == 0)
		return CONTAINER_PODMAN;
	if (access("/.dockerenv", F_OK) == 0 || file_has_word("/proc/1/cgroup", "docker"))
		return CONTAINER_DOCKER;
	if (access("/run/systemd/container", F_OK) == 0 || file_has_word("/proc/1/cgroup", "lxc") ||
	    file_has_word("/proc/1/cgroup", "kubepods"))
		return CONTAINER_OTHER;
	return CONTAINER_NONE;
}

void device_facts_gather(struct device_facts *facts)
{
	*facts = (struct device_facts){0};
	gather_file(facts);
	gather_device(facts);
	facts->registered = file_has_word("/proc/misc", "kvm");
	facts->cpu_vmx = file_has_word("/proc/cpuinfo", "vmx");
	facts->cpu_svm = file_has_word("/proc/cpuinfo", "svm");
	facts->is_virtual_machine = file_has_word("/proc/cpuinfo", "hypervisor");
	facts->other_hypervisor = access("/sys/module/vboxdrv", F_OK) == 0 || access("/sys/module/vmmon", F_OK) == 0;
	facts->container = find_container();
}
