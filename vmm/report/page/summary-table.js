/* SPDX-License-Identifier: MIT */
/*
 * summary-table.js: a table that sorts itself by the column whose title is pressed, with bars in some of them, and shows the
 * first rows until asked for all.
 *
 *   vmm.sortTable({id, caption, rows, columns, sort, most}) -> element
 *   columns: [{title, hint, value(row), show(row), number, bar}]   value: what is sorted by and drawn as a bar; null: unknown
 *   sort: index of the column to begin with        most: rows shown at first
 */
(() => {
	const compare = (one, other) => {
		if (one === null || other === null)
			return (one === null) - (other === null);
		if (typeof one !== 'string')
			return one - other;
		[one, other] = [one.toLowerCase(), other.toLowerCase()];
		return (one > other) - (one < other);
	};

	/* Unknown values stay last in both directions. */
	function sorted(rows, column, descending) {
		return [...rows].sort((one, other) => {
			const values = [column.value(one), column.value(other)], order = compare(...values);

			return descending && !values.includes(null) ? -order : order;
		});
	}

	function cell(column, row, largest) {
		const value = column.value(row);
		const content = column.show ? column.show(row) : value === null ? '–' : vmm.count(value);

		if (!column.number)
			return vmm.el('td', {'data-value': value}, content);
		if (!column.bar)
			return vmm.el('td', {class: `number${value ? '' : ' soft'}`, 'data-value': value}, content);
		return vmm.el('td', {'data-value': value}, vmm.el('span', {class: 'summary-barred'}, vmm.el('span', {}, content),
			vmm.el('span', {class: 'summary-track', 'aria-hidden': 'true'}, value && largest ?
				vmm.el('span', {style: `width: ${value / largest * 100}%; ${column.bar(row)}`}) : null)));
	}

	vmm.sortTable = ({id, caption, rows, columns, sort, most = 20}) => {
		const body = vmm.el('tbody');
		const largest = columns.map(column => column.bar ? Math.max(0, ...rows.map(row => column.value(row) || 0)) : 0);
		let by = sort, descending = Boolean(columns[sort].number), all = false;

		function fill() {
			const ordered = sorted(rows, columns[by], descending);

			body.replaceChildren(...(all ? ordered : ordered.slice(0, most)).map(row =>
				vmm.el('tr', {}, columns.map((column, i) => cell(column, row, largest[i])))));
			heads.forEach((head, i) => head.setAttribute('aria-sort', i !== by ? 'none' : descending ? 'descending' : 'ascending'));
		}

		function press(column) {
			descending = by === column ? !descending : Boolean(columns[column].number);
			by = column;
			fill();
		}

		const heads = columns.map((column, i) => vmm.el('th', {scope: 'col', class: column.bar ? 'summary-bar-title' : column.number ? 'number' : null},
			vmm.el('button', {type: 'button', class: 'summary-sort', title: column.hint, onclick: () => press(i)}, column.title)));
		const more = vmm.el('button', {
			type: 'button', class: 'quiet summary-more', hidden: rows.length <= most, onclick: () => {
				all = !all;
				more.textContent = all ? `show the first ${most}` : `show all ${vmm.count(rows.length)}`;
				fill();
			},
		}, `show all ${vmm.count(rows.length)}`);

		fill();
		addEventListener('beforeprint', () => {
			if (!all)
				more.click();
		});
		return vmm.el('div', {class: 'summary-scroll'}, vmm.el('table', {class: 'table summary-table', id},
			vmm.el('caption', {class: 'sr-only'}, caption), vmm.el('thead', {}, vmm.el('tr', {}, heads)), body), more);
	};
})();
