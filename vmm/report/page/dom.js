/* SPDX-License-Identifier: MIT */
/*
 * dom.js: elements without markup. Text is only ever set as text: what a guest wrote never becomes HTML.
 */
(() => {
	function fill(element, attributes, children) {
		for (const [name, value] of Object.entries(attributes || {})) {
			if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
			else if (value === true) element.setAttribute(name, '');
			else if (value !== false && value !== null && value !== undefined)
				element.setAttribute(name, value);
		}
		element.append(
			...children
				.flat(Infinity)
				.filter(child => child !== null && child !== undefined && child !== false),
		);
		return element;
	}

	/* vmm.el('td', {class: 'number', onclick: f}, 'text', otherElement); null and false children are left out */
	vmm.el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

	vmm.svg = (tag, attributes, ...children) =>
		fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

	/* The value of a CSS variable of style.css, for canvases: vmm.colour('syscall') is that of --syscall */
	vmm.colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

	/* A link to an event */
	vmm.link = (seq, text) =>
		vmm.el(
			'a',
			{
				href: `#event-${seq}`,
				class: 'event-link',
				onclick: click => {
					click.preventDefault();
					vmm.select(seq, 'link');
				},
			},
			text || `event ${seq}`,
		);
})();
