/* SPDX-License-Identifier: MIT */
/* flags_file.c: names of files, terminals and sockets: Linux, include/uapi. */
#include "flags.h"

/* clang-format off */
#define NAMES(set, unknown, ...)                                             \
	static const struct value_name set##_list[] = {__VA_ARGS__, {0, NULL}}; \
	const struct value_names set##_names = {unknown, set##_list}

NAMES(access_modes, "O_???",
	{0, "O_RDONLY"}, {1, "O_WRONLY"}, {2, "O_RDWR"}, {3, "O_ACCMODE"});

NAMES(open_flags, "",
	{0100, "O_CREAT"}, {0200, "O_EXCL"}, {0400, "O_NOCTTY"}, {01000, "O_TRUNC"}, {02000, "O_APPEND"},
	{04000, "O_NONBLOCK"}, {04010000, "O_SYNC"}, {010000, "O_DSYNC"}, {040000, "O_DIRECT"},
	{0100000, "O_LARGEFILE"}, {0400000, "O_NOFOLLOW"}, {01000000, "O_NOATIME"}, {02000000, "O_CLOEXEC"},
	{010000000, "O_PATH"}, {020200000, "O_TMPFILE"}, {020000000, "__O_TMPFILE"}, {04000000, "__O_SYNC"},
	{0200000, "O_DIRECTORY"}, {020000, "FASYNC"});

NAMES(at_flags, "AT_???",
	{0x100, "AT_SYMLINK_NOFOLLOW"}, {0x200, "AT_REMOVEDIR"}, {0x400, "AT_SYMLINK_FOLLOW"}, {0x800, "AT_NO_AUTOMOUNT"},
	{0x1000, "AT_EMPTY_PATH"}, {0x8000, "AT_RECURSIVE"});

NAMES(statx_flags, "AT_???",
	{0x2000, "AT_STATX_FORCE_SYNC"}, {0x4000, "AT_STATX_DONT_SYNC"});

NAMES(access_flags, "?_OK",
	{0, "F_OK"}, {4, "R_OK"}, {2, "W_OK"}, {1, "X_OK"});

NAMES(whence, "SEEK_???",
	{0, "SEEK_SET"}, {1, "SEEK_CUR"}, {2, "SEEK_END"}, {3, "SEEK_DATA"}, {4, "SEEK_HOLE"});

NAMES(fcntl_commands, "F_???",
	{0, "F_DUPFD"}, {1, "F_GETFD"}, {2, "F_SETFD"}, {3, "F_GETFL"}, {4, "F_SETFL"}, {5, "F_GETLK"}, {6, "F_SETLK"},
	{7, "F_SETLKW"}, {8, "F_SETOWN"}, {9, "F_GETOWN"}, {10, "F_SETSIG"}, {11, "F_GETSIG"}, {15, "F_SETOWN_EX"},
	{16, "F_GETOWN_EX"}, {36, "F_OFD_GETLK"}, {37, "F_OFD_SETLK"}, {38, "F_OFD_SETLKW"}, {1024, "F_SETLEASE"},
	{1025, "F_GETLEASE"}, {1026, "F_NOTIFY"}, {1029, "F_CANCELLK"}, {1030, "F_DUPFD_CLOEXEC"}, {1031, "F_SETPIPE_SZ"},
	{1032, "F_GETPIPE_SZ"}, {1033, "F_ADD_SEALS"}, {1034, "F_GET_SEALS"});

NAMES(descriptor_flags, "FD_???",
	{1, "FD_CLOEXEC"});

NAMES(lock_types, "F_???",
	{0, "F_RDLCK"}, {1, "F_WRLCK"}, {2, "F_UNLCK"});

NAMES(flock_operations, "LOCK_???",
	{1, "LOCK_SH"}, {2, "LOCK_EX"}, {4, "LOCK_NB"}, {8, "LOCK_UN"});

