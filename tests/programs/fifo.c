/* SPDX-License-Identifier: MIT */
/*
 * fifo.c: a FIFO by its name: what it is, opening it from both sides, the end of the input and the next writer, and the
 * opens that do not wait; on the disk and in /tmp. mknod of a file, and of what nobody may make.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

static void show(const char *path)
{
	struct stat info;

	if (stat(path, &info) == 0)
		printf("%s: mode %o, links %lu\n", path, (unsigned)info.st_mode, (unsigned long)info.st_nlink);
	else
		printf("%s: %s\n", path, strerror(errno));
}

static void write_from_child(const char *path, const char *text)
{
	int fd;

	if (fork() != 0)
		return;
	fd = open(path, O_WRONLY);
	_exit(write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : 1);
}

static void read_from_child(const char *path)
{
	char text[16] = "";
	struct stat info;
	int fd, status;

	write_from_child(path, "through");
	fd = open(path, O_RDONLY);
	wait(&status);
	printf("child %d\n", status);
	SAY("read", read(fd, text, sizeof(text)));
	SAY("its end", read(fd, text, sizeof(text)));
	printf("%s, a FIFO %d\n", text, fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode));
	SAY("lseek", lseek(fd, 0, SEEK_SET));
	SAY("close", close(fd));
}

static void without_waiting(const char *path)
{
	char text[16] = "";
	int in, out;

	SAY("write, nobody reads", open(path, O_WRONLY | O_NONBLOCK));
	in = open(path, O_RDONLY | O_NONBLOCK);
	SAY("nobody writes", read(in, text, sizeof(text)));
	out = open(path, O_WRONLY | O_NONBLOCK);
	SAY("nothing so far", read(in, text, sizeof(text)));
	SAY("write", write(out, "abc", 3));
	SAY("unlink", unlink(path));
	SAY("read", read(in, text, sizeof(text)));
	printf("%s\n", text);
	close(in);
	close(out);
}

int main(void)
{
	static const char *const paths[] = {"/data/fifo", "/tmp/fifo"};

	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 0; i < 2; i++) {
		SAY("mkfifo", mkfifo(paths[i], 0666));
		SAY("mkfifo", mkfifo(paths[i], 0666));
		show(paths[i]);
		SAY("execve", execl(paths[i], paths[i], (char *)NULL));
		read_from_child(paths[i]);
		read_from_child(paths[i]);
		without_waiting(paths[i]);
		show(paths[i]);
	}
	SAY("mknod", mknod("/data/file", 0640, 0));
	show("/data/file");
	SAY("of a directory", mknod("/data/directory", S_IFDIR | 0700, 0));
	SAY("nowhere", mkfifo("/none/fifo", 0600));
	return 0;
}
