/* SPDX-License-Identifier: MIT */
/*
 * format.js: numbers as people read them.
 */
(() => {
	const thin = ' '; /* U+202F, between the groups of digits */

	vmm.count = number => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, thin);

	/* Three significant digits with the unit that suits: 512 ns, 1.25 us, 49.0 ms */
	vmm.time = ns => {
		const units = [['s', 1e9], ['ms', 1e6], ['µs', 1e3], ['ns', 1]];
		const [unit, size] = units.find(([, size]) => Math.abs(ns) >= size) || units[3];
		const value = ns / size;

		if (size === 1)
			return `${Math.round(value)} ns`;
		return `${value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)} ${unit}`;
	};

	/* 4 KiB, 2 MiB, 128 TiB; takes numbers and BigInts */
	vmm.bytes = count => {
		const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
		let value = Number(count), unit = 0;

		for (; value >= 1024 && unit < units.length - 1; unit++)
			value /= 1024;
		return `${value % 1 ? value.toFixed(1) : value} ${units[unit]}`;
	};
})();