NAMES(rename_flags, "RENAME_???",
	{1, "RENAME_NOREPLACE"}, {2, "RENAME_EXCHANGE"}, {4, "RENAME_WHITEOUT"});

NAMES(statx_mask, "STATX_???",
	{0xfff, "STATX_ALL"}, {0x7ff, "STATX_BASIC_STATS"}, {1, "STATX_TYPE"}, {2, "STATX_MODE"}, {4, "STATX_NLINK"},
	{8, "STATX_UID"}, {0x10, "STATX_GID"}, {0x20, "STATX_ATIME"}, {0x40, "STATX_MTIME"}, {0x80, "STATX_CTIME"},
	{0x100, "STATX_INO"}, {0x200, "STATX_SIZE"}, {0x400, "STATX_BLOCKS"}, {0x800, "STATX_BTIME"},
	{0x1000, "STATX_MNT_ID"}, {0x2000, "STATX_DIOALIGN"});

NAMES(statx_attributes, "STATX_ATTR_???",
	{4, "STATX_ATTR_COMPRESSED"}, {0x10, "STATX_ATTR_IMMUTABLE"}, {0x20, "STATX_ATTR_APPEND"},
	{0x40, "STATX_ATTR_NODUMP"}, {0x800, "STATX_ATTR_ENCRYPTED"}, {0x1000, "STATX_ATTR_AUTOMOUNT"},
	{0x2000, "STATX_ATTR_MOUNT_ROOT"}, {0x100000, "STATX_ATTR_VERITY"}, {0x200000, "STATX_ATTR_DAX"});

NAMES(fs_types, "???_MAGIC",
	{0xef53, "EXT2_SUPER_MAGIC"}, {0x1021994, "TMPFS_MAGIC"}, {0x9fa0, "PROC_SUPER_MAGIC"},
	{0x62656572, "SYSFS_MAGIC"}, {0x794c7630, "OVERLAYFS_SUPER_MAGIC"}, {0x9123683e, "BTRFS_SUPER_MAGIC"},
	{0x58465342, "XFS_SUPER_MAGIC"}, {0x858458f6, "RAMFS_MAGIC"}, {0x1cd1, "DEVPTS_SUPER_MAGIC"},
	{0x50495045, "PIPEFS_MAGIC"}, {0x6969, "NFS_SUPER_MAGIC"}, {0x4d44, "MSDOS_SUPER_MAGIC"},
	{0x9660, "ISOFS_SUPER_MAGIC"}, {0x1021997, "V9FS_MAGIC"}, {0x65735546, "FUSE_SUPER_MAGIC"});

NAMES(mount_flags, "ST_???",
	{0x20, "ST_VALID"}, {1, "ST_RDONLY"}, {2, "ST_NOSUID"}, {4, "ST_NODEV"}, {8, "ST_NOEXEC"},
	{0x10, "ST_SYNCHRONOUS"}, {0x40, "ST_MANDLOCK"}, {0x400, "ST_NOATIME"}, {0x800, "ST_NODIRATIME"},
	{0x1000, "ST_RELATIME"}, {0x2000, "ST_NOSYMFOLLOW"});

NAMES(ioctls, "",
	{0x5401, "TCGETS"}, {0x5402, "SNDCTL_TMR_START or TCSETS"},
	{0x5403, "SNDCTL_TMR_STOP or TCSETSW"}, {0x5404, "SNDCTL_TMR_CONTINUE or TCSETSF"}, {0x5409, "TCSBRK"},
	{0x540a, "TCXONC"}, {0x540b, "TCFLSH"}, {0x540c, "TIOCEXCL"}, {0x540d, "TIOCNXCL"}, {0x540e, "TIOCSCTTY"},
	{0x540f, "TIOCGPGRP"}, {0x5410, "TIOCSPGRP"}, {0x5411, "TIOCOUTQ"}, {0x5412, "TIOCSTI"}, {0x5413, "TIOCGWINSZ"},
	{0x5414, "TIOCSWINSZ"}, {0x5415, "TIOCMGET"}, {0x541b, "FIONREAD"}, {0x541d, "TIOCCONS"}, {0x5421, "FIONBIO"},
	{0x5422, "TIOCNOTTY"}, {0x5429, "TIOCGSID"}, {0x5450, "FIONCLEX"}, {0x5451, "FIOCLEX"}, {0x5452, "FIOASYNC"},
	{0x80045430, "TIOCGPTN"}, {0x40045431, "TIOCSPTLCK"});

