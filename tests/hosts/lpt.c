/* SPDX-License-Identifier: MIT */
// lpt PORT: standard input to the parallel port at I/O address PORT, in an emulated host.
//
// The way out of the emulated hosts. Both emulators write each byte straight into a file, and it needs no driver in
// the kernel: 5 MB take 2 s, through a serial port in Bochs more than a minute.
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <unistd.h>

enum {
	CONTROL = 2,        // offset of the control register from the data register
	SELECT_INIT = 0x0c, // printer selected and not being reset
	STROBE = 0x01,      // its falling edge makes the printer take the data register
};

int main(int argc, char **argv)
{
	static unsigned char buffer[65536];
	unsigned short port = argc == 2 ? (unsigned short)strtoul(argv[1], NULL, 0) : 0;
	ssize_t length;

	if (port == 0 || ioperm(port, CONTROL + 1, 1) != 0) {
		perror("lpt: ioperm");
		return 1;
	}
	while ((length = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
		for (ssize_t i = 0; i < length; i++) {
			outb(buffer[i], port);
			outb(SELECT_INIT | STROBE, port + CONTROL);
			outb(SELECT_INIT, port + CONTROL);
		}
	}
	return length < 0;
}
