# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# host.sh: hosts without a KVM, or with one that cannot be used.

# in_namespace SCRIPT: runs vmm as "$0 -q $1" after SCRIPT, with mounts of its own
in_namespace() { run unshare -m bash -c "mount --make-rprivate / && $1"' && exec "$0" -q "$1"' "$vmm" "$exits"; }

if can_unshare; then
	in_namespace 'mount -t tmpfs none /dev'
	judge "no /dev/kvm" 125 '/dev/kvm: not there: .*modprobe kvm_intel.*BIOS'
	in_namespace 'mount --bind /dev/null /dev/kvm'
	judge "a /dev/kvm that is not KVM" 125 '/dev/kvm: not KVM: .*ioctl'
	in_namespace "mount --bind '$exits' /dev/kvm"
	judge "a /dev/kvm that is a file" 125 '/dev/kvm: not a device; something replaced it'
	in_namespace 'mount -t tmpfs none /dev && mknod /dev/kvm c 10 9'
	judge "a /dev/kvm without a driver" 125 '/dev/kvm: no device behind it: .*BIOS'
	if nobody_can_run; then
		as='mount -t tmpfs -o mode=755 none /dev && mknod -m 600 /dev/kvm c 10 232 && exec "$@"'
		run unshare -m bash -c "mount --make-rprivate / && $as" bash "${as_nobody[@]}" "$vmm" -q "$exits"
		judge "no permission" 125 '/dev/kvm: permission denied: .*usermod -aG kvm'
	else
		skip "no permission" "$vmm is out of reach for nobody"
	fi
else
	for name in "no /dev/kvm" "a /dev/kvm that is not KVM" "a /dev/kvm that is a file" "a /dev/kvm without a driver" "no permission"; do
		skip "$name" "unshare -m is not allowed here"
	done
fi

# A library in front of ioctl() and open() plays the hosts that we do not have. A statically linked vmm loads none: its
# twin in tests/ does.
dynamic=$(dirname "$vmm")/tests/vmm-dynamic
[ -x "$dynamic" ] || dynamic=$vmm
fake=$work/fake.so
if ! ldd "$dynamic" >/dev/null 2>&1; then
	skip "hosts that are played" "no dynamically linked vmm"
elif "${CC:-cc}" -shared -fPIC -o "$fake" "$here/fake_kvm.c" -ldl 2>"$work/cc.log"; then
	preload=$fake
	case $(ldd "$dynamic" 2>/dev/null) in *libasan*) preload="$(ldd "$dynamic" | awk '/libasan/ { print $3 }'):$fake" ;; esac
	# fake NAME LINE VARIABLE=VALUE...
	fake() {
		local name=$1 line=$2
		shift 2
		run env LD_PRELOAD="$preload" "$@" "$dynamic" -q "$exits"
		judge "$name" 125 "$line"
	}
	fake "busy" '/dev/kvm: busy: another hypervisor' FAKE_OPEN=16
	fake "out of descriptors" '/dev/kvm: cannot open: Too many open files' FAKE_OPEN=24
	fake "an old API" '/dev/kvm: KVM API version 11, need 12' FAKE_REQUEST=0xae00 FAKE_RESULT=11
	for capability in KVM_CAP_USER_MEMORY=3 KVM_CAP_SYNC_REGS=74 KVM_CAP_IMMEDIATE_EXIT=136 KVM_CAP_SPLIT_IRQCHIP=121; do
		fake "without ${capability%=*}" "/dev/kvm: this KVM lacks ${capability%=*}, needed for .*; use Linux" \
			FAKE_REQUEST=0xae03 FAKE_ARGUMENT="${capability#*=}" FAKE_RESULT=0
	done
	fake "a small kvm_run" '/dev/kvm: KVM_GET_VCPU_MMAP_SIZE gives 100 bytes' FAKE_REQUEST=0xae04 FAKE_RESULT=100
	fake "KVM_CREATE_VM fails" '/dev/kvm: cannot create a virtual machine \(KVM_CREATE_VM\): Device or resource busy; another' FAKE_REQUEST=0xae01 FAKE_ERROR=16
	fake "KVM_ENABLE_CAP fails" '/dev/kvm: cannot set up the interrupt controller' FAKE_REQUEST=0x4068aea3 FAKE_ERROR=22
	fake "KVM_SET_USER_MEMORY_REGION fails" '/dev/kvm: cannot give the guest 64 MiB' FAKE_REQUEST=0x4020ae46 FAKE_ERROR=12
	fake "KVM_CREATE_VCPU fails" '/dev/kvm: cannot create CPU 0 \(KVM_CREATE_VCPU\)' FAKE_REQUEST=0xae41 FAKE_ERROR=12
	fake "KVM_GET_SUPPORTED_CPUID fails" '/dev/kvm: cannot read the supported CPU features' FAKE_REQUEST=0xc008ae05 FAKE_ERROR=7
	fake "KVM_SET_CPUID2 fails" 'KVM refuses the CPU features' FAKE_REQUEST=0x4008ae90 FAKE_ERROR=22
	fake "KVM_SET_MSRS fails" 'cannot set MSRs' FAKE_REQUEST=0x4008ae89 FAKE_ERROR=22
	fake "KVM_SET_MSRS sets only some" 'KVM refuses MSR 0xc0000082' FAKE_REQUEST=0x4008ae89 FAKE_RESULT=1
	fake "KVM_RUN fails" 'KVM cannot run the guest \(KVM_RUN\): Invalid argument; it refuses' FAKE_REQUEST=0xae80 FAKE_ERROR=22
	fake "KVM_RUN gives nonsense" 'KVM exit reason [0-9]+, which this version' FAKE_REQUEST=0xae80 FAKE_RESULT=0
else
	skip "hosts that are played" "no compiler: $(tail -1 "$work/cc.log")"
fi

if ldd "$vmm" 2>/dev/null | grep -q libasan; then
	skip "no room for the guest's memory" "a sanitizer needs more address space than that"
else
	run bash -c 'ulimit -v 200000 && exec "$0" -q --memory 3G "$1"' "$vmm" "$exits"
	judge "no room for the guest's memory" 125 'cannot reserve 3072 MiB of guest memory: .*; use a smaller --memory'
fi
