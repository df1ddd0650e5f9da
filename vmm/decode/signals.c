/* SPDX-License-Identifier: MIT */
/* signals.c: arguments about signals, and about how processes end. */
#include <inttypes.h>
#include <string.h>

#include "kinds.h"

#define SA_RESTORER_ 0x4000000
#define FRAME_MASK   296 /* of uc_sigmask in struct ucontext of x86-64, which lies at rsp when a handler has returned */
#define SIGILL_      4
#define SIGTRAP_     5
#define SIGBUS_      7
#define SIGFPE_      8
#define SIGSEGV_     11
#define SIGCHLD_     17
#define SI_USER_     0
#define SI_TKILL_    (-6)
#define SI_KERNEL_   0x80

static void put_handler(struct decoder *decoder, uint64_t handler)
{
	static const char *const names[] = {"SIG_DFL", "SIG_IGN"};

	if (handler < 2)
		put(decoder, "%s", names[handler]);
	else if (handler == UINT64_MAX)
		put(decoder, "SIG_ERR");
	else
		put(decoder, "0x%" PRIx64, handler);
}

void put_sigaction(struct decoder *decoder, uint64_t value, const void *names)
{
	struct {
		uint64_t handler, flags, restorer, mask;
	} action;

	(void)names;
	if (!fetch_or_null(decoder, value, &action, sizeof(action)))
		return;
	put(decoder, "{sa_handler=");
	put_handler(decoder, action.handler);
	put(decoder, ", sa_mask=");
	put_sigset(decoder, action.mask);
	put(decoder, ", sa_flags=");
	put_flags(decoder, action.flags, &sigaction_flags_names);
	if (action.flags & SA_RESTORER_) {
		put(decoder, ", sa_restorer=");
		put_address(decoder, action.restorer);
	}
	put(decoder, "}");
}

void put_sigset_at(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t mask;

	(void)names;
	if (fetch_or_null(decoder, value, &mask, sizeof(mask)))
		put_sigset(decoder, mask);
}

void put_sigaltstack(struct decoder *decoder, uint64_t value, const void *names)
{
	struct {
		uint64_t base;
		uint32_t flags, pad;
		uint64_t bytes;
	} stack;

	(void)names;
	if (!fetch_or_null(decoder, value, &stack, sizeof(stack)))
		return;
	put(decoder, "{ss_sp=");
	put_address(decoder, stack.base);
	put(decoder, ", ss_flags=");
	put_flags(decoder, stack.flags, &sigaltstack_flags_names);
	put(decoder, ", ss_size=%" PRIu64 "}", stack.bytes);
}

/* rt_sigreturn has no arguments; it takes the mask from the frame on the stack. */
void put_signal_frame(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t mask;

	(void)value, (void)names;
	if (decoder->memory->read(decoder->memory->context, decoder->call->stack + FRAME_MASK, &mask, sizeof(mask)) !=
	    sizeof(mask)) {
		decoder->unreadable = true;
		put_address(decoder, decoder->call->stack);
		return;
	}
	put(decoder, "{mask=");
	put_sigset(decoder, mask);
	put(decoder, "}");
}

/* wait(2); only a child that was found has written it. */
void put_wait_status(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t status;

	(void)names;
	if (decoder->result <= 0) {
		put_address(decoder, value);
		return;
	}
	if (!fetch_or_null(decoder, value, &status, sizeof(status)))
		return;
	if ((status & 0x7f) == 0) {
		put(decoder, "[{WIFEXITED(s) && WEXITSTATUS(s) == %u}", status >> 8 & 0xff);
	} else if (status == 0xffff) {
		put(decoder, "[{WIFCONTINUED(s)}");
	} else if ((status & 0xff) == 0x7f) {
		put(decoder, "[{WIFSTOPPED(s) && WSTOPSIG(s) == ");
		put_signal(decoder, status >> 8 & 0xff);
		put(decoder, "}");
	} else {
		put(decoder, "[{WIFSIGNALED(s) && WTERMSIG(s) == ");
		put_signal(decoder, status & 0x7f);
		put(decoder, status & 0x80 ? " && WCOREDUMP(s)}" : "}");
	}
	put(decoder, "]");
}

void put_wait_rusage(struct decoder *decoder, uint64_t value, const void *names)
{
	/* waitid gives 0 when it has waited for somebody, wait4 the pid */
	if (decoder->result > 0 || argument(decoder, 2) != 0)
		put_rusage(decoder, value, names);
	else
		put_address(decoder, value);
}