NAMES(fallocate_modes, "FALLOC_FL_???",
	{1, "FALLOC_FL_KEEP_SIZE"}, {2, "FALLOC_FL_PUNCH_HOLE"}, {4, "FALLOC_FL_NO_HIDE_STALE"},
	{8, "FALLOC_FL_COLLAPSE_RANGE"}, {16, "FALLOC_FL_ZERO_RANGE"}, {32, "FALLOC_FL_INSERT_RANGE"},
	{64, "FALLOC_FL_UNSHARE_RANGE"});

NAMES(fadvise, "POSIX_FADV_???",
	{0, "POSIX_FADV_NORMAL"}, {1, "POSIX_FADV_RANDOM"}, {2, "POSIX_FADV_SEQUENTIAL"}, {3, "POSIX_FADV_WILLNEED"},
	{4, "POSIX_FADV_DONTNEED"}, {5, "POSIX_FADV_NOREUSE"});

NAMES(close_range_flags, "CLOSE_RANGE_???",
	{2, "CLOSE_RANGE_UNSHARE"}, {4, "CLOSE_RANGE_CLOEXEC"});

NAMES(poll_events, "POLL???",
	{1, "POLLIN"}, {2, "POLLPRI"}, {4, "POLLOUT"}, {0x40, "POLLRDNORM"}, {0x100, "POLLWRNORM"}, {0x80, "POLLRDBAND"},
	{0x200, "POLLWRBAND"}, {8, "POLLERR"}, {16, "POLLHUP"}, {32, "POLLNVAL"}, {0x400, "POLLMSG"},
	{0x1000, "POLLREMOVE"}, {0x2000, "POLLRDHUP"});

NAMES(epoll_flags, "EPOLL_???",
	{02000000, "EPOLL_CLOEXEC"});

NAMES(eventfd_flags, "EFD_???",
	{1, "EFD_SEMAPHORE"}, {02000000, "EFD_CLOEXEC"}, {04000, "EFD_NONBLOCK"});

NAMES(memfd_flags, "MFD_???",
	{1, "MFD_CLOEXEC"}, {2, "MFD_ALLOW_SEALING"}, {4, "MFD_HUGETLB"}, {8, "MFD_NOEXEC_SEAL"}, {16, "MFD_EXEC"});

NAMES(termios_iflags, "",
	{1, "IGNBRK"}, {2, "BRKINT"}, {4, "IGNPAR"}, {8, "PARMRK"}, {0x10, "INPCK"}, {0x20, "ISTRIP"}, {0x40, "INLCR"},
	{0x80, "IGNCR"}, {0x100, "ICRNL"}, {0x200, "IUCLC"}, {0x400, "IXON"}, {0x800, "IXANY"}, {0x1000, "IXOFF"},
	{0x2000, "IMAXBEL"}, {0x4000, "IUTF8"});

NAMES(termios_oflags, "",
	{1, "OPOST"}, {2, "OLCUC"}, {4, "ONLCR"}, {8, "OCRNL"}, {0x10, "ONOCR"}, {0x20, "ONLRET"});

NAMES(termios_cflags, "",
	{0x80, "CREAD"}, {0x100, "PARENB"}, {0x200, "PARODD"}, {0x400, "HUPCL"}, {0x800, "CLOCAL"}, {0x40, "CSTOPB"});

