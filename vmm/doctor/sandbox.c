/* SPDX-License-Identifier: MIT */
/* sandbox.c: fork, run, and read the finding from a pipe. */
#include "sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_US  10000
#define LIMIT_MS 20000 /* for the whole process: a probe of several guests, each within PROBE_LIMIT_NS */

static void on_tick(int number)
{
	(void)number;
}

/* A steady tick takes KVM_RUN out of the guest, where probe_go() looks at the clock. One that comes just before
   KVM_RUN is lost, but the next is not. */
static void start_ticking(void)
{
	struct sigaction action = {.sa_handler = on_tick};
	struct itimerval tick = {.it_interval = {.tv_usec = TICK_US}, .it_value = {.tv_usec = TICK_US}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &tick, NULL);
}

static void run_probe(const struct probe *probe, const struct kvm *device, struct finding *finding)
{
	struct probe_guest guest;
	struct vmm_error error;

	*finding = (struct finding){.result = FINDING_NO};
	if (probe_guest_open(&guest, device, &error)) {
		start_ticking(); /* not before: a tick makes KVM_CREATE_VM give up */
		probe->run(&guest, probe->argument, finding);
	} else {
		finding_no(finding, "%.150s", error.text);
	}
	probe_guest_close(&guest);
}

/* Waits until the child has written or died; false: neither, in time. */
static bool wait_readable(int pipe_end)
{
	struct pollfd wanted = {.fd = pipe_end, .events = POLLIN};
	int ready;

	do
		ready = poll(&wanted, 1, LIMIT_MS);
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

static void read_finding(int pipe_end, pid_t child, struct finding *finding)
{
	bool in_time = wait_readable(pipe_end);
	ssize_t got = in_time ? read(pipe_end, finding, sizeof(*finding)) : 0;
	int status = 0;

	kill(child, SIGKILL); /* either it is about to end, or it never would */
	waitpid(child, &status, 0);
	if (got == (ssize_t)sizeof(*finding))
		return;
	if (!in_time)
		finding_no(finding, "the probe did not end within %d s", LIMIT_MS / 1000);
	else
		finding_no(finding, "the probe died (%s)",
			   WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "no result");
}

void sandbox_run(const struct probe *probe, const struct kvm *device, struct finding *finding)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0) {
		finding_no(finding, "cannot make a pipe: %s", strerror(errno));
		return;
	}
	child = fork();
	if (child == 0) {
		close(ends[0]);
		run_probe(probe, device, finding);
		/* Less than PIPE_BUF: all or nothing. */
		_exit(write(ends[1], finding, sizeof(*finding)) == (ssize_t)sizeof(*finding) ? 0 : 1);
	}
	close(ends[1]);
	if (child < 0)
		finding_no(finding, "cannot start a process: %s", strerror(errno));
	else
		read_finding(ends[0], child, finding);
	close(ends[0]);
}