/* si_code of a fault; NULL: not known */
static const char *fault_code(int32_t number, int32_t code)
{
	static const struct {
		int32_t number, code;
		const char *name;
	} codes[] = {
		{SIGSEGV_, 1, "SEGV_MAPERR"}, {SIGSEGV_, 2, "SEGV_ACCERR"}, {SIGBUS_, 1, "BUS_ADRALN"},
		{SIGBUS_, 2, "BUS_ADRERR"},   {SIGBUS_, 3, "BUS_OBJERR"},   {SIGFPE_, 1, "FPE_INTDIV"},
		{SIGFPE_, 2, "FPE_INTOVF"},   {SIGFPE_, 3, "FPE_FLTDIV"},   {SIGFPE_, 4, "FPE_FLTOVF"},
		{SIGFPE_, 7, "FPE_FLTINV"},   {SIGILL_, 1, "ILL_ILLOPC"},   {SIGILL_, 2, "ILL_ILLOPN"},
		{SIGTRAP_, 1, "TRAP_BRKPT"},  {SIGTRAP_, 2, "TRAP_TRACE"},
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].number == number && codes[i].code == code)
			return codes[i].name;
	return NULL;
}

/* si_code */
static void put_code(struct decoder *decoder, int32_t number, int32_t code)
{
	static const char *const sent[] = {"SI_USER",    "SI_QUEUE", "SI_TIMER", "SI_MESGQ",
					   "SI_ASYNCIO", "SI_SIGIO", "SI_TKILL"};

	if (fault_code(number, code) != NULL)
		put(decoder, "%s", fault_code(number, code));
	else if (number == SIGCHLD_ && code > 0)
		put_named(decoder, (uint32_t)code, &wait_codes_names);
	else if (code == 0x80)
		put(decoder, "SI_KERNEL");
	else if (code <= 0 && code > -(int32_t)(sizeof(sent) / sizeof(sent[0])))
		put(decoder, "%s", sent[-code]);
	else
		put(decoder, "%#x", (uint32_t)code);
}

/* siginfo_t; include/uapi/asm-generic/siginfo.h */
struct linux_siginfo {
	int32_t number, error, code, pad;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			union {
				struct {
					int32_t status, pad2;
					int64_t user_time, system_time;
				};
				uint64_t value;
			};
		};
		uint64_t address;
	};
};
_Static_assert(sizeof(struct linux_siginfo) == 48, "as far as it is shown");

/* The kernel says why a child ended. */
static void put_child(struct decoder *decoder, const struct linux_siginfo *info)
{
	put(decoder, ", si_pid=%" PRId32 ", si_uid=%" PRIu32 ", si_status=", info->pid, info->uid);
	if (info->code == 1)
		put(decoder, "%" PRId32, info->status);
	else
		put_signal(decoder, (uint32_t)info->status);
	put(decoder, ", si_utime=%" PRId64 ", si_stime=%" PRId64, info->user_time, info->system_time);
}

static bool is_fault(const struct linux_siginfo *info)
{
	return info->code > 0 && (info->number == SIGILL_ || info->number == SIGTRAP_ || info->number == SIGBUS_ ||
				  info->number == SIGFPE_ || info->number == SIGSEGV_);
}

void put_siginfo(struct decoder *decoder, uint64_t value, const void *names)
{
	struct linux_siginfo info;

	(void)names;
	if (!fetch_or_null(decoder, value, &info, sizeof(info)))
		return;
	if (info.number == 0) {
		put(decoder, "{}");
		return;
	}
	put(decoder, "{si_signo=");
	put_signal(decoder, (uint32_t)info.number);
	put(decoder, ", si_code=");
	put_code(decoder, info.number, info.code);
	if (info.number == SIGCHLD_ && info.code > 0) {
		put_child(decoder, &info);
	} else if (is_fault(&info)) {
		put(decoder, ", si_addr=");
		put_address(decoder, info.address);
	} else if (info.code != SI_KERNEL_ || info.pid != 0 || info.uid != 0) {
		put(decoder, ", si_pid=%" PRId32 ", si_uid=%" PRIu32, info.pid, info.uid);
		if (info.code != SI_USER_ && info.code != SI_TKILL_ && info.value != 0)
			put(decoder, ", si_int=%" PRId32 ", si_ptr=%#" PRIx64, (int32_t)info.value, info.value);
	}
	put(decoder, "}");
}
