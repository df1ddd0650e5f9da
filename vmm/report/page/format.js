/* SPDX-License-Identifier: MIT */
/*
 * format.js: numbers as people read them.
 */
(() => {
	const thin = '\u202f'; /* between the groups of digits */
	const units = [
		['s', 1e9],
		['ms', 1e6],
		['µs', 1e3],
		['ns', 1],
	];

	vmm.count = number => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, thin);

	/* Three significant digits with the unit that suits: 512 ns, 1.25 µs, 49.0 ms */
	vmm.time = ns => {
		const [unit, size] = units.find(([, size]) => Math.abs(ns) >= size) || units[3];
		const value = ns / size;

		if (size === 1) return `${Math.round(value)}\u00a0ns`;
		return `${value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)}\u00a0${unit}`;
	};

	/* Every nanosecond of it, in microseconds: 1 234.567 µs */
	vmm.exactTime = ns => `${vmm.count(Math.floor(ns / 1000))}.${String(ns % 1000).padStart(3, '0')}`;

	/* 4 KiB, 2 MiB, 128 TiB; takes numbers and BigInts */
	vmm.bytes = count => {
		const names = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
		let value = Number(count),
			unit = 0;

		for (; value >= 1024 && unit < names.length - 1; unit++) value /= 1024;
		return `${value % 1 ? value.toFixed(1) : value}\u00a0${names[unit]}`;
	};

	vmm.plural = (number, one, many) => `${vmm.count(number)} ${number === 1 ? one : many || `${one}s`}`;

	/* Small numbers as people write them (descriptors, sizes, -1); everything else in hexadecimal. Takes "0x..." */
	vmm.value = text => {
		let value;

		try {
			value = BigInt(text);
		} catch {
			return String(text);
		}
		if (value >= 0x10000n && value <= 0xffffffffffffefffn) return `0x${value.toString(16)}`;
		return BigInt.asIntN(64, value).toString();
	};

	/* The step of an axis: the smallest of 1, 2, 5, 10, 20, 50... that is at least this */
	vmm.roundStep = least => {
		const power = 10 ** Math.floor(Math.log10(least));

		return [1, 2, 5, 10].map(digit => digit * power).find(step => step >= least * 0.9999);
	};
})();
