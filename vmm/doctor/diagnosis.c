/* SPDX-License-Identifier: MIT */
/* diagnosis.c: from errno and circumstances to cause and fix. */
#include "diagnosis.h"

#include <errno.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OWNER_MAY  0600
#define GROUP_MAY  0060
#define OTHERS_MAY 0006

/* Fills in the fix and returns false, as finding_no() does. */
static bool with_fix(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool with_fix(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->fix, sizeof(finding->fix), format, arguments);
	va_end(arguments);
	return false;
}

static const char *container_fix(enum container container)
{
	switch (container) {
	case CONTAINER_DOCKER:
		return "start the container with: docker run --device /dev/kvm ...";
	case CONTAINER_PODMAN:
		return "start the container with: podman run --device /dev/kvm --group-add keep-groups ...";
	case CONTAINER_OTHER:
	case CONTAINER_NONE:
		break;
	}
	return "let the container's configuration pass the device /dev/kvm (character device 10:232)";
}

/* The running kernel has no KVM device: is it the module, the firmware, or the machine around this one? */
static bool no_kvm_in_kernel(const struct device_facts *facts, struct finding *finding)
{
	const char *where = facts->container != CONTAINER_NONE ? " on the machine that runs this container" : "";

	if (facts->cpu_vmx || facts->cpu_svm) {
		const char *module = facts->cpu_vmx ? "kvm_intel" : "kvm_amd";

		finding_no(finding, "the CPU has %s, but the module %s is not loaded",
			   facts->cpu_vmx ? "VT-x" : "AMD-V", module);
		return with_fix(
			finding,
			"sudo modprobe %s%s; if that says \"disabled by bios\" or \"not supported\", turn on %s in the BIOS "
			"setup (`sudo dmesg | grep kvm` tells)",
			module, where, facts->cpu_vmx ? "Intel VT-x" : "AMD SVM");
	}
	if (facts->is_virtual_machine) {
		finding_no(finding, "this is a virtual machine, and its CPU offers neither VT-x nor AMD-V");
		return with_fix(
			finding,
			"turn on nested virtualisation in the hypervisor around it (KVM: module parameter nested=1 "
			"and -cpu host; VMware, Hyper-V: \"expose hardware virtualisation\"; in a cloud: another "
			"type of instance)");
	}
	finding_no(finding, "the CPU offers neither VT-x nor AMD-V");
	return with_fix(
		finding,
		"turn on \"Intel Virtualization Technology\" or \"SVM Mode\" in the BIOS setup%s, if the CPU has it",
		where);
}

static bool not_there(const struct device_facts *facts, struct finding *finding)
{
	if (!facts->registered)
		return no_kvm_in_kernel(facts, finding);
	if (facts->container != CONTAINER_NONE) {
		finding_no(finding, "the kernel has KVM, but this container was not given the device");
		return with_fix(finding, "%s", container_fix(facts->container));
	}
	finding_no(finding, "the kernel has KVM, but the device file is missing");
	return with_fix(finding, "sudo mknod /dev/kvm c 10 232 && sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm "
				 "(or find out why udev does not make it)");
}

static bool not_permitted(const struct device_facts *facts, struct finding *finding)
{
	bool mode_allows = facts->is_root || (facts->is_owner   ? (facts->mode & OWNER_MAY) == OWNER_MAY
					      : facts->in_group ? (facts->mode & GROUP_MAY) == GROUP_MAY
								: (facts->mode & OTHERS_MAY) == OTHERS_MAY);

	if (mode_allows && facts->container != CONTAINER_NONE) {
		finding_no(finding, "permission denied: the container's device rules forbid it");
		return with_fix(finding, "%s", container_fix(facts->container));
	}
	if (mode_allows) {
		finding_no(finding, "permission denied, though its mode %04o allows it: a security module forbids it",
			   facts->mode);
		return with_fix(finding, "look for the denial of SELinux or AppArmor in `sudo dmesg`");
	}
	finding_no(finding, "permission denied: it belongs to %s:%s, mode %04o, and you are %s", facts->owner,
		   facts->group, facts->mode, facts->user);
	if ((facts->mode & GROUP_MAY) != GROUP_MAY || strcmp(facts->group, "root") == 0)
		return with_fix(
			finding,
			"sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm && sudo usermod -aG kvm %s, then log in again; "
			"or run as root",
			facts->user);
	if (facts->listed_in_group)
		return with_fix(finding,
				"you are in the group %s, but logged in before you were: log in again, or newgrp %s",
				facts->group, facts->group);
	if (facts->container != CONTAINER_NONE)
		return with_fix(
			finding,
			"run the container's process in the group of the device (docker run --group-add %s ...)",
			facts->group);
	return with_fix(finding, "sudo usermod -aG %s %s, then log in again", facts->group, facts->user);
}

static bool busy(const struct device_facts *facts, struct finding *finding)
{
	finding_no(finding, "busy: another hypervisor holds the CPU's virtualisation%s",
		   facts->other_hypervisor ? " (a module of VirtualBox or VMware is loaded)" : "");
	return with_fix(finding, "stop the virtual machines of VirtualBox, VMware or whatever else runs there");
}

static bool not_opened(const struct device_facts *facts, struct finding *finding)
{
	switch (facts->open_error) {
	case ENOENT:
	case ENOTDIR:
		return not_there(facts, finding);
	case EACCES:
	case EPERM:
		return not_permitted(facts, finding);
	case EBUSY:
		return busy(facts, finding);
	case ENODEV:
	case ENXIO:
		/* The file is made ahead of the module; opening it tries to load the module. */
		return no_kvm_in_kernel(facts, finding);
	default:
		return finding_no(finding, "cannot open it: %s", strerror(facts->open_error));
	}
}

bool diagnose(const struct device_facts *facts, struct finding *finding)
{
	if (facts->open_error != 0)
		return not_opened(facts, finding);
	if (facts->api_error != 0 && facts->exists && !facts->is_character_device) {
		finding_no(finding, "it is not a device");
		return with_fix(finding, "sudo rm /dev/kvm, then load the module again (or restart)");
	}
	if (facts->api_error != 0) {
		finding_no(finding, "it is a device, but not KVM: %s", strerror(facts->api_error));
		return with_fix(finding, "sudo rm /dev/kvm && sudo mknod /dev/kvm c 10 232");
	}
	if (facts->api_version != KVM_API_VERSION) {
		finding_no(finding, "API version %d, need %d", facts->api_version, KVM_API_VERSION);
		return with_fix(finding, "use Linux 5.0 or later");
	}
	if (facts->create_error == EBUSY)
		return busy(facts, finding);
	if (facts->create_error != 0)
		return finding_no(finding, "opens, but makes no virtual machine (KVM_CREATE_VM): %s",
				  strerror(facts->create_error));
	return finding_ok(finding, "opens, makes virtual machines; API version %d", facts->api_version);
}
