/* SPDX-License-Identifier: MIT */
/*
 * test_doctor.c: every way in which /dev/kvm can fail gets its own cause and its own fix.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>

#include "doctor/diagnosis.h"
#include "doctor/probes.h"
#include "suites.h"

/* What a machine with a working KVM looks like to a user in the right group. */
#define GOOD                                                                                                       \
	.exists = true, .is_character_device = true, .mode = 0660, .owner = "root", .group = "kvm", .user = "ann", \
	.in_group = true, .listed_in_group = true, .registered = true, .cpu_vmx = true, .api_version = KVM_API_VERSION

#define ABSENT .user = "ann", .open_error = ENOENT
#define REFUSED                                                                                          \
	.exists = true, .is_character_device = true, .owner = "root", .user = "ann", .registered = true, \
	.cpu_vmx = true, .open_error = EACCES

static const struct diagnosis_case {
	struct device_facts facts;
	const char *cause, *fix; /* must occur in what is said; NULL: nothing is said */
} cases[] = {
	/* ENOENT: module, firmware, machine around, container, udev */
	{{ABSENT, .cpu_vmx = true}, "kvm_intel is not loaded", "sudo modprobe kvm_intel;"},
	{{ABSENT, .cpu_svm = true}, "kvm_amd is not loaded", "AMD SVM in the BIOS"},
	{{ABSENT, .cpu_svm = true, .container = CONTAINER_DOCKER},
	 "kvm_amd",
	 "on the machine that runs this container"},
	{{ABSENT, .is_virtual_machine = true}, "this is a virtual machine", "nested virtualisation"},
	{{ABSENT}, "neither VT-x nor AMD-V", "BIOS setup"},
	{{ABSENT, .registered = true, .container = CONTAINER_DOCKER},
	 "container was not given",
	 "docker run --device /dev/kvm"},
	{{ABSENT, .registered = true, .container = CONTAINER_PODMAN},
	 "container was not given",
	 "podman run --device /dev/kvm"},
	{{ABSENT, .registered = true, .container = CONTAINER_OTHER},
	 "container was not given",
	 "character device 10:232"},
	{{ABSENT, .registered = true}, "device file is missing", "mknod /dev/kvm c 10 232"},
	{{.open_error = ENOTDIR, .user = "ann", .registered = true}, "device file is missing", "mknod"},

	/* EACCES and EPERM: group, login, mode, container, security module */
	{{REFUSED, .group = "kvm", .mode = 0660},
	 "root:kvm, mode 0660, and you are ann",
	 "sudo usermod -aG kvm ann, then log in"},
	{{REFUSED, .group = "virt", .mode = 0660}, "root:virt", "sudo usermod -aG virt ann"},
	{{REFUSED, .group = "kvm", .mode = 0660, .listed_in_group = true}, "permission denied", "newgrp kvm"},
	{{REFUSED, .group = "kvm", .mode = 0600, .in_group = true}, "mode 0600", "sudo chmod 660 /dev/kvm"},
	{{REFUSED, .group = "root", .mode = 0660}, "root:root", "sudo chgrp kvm /dev/kvm"},
	{{REFUSED, .group = "kvm", .mode = 0660, .container = CONTAINER_DOCKER},
	 "permission denied",
	 "--group-add kvm"},
	{{REFUSED, .group = "kvm", .mode = 0660, .in_group = true, .container = CONTAINER_DOCKER},
	 "container's device rules",
	 "--device /dev/kvm"},
	{{REFUSED, .group = "kvm", .mode = 0660, .is_root = true, .container = CONTAINER_PODMAN},
	 "container's device rules",
	 "podman run --device"},
	{{REFUSED, .group = "kvm", .mode = 0666}, "security module", "AppArmor"},
	{{REFUSED, .group = "kvm", .mode = 0060, .is_owner = true, .in_group = true}, "mode 0060", "usermod"},

	/* the file is there, the module is not */
	{{.exists = true, .open_error = ENODEV, .cpu_vmx = true}, "kvm_intel is not loaded", "disabled by bios"},
	{{.exists = true, .open_error = ENXIO, .is_virtual_machine = true}, "virtual machine", "nested=1"},

	/* somebody else has the CPU: said at the open, or at the first virtual machine */
	{{GOOD, .open_error = EBUSY}, "another hypervisor", "stop the virtual machines"},
	{{GOOD, .create_error = EBUSY, .other_hypervisor = true},
	 "VirtualBox or VMware is loaded",
	 "stop the virtual machines"},

	/* it is not what it seems to be */
	{{GOOD, .open_error = EIO}, "cannot open it: Input/output error", NULL},
	{{GOOD, .api_error = ENOTTY}, "not KVM", "mknod /dev/kvm c 10 232"},
	{{.exists = true, .mode = 0644, .api_error = ENOTTY, .api_version = -1}, "not a device", "rm /dev/kvm"},
	{{GOOD, .create_error = ENOMEM}, "KVM_CREATE_VM): Cannot allocate memory", NULL},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void check_line(const char *text, size_t room)
{
	ck_assert_msg(strlen(text) < room - 1, "cut off: %s", text);
	for (; *text != '\0'; text++)
		ck_assert(*text >= ' ' && *text <= '~');
}

START_TEST(failures)
{
	const struct diagnosis_case *row = &cases[_i];
	struct finding finding;

	ck_assert(!diagnose(&row->facts, &finding));
	ck_assert_int_eq(finding.result, FINDING_NO);
	ck_assert_msg(strstr(finding.text, row->cause) != NULL, "\"%s\" is not in \"%s\"", row->cause, finding.text);
	if (row->fix == NULL)
		ck_assert_str_eq(finding.fix, "");
	else
		ck_assert_msg(strstr(finding.fix, row->fix) != NULL, "\"%s\" is not in \"%s\"", row->fix, finding.fix);
	check_line(finding.text, sizeof(finding.text));
	check_line(finding.fix, sizeof(finding.fix));
}
END_TEST

START_TEST(old_api)
{
	struct device_facts facts = {GOOD};
	struct finding finding;

	facts.api_version = KVM_API_VERSION - 1;
	ck_assert(!diagnose(&facts, &finding));
	ck_assert_str_eq(finding.text, "API version 11, need 12");
}
END_TEST

START_TEST(works)
{
	const struct device_facts facts = {GOOD};
	struct finding finding;

	ck_assert(diagnose(&facts, &finding));
	ck_assert_int_eq(finding.result, FINDING_OK);
	ck_assert_str_eq(finding.fix, "");
}
END_TEST

/* What a probe says when something else happened than it wanted. */
START_TEST(stops_in_words)
{
	static const struct {
		struct probe_stop stop;
		const char *words;
	} stops[] = {
		{{.kind = STOP_VECTOR, .number = 14, .error = 5, .frame.cs = 0x2b, .cpu.cr2 = 0x7000},
		 "#PF in ring 3, error 0x5, address 0x7000"},
		{{.kind = STOP_VECTOR, .number = 13, .error = 0x40a, .frame.cs = 0x2b}, "#GP in ring 3, error 0x40a"},
		{{.kind = STOP_VECTOR, .number = 6, .frame.cs = 8}, "#UD in ring 0"},
		{{.kind = STOP_VECTOR, .number = 9, .frame.cs = 8}, "vector 9 in ring 0"},
		{{.kind = STOP_VECTOR, .number = 128, .frame.cs = 0x2b}, "vector 128 in ring 3"},
		{{.kind = STOP_MARK, .number = 1, .cpu.rip = 0x10}, "it went on, ring 0, rip 0x10"},
		{{.kind = STOP_EXIT, .number = KVM_EXIT_SHUTDOWN}, "triple fault"},
		{{.kind = STOP_EXIT, .number = KVM_EXIT_INTERNAL_ERROR}, "KVM cannot run it"},
		{{.kind = STOP_EXIT, .number = 99}, "KVM exit 99"},
		{{.kind = STOP_LIMIT, .cpu.ring = 3, .cpu.rip = 0x20}, "nothing happened; stopped in ring 3 at 0x20"},
		{{.kind = STOP_REFUSED, .number = EINVAL}, "KVM_RUN: Invalid argument"},
	};
	char words[80];

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		ck_assert_str_eq(probe_words(&stops[i].stop, words, sizeof(words)), stops[i].words);
}
END_TEST

/* The rows of a heading stand together, and every line of the report has room for its claim. */
START_TEST(table)
{
	for (size_t i = 0; i < probe_count; i++) {
		ck_assert(probes[i].run != NULL);
		ck_assert_msg(strlen(probes[i].claim) <= 36, "%s", probes[i].claim);
		for (size_t j = 0; j < i; j++) {
			ck_assert_str_ne(probes[i].claim, probes[j].claim);
			if (strcmp(probes[i].heading, probes[j].heading) == 0)
				ck_assert_str_eq(probes[i].heading, probes[i - 1].heading);
		}
	}
}
END_TEST

Suite *doctor_suite(void)
{
	Suite *suite = suite_create("doctor");
	TCase *diagnosis = tcase_create("diagnosis of /dev/kvm");
	TCase *findings = tcase_create("probes");

	tcase_add_loop_test(diagnosis, failures, 0, (int)CASES);
	tcase_add_test(diagnosis, old_api);
	tcase_add_test(diagnosis, works);
	suite_add_tcase(suite, diagnosis);
	tcase_add_test(findings, stops_in_words);
	tcase_add_test(findings, table);
	suite_add_tcase(suite, findings);
	return suite;
}
