/* SPDX-License-Identifier: MIT */
/* doctor.c: examines the host from the device file up, prints each finding as it is made, and ends with a verdict. */
#include "doctor.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>

#include "capabilities.h"
#include "diagnosis.h"
#include "machine/kvm.h"
#include "probes.h"
#include "sandbox.h"

#define STATUS_HEALTHY   0
#define STATUS_NO_GUESTS 125 /* as every failure of vmm itself */
#define QUIRKS_MAX       16
#define CLAIM_WIDTH      36
#define FIX_WIDTH        88

struct examination {
	FILE *out;
	const char *heading; /* last one printed */
	const char *missing; /* first claim that guests need and that does not hold; NULL: none */
	int write_error;     /* errno of the first line that could not be written */
	size_t quirk_count;
	char quirks[QUIRKS_MAX][sizeof(((struct finding *)NULL)->quirk)];
};

static void print_heading(struct examination *examination, const char *heading)
{
	if (examination->heading == heading ||
	    (examination->heading != NULL && strcmp(examination->heading, heading) == 0))
		return;
	fprintf(examination->out, "%s%s\n", examination->heading != NULL ? "\n" : "", heading);
	examination->heading = heading;
}

/* A fix, in lines of FIX_WIDTH. */
static void print_wrapped(FILE *out, const char *text)
{
	const char *lead = "->";

	while (*text != '\0') {
		size_t length = strlen(text);

		if (length > FIX_WIDTH)
			for (length = FIX_WIDTH; length > 0 && text[length] != ' ';)
				length--;
		if (length == 0)
			length = strcspn(text, " ");
		fprintf(out, "         %s %.*s\n", lead, (int)length, text);
		lead = "  ";
		text += length;
		text += strspn(text, " ");
	}
}

static void print_finding(struct examination *examination, const char *claim, const struct finding *finding)
{
	static const char *const results[] = {[FINDING_OK] = "ok", [FINDING_QUIRK] = "quirk", [FINDING_NO] = "no"};
	bool bare = finding->text[0] == '\0';

	/* No blanks at the end of a line. */
	fprintf(examination->out, "  %-5s  %-*s%s%s%s%s%s\n", results[finding->result], bare ? 0 : CLAIM_WIDTH, claim,
		bare ? "" : "  ", finding->text, finding->quirk[0] != '\0' ? " [" : "", finding->quirk,
		finding->quirk[0] != '\0' ? "]" : "");
	print_wrapped(examination->out, finding->fix);
	if (fflush(examination->out) != 0 && examination->write_error == 0)
		examination->write_error = errno;
}

static void remember_quirk(struct examination *examination, const char *name)
{
	for (size_t i = 0; i < examination->quirk_count; i++)
		if (strcmp(examination->quirks[i], name) == 0)
			return;
	if (examination->quirk_count < QUIRKS_MAX)
		strcpy(examination->quirks[examination->quirk_count++], name);
}

static void run_probes(struct examination *examination, const struct kvm *device)
{
	for (size_t i = 0; i < probe_count && examination->write_error == 0; i++) {
		const struct probe *probe = &probes[i];
		struct finding finding;

		print_heading(examination, probe->heading);
		sandbox_run(probe, device, &finding);
		if (finding.result == FINDING_NO && probe->without != NULL)
			snprintf(finding.fix, sizeof(finding.fix), "%s", probe->without);
		print_finding(examination, probe->claim, &finding);
		if (finding.result == FINDING_QUIRK)
			remember_quirk(examination, finding.quirk);
		if (finding.result == FINDING_NO && probe->needed && examination->missing == NULL)
			examination->missing = probe->claim;
	}
}

static const char *kind_words(enum kvm_kind kind)
{
	switch (kind) {
	case KVM_KIND_AMD_V:
		return "amd-v (module kvm_amd)";
	case KVM_KIND_VT_X:
		return "vt-x (module kvm_intel)";
	case KVM_KIND_PVM:
		return "pvm (module kvm_pvm: software only, without VT-x or AMD-V)";
	case KVM_KIND_UNKNOWN:
		break;
	}
	return "unknown: the CPU offers neither VT-x nor AMD-V, and the module is not kvm_pvm";
}

static void print_capabilities(struct examination *examination, const struct kvm *device)
{
	struct finding finding;

	print_heading(examination, "Capabilities");
	finding_ok(&finding, "all of them");
	print_finding(examination, "what vmm cannot do without", &finding);
	for (size_t i = 0; i < capability_count; i++) {
		capability_check(device, &capabilities[i], &finding);
		print_finding(examination, capabilities[i].name, &finding);
	}
}

/* Opens `device` and says how that went. False: no guest can run, and why was printed. */
static bool examine_device(struct examination *examination, struct kvm *device)
{
	struct device_facts facts;
	struct vmm_error error;
	struct finding finding;
	struct utsname host;
	bool works;

	print_heading(examination, "Host");
	if (uname(&host) == 0) {
		finding_ok(&finding, "%s %s", host.sysname, host.release);
		print_finding(examination, "kernel", &finding);
	}
	device_facts_gather(&facts);
	works = diagnose(&facts, &finding);
	print_finding(examination, KVM_DEVICE, &finding);
	if (!works)
		return false;
	if (!kvm_open(device, &error)) {
		finding_no(&finding, "%.150s", error.text);
		print_finding(examination, "what vmm cannot do without", &finding);
		return false;
	}
	finding_ok(&finding, "%s", kind_words(device->kind));
	print_finding(examination, "kind of KVM", &finding);
	return true;
}

static int print_verdict(const struct examination *examination, bool opened)
{
	FILE *out = examination->out;

	fputc('\n', out);
	if (!opened) {
		fputs("no guest can run here; `make run` works without KVM, inside QEMU's emulation\n", out);
		return STATUS_NO_GUESTS;
	}
	if (examination->missing != NULL) {
		fprintf(out, "guests do not run properly here: this KVM fails at \"%s\"\n", examination->missing);
		return STATUS_NO_GUESTS;
	}
	fputs("guests run here", out);
	for (size_t i = 0; i < examination->quirk_count; i++) {
		if (i == 0)
			fprintf(out, "; %zu quirk%s of this host %s worked round, avoided or shown as such:",
				examination->quirk_count, examination->quirk_count == 1 ? "" : "s",
				examination->quirk_count == 1 ? "is" : "are");
		fprintf(out, "%s %s", i == 0 ? "" : ",", examination->quirks[i]);
	}
	fputc('\n', out);
	return STATUS_HEALTHY;
}

int doctor(FILE *out)
{
	struct examination examination = {.out = out};
	struct kvm device = {.device = -1, .vm = -1};
	bool opened = examine_device(&examination, &device);
	int status;

	if (opened) {
		print_capabilities(&examination, &device);
		run_probes(&examination, &device);
	}
	kvm_close(&device);
	status = print_verdict(&examination, opened);
	if (fflush(out) != 0 && examination.write_error == 0)
		examination.write_error = errno;
	if (examination.write_error == 0 || examination.write_error == EPIPE) /* nobody wants to read the rest */
		return status;
	fprintf(stderr, "vmm: cannot write the doctor's report: %s\n", strerror(examination.write_error));
	return STATUS_NO_GUESTS;
}
