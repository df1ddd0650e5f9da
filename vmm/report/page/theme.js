/* SPDX-License-Identifier: MIT */
/*
 * theme.js: light or dark, as the system prefers or as the reader chose; paper is always light. And the colours
 * for canvases.
 */
(() => {
	const system = matchMedia('(prefers-color-scheme: dark)');
	const root = document.documentElement;
	let chosen = null,
		printing = false,
		button = null;

	/* A page from the disk may have no storage. */
	function recall() {
		try {
			return localStorage.getItem('vmm-theme');
		} catch {
			return null;
		}
	}

	function keep(theme) {
		try {
			localStorage.setItem('vmm-theme', theme);
		} catch {
			/* it is only for the next time */
		}
	}

	function apply() {
		const theme = printing ? 'light' : chosen || (system.matches ? 'dark' : 'light');

		if (button) button.textContent = theme === 'dark' ? 'light' : 'dark';
		if (root.dataset.theme === theme) return;
		root.dataset.theme = theme;
		vmm.tell('theme');
	}

	function setPrinting(value) {
		printing = value;
		apply();
	}

	vmm.themeButton = () => {
		button = vmm.el('button', {
			type: 'button',
			id: 'theme',
			class: 'quiet',
			title: 'Switch between light and dark',
			onclick: () => {
				chosen = root.dataset.theme === 'dark' ? 'light' : 'dark';
				keep(chosen);
				apply();
			},
		});
		apply();
		return button;
	};

	/* The black or white that reads better on a colour; WCAG 2, "relative luminance" */
	function inkOn(colour) {
		const [r, g, b] = [1, 3, 5].map(i => {
			const part = parseInt(colour.slice(i, i + 2), 16) / 255;
			return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
		});

		return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
	}

	/* The colours of the theme for a canvas, by name; in `on` the ink for text on each */
	vmm.readColours = () => {
		const names = [
			'paper',
			'raised',
			'ink',
			'soft',
			'line',
			'accent',
			'band',
			'syscall',
			'int',
			'exception',
			'interrupt',
			'nmi',
			'host',
			'process0',
			'process1',
			'process2',
			'process3',
			'process4',
			'process5',
			'process6',
		];
		const colours = Object.fromEntries(names.map(name => [name, vmm.colour(name)]));

		colours.on = Object.fromEntries(names.map(name => [name, inkOn(colours[name])]));
		return colours;
	};

	chosen = recall();
	system.addEventListener('change', apply);
	addEventListener('beforeprint', () => setPrinting(true));
	addEventListener('afterprint', () => setPrinting(false));
	apply();
})();