NAMES(termios_lflags, "",
	{1, "ISIG"}, {2, "ICANON"}, {4, "XCASE"}, {8, "ECHO"}, {0x10, "ECHOE"}, {0x20, "ECHOK"}, {0x40, "ECHONL"},
	{0x80, "NOFLSH"}, {0x100, "TOSTOP"}, {0x8000, "IEXTEN"}, {0x200, "ECHOCTL"}, {0x400, "ECHOPRT"}, {0x800, "ECHOKE"}, {0x1000, "FLUSHO"},
	{0x4000, "PENDIN"});

NAMES(socket_domains, "AF_???",
	{0, "AF_UNSPEC"}, {1, "AF_UNIX"}, {2, "AF_INET"}, {10, "AF_INET6"}, {16, "AF_NETLINK"}, {17, "AF_PACKET"},
	{40, "AF_VSOCK"});

NAMES(socket_types, "SOCK_???",
	{1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"});

NAMES(socket_flags, "SOCK_???",
	{02000000, "SOCK_CLOEXEC"}, {04000, "SOCK_NONBLOCK"});

NAMES(socket_protocols, "IPPROTO_???",
	{0, "IPPROTO_IP"}, {1, "IPPROTO_ICMP"}, {6, "IPPROTO_TCP"}, {17, "IPPROTO_UDP"}, {58, "IPPROTO_ICMPV6"},
	{255, "IPPROTO_RAW"});

NAMES(socket_levels, "SOL_??",
	{0, "SOL_IP"}, {1, "SOL_SOCKET"}, {6, "SOL_TCP"}, {17, "SOL_UDP"}, {41, "SOL_IPV6"}, {255, "SOL_RAW"},
	{270, "SOL_NETLINK"});

NAMES(socket_options, "SO_???",
	{1, "SO_DEBUG"}, {2, "SO_REUSEADDR"}, {3, "SO_TYPE"}, {4, "SO_ERROR"}, {5, "SO_DONTROUTE"}, {6, "SO_BROADCAST"},
	{7, "SO_SNDBUF"}, {8, "SO_RCVBUF"}, {9, "SO_KEEPALIVE"}, {10, "SO_OOBINLINE"}, {11, "SO_NO_CHECK"},
	{12, "SO_PRIORITY"}, {13, "SO_LINGER"}, {15, "SO_REUSEPORT"}, {16, "SO_PASSCRED"}, {17, "SO_PEERCRED"},
	{18, "SO_RCVLOWAT"}, {19, "SO_SNDLOWAT"}, {20, "SO_RCVTIMEO_OLD"}, {21, "SO_SNDTIMEO_OLD"},
	{25, "SO_BINDTODEVICE"}, {28, "SO_PEERNAME"}, {29, "SO_TIMESTAMP_OLD"}, {30, "SO_ACCEPTCONN"},
	{32, "SO_SNDBUFFORCE"}, {33, "SO_RCVBUFFORCE"}, {38, "SO_PROTOCOL"}, {39, "SO_DOMAIN"});

NAMES(message_flags, "MSG_???",
	{1, "MSG_OOB"}, {2, "MSG_PEEK"}, {4, "MSG_DONTROUTE"}, {8, "MSG_CTRUNC"}, {0x10, "MSG_PROBE"},
	{0x20, "MSG_TRUNC"}, {0x40, "MSG_DONTWAIT"}, {0x80, "MSG_EOR"}, {0x100, "MSG_WAITALL"}, {0x200, "MSG_FIN"},
	{0x400, "MSG_SYN"}, {0x800, "MSG_CONFIRM"}, {0x1000, "MSG_RST"}, {0x2000, "MSG_ERRQUEUE"},
	{0x4000, "MSG_NOSIGNAL"}, {0x8000, "MSG_MORE"}, {0x10000, "MSG_WAITFORONE"}, {0x20000000, "MSG_FASTOPEN"},
	{0x40000000, "MSG_CMSG_CLOEXEC"});

NAMES(pipe_flags, "O_???",
	{04000, "O_NONBLOCK"}, {040000, "O_DIRECT"}, {02000000, "O_CLOEXEC"});

/* clang-format on */
