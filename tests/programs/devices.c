/* SPDX-License-Identifier: MIT */
/* devices.c: /dev/null, zero, full, urandom, stdin, stdout, fd; /proc/self/exe, fd, maps, cwd; /tmp is empty and
 * writable. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

static void device(const char *path)
{
	char bytes[8] = "1234567";
	struct stat info;
	int fd = open(path, O_RDWR);

	if (fd < 0 || fstat(fd, &info) != 0) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	printf("%s: device %d, %lx\n", path, S_ISCHR(info.st_mode), (unsigned long)info.st_rdev);
	SAY(" write", write(fd, "x", 1));
	SAY(" read", read(fd, bytes, sizeof(bytes)));
	printf(" last byte 0: %d\n", bytes[6] == 0);
	close(fd);
}

static void link_of(const char *path)
{
	char target[128];
	ssize_t count = readlink(path, target, sizeof(target) - 1);

	if (count < 0)
		count = 0;
	target[count] = '\0';
	printf("%s -> %s\n", path, target);
}

static void maps(const char *what)
{
	static char buffer[4096]; /* all of it at once, however long it is */
	char line[512];
	int found = 0;
	FILE *file = fopen("/proc/self/maps", "r");

	if (file != NULL)
		setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		found += strstr(line, what) != NULL;
	printf("%s mapped %d\n", what, found > 0);
	if (file != NULL)
		fclose(file);
}

int main(void)
{
	char text[8] = "";
	int fd;

	device("/dev/null");
	device("/dev/zero");
	device("/dev/full");
	device("/dev/missing");
	fd = open("/dev/urandom", O_RDONLY);
	SAY("urandom", read(fd, text, sizeof(text)));
	link_of("/proc/self/exe");
	link_of("/proc/self/cwd");
	fd = open("/data/words", O_RDONLY);
	snprintf(text, sizeof(text), "%d", fd);
	link_of(fd == 4 ? "/proc/self/fd/4" : "/proc/self/fd/3");
	SAY("/dev/fd", open(fd == 4 ? "/dev/fd/4" : "/dev/fd/3", O_RDONLY) >= 0);
	maps("[stack]");
	maps("[heap]");
	maps("/bin/devices");
	fd = open("/dev/stdout", O_WRONLY);
	fflush(stdout);
	SAY("stdout", write(fd, "by /dev/stdout\n", 15));
	SAY("tmp", open("/tmp/file", O_CREAT | O_RDWR, 0600) >= 0);
	SAY("rename across", rename("/tmp/file", "/data/file"));
	DIR *directory = opendir("/tmp");
	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (entry->d_name[0] != '.')
			printf("in /tmp: %s\n", entry->d_name);
	return 0;
}
