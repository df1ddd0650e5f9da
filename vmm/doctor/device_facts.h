/* SPDX-License-Identifier: MIT */
/*
 * device_facts.h: everything around /dev/kvm that can be the reason why it does not work, gathered without judgement.
 */
#ifndef VMM_DOCTOR_DEVICE_FACTS_H
#define VMM_DOCTOR_DEVICE_FACTS_H

#include <stdbool.h>

enum container { CONTAINER_NONE, CONTAINER_DOCKER, CONTAINER_PODMAN, CONTAINER_OTHER };

struct device_facts {
	int open_error;   /* errno of open(), 0: it opened */
	int api_error;    /* errno of KVM_GET_API_VERSION, 0: it answered */
	int api_version;  /* its answer */
	int create_error; /* errno of KVM_CREATE_VM, 0: done */

	bool exists, is_character_device;
	unsigned mode;                       /* permission bits */
	char owner[32], group[32], user[32]; /* names, or numbers where there are none; user: who we are */
	bool is_root, is_owner;
	bool in_group;        /* this process has the device's group */
	bool listed_in_group; /* the user would have it after a new login */

	bool registered;                           /* the running kernel has a KVM device (/proc/misc) */
	bool cpu_vmx, cpu_svm, is_virtual_machine; /* the CPU's flags */
	bool other_hypervisor;                     /* a module of VirtualBox or VMware is loaded */
	enum container container;
};

/* Opens the device for a moment, makes a VM and looks around. */
void device_facts_gather(struct device_facts *facts);

#endif
