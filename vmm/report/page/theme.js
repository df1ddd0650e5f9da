/* SPDX-License-Identifier: MIT */
/*
 * theme.js: light or dark, as the system prefers or as the reader chose; paper is always light.
 */
(() => {
	const system = matchMedia('(prefers-color-scheme: dark)');
	const root = document.documentElement;
	let chosen = null, printing = false, button = null;

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

		if (button)
			button.textContent = theme === 'dark' ? 'light' : 'dark';
		if (root.dataset.theme === theme)
			return;
		root.dataset.theme = theme;
		vmm.tell('theme');
	}

	function setPrinting(value) {
		printing = value;
		apply();
	}

	vmm.themeButton = () => {
		button = vmm.el('button', {
			type: 'button', id: 'theme', class: 'quiet', title: 'Switch between light and dark', onclick: () => {
				chosen = root.dataset.theme === 'dark' ? 'light' : 'dark';
				keep(chosen);
				apply();
			},
		});
		apply();
		return button;
	};

	chosen = recall();
	system.addEventListener('change', apply);
	addEventListener('beforeprint', () => setPrinting(true));
	addEventListener('afterprint', () => setPrinting(false));
	apply();
})();
