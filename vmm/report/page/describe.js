/* SPDX-License-Identifier: MIT */
/*
 * describe.js: events in words, as the text report has them.
 */
(() => {
	const list = values => `(${(values || []).map(vmm.value).join(', ')})`;

	function call(event) {
		const name = event.name || `syscall_0x${BigInt(event.number).toString(16)}`;
		const args = event.decoded ? `(${event.decoded.join(', ')})` : list(event.args);

		return `${name}${args}${event.result_text ? ` = ${event.result_text}` : ''}`;
	}

	function entry(event) {
		if (event.number !== undefined)
			return event.cause === 'int'
				? `int 0x${event.vector.toString(16)}: ${call(event)}`
				: call(event);
		if (event.cause === 'int') return `int 0x${event.vector.toString(16)}`;
		const name = event.name || `vector ${event.vector}`;
		const error = event.error === undefined ? '' : `(${event.error})`;

		return `${name}${error}${event.why ? ` ${event.why}` : ''}`;
	}

	function back(event) {
		const name = event.entry_name || event.entry_cause || '';

		if (event.result === -512) return `${name}: interrupted, it begins again`;
		if (event.result !== undefined) {
			const result =
				event.result_text ||
				`${vmm.value(event.result)}${event.error ? ` ${event.error}` : ''}`;
			return `${name} = ${result}`;
		}
		if (event.first) return `into ring 3 for the first time, rax = ${vmm.value(event.rax)}`;
		if (event.handler)
			return `into the handler of signal ${event.signal}${event.siginfo ? ` ${event.siginfo}` : ''}`;
		return name ? `from ${name}` : 'return';
	}

	function exit(event) {
		const call = event.call ? `${event.call}${list(event.args)} = ${vmm.value(event.result)}` : '';
		const device = event.device ? `, ${event.device}` : '';
		const amount =
			event.count > 1 ? `${event.count} × ${event.size} bytes` : vmm.plural(event.size || 0, 'byte');

		if (call) return call;
		if (event.reason === 'io')
			return `${event.direction} port ${event.port}, ${amount}${device}`;
		if (event.reason === 'mmio')
			return `${event.direction} at ${event.address}, ${amount}${device}`;
		return `${event.reason}${event.detail ? `: ${event.detail}` : ''}`;
	}

	function process(event) {
		const parent = event.parent ? `, child of ${event.parent}` : '';
		const name = event.name ? `: ${event.name}` : '';
		const end = event.signal ? `killed by signal ${event.signal}` : `status ${event.exit_status}`;

		return (
			{
				start: `process ${event.pid} starts${parent}${name}`,
				exec: `process ${event.pid} runs a new program${name}`,
				exit: `process ${event.pid} ends, ${end}${name}`,
				reaped: `process ${event.pid} is reaped, ${end}${name}`,
				'thread-start': `thread ${event.tid} of process ${event.pid} starts`,
				'thread-exit': `thread ${event.tid} of process ${event.pid} ends`,
			}[event.event] || `process ${event.pid}: ${event.event}`
		);
	}

	vmm.causes = ['syscall', 'int', 'exception', 'interrupt', 'nmi']; /* of entries */
	vmm.isReturn = event => event.cause === 'sysret' || event.cause === 'iret';
	vmm.isEntry = event => event.type === 'transition' && !vmm.isReturn(event);

	/* One line for each event */
	vmm.describe = event => {
		switch (event.type) {
			case 'start':
				return `${event.image} starts`;
			case 'transition':
				return vmm.isReturn(event) ? back(event) : entry(event);
			case 'exit':
				return exit(event);
			case 'process':
				return process(event);
			case 'address_space':
				return `address space of ${vmm.processName(event.pid)}, ${event.when}`;
			case 'note':
				return event.text;
			case 'summary':
				return `summary: ${vmm.plural(event.transitions, 'transition')}`;
			case 'end':
				return `end: status ${event.status}, ${event.reason}`;
			default:
				return String(event.type);
		}
	};

	/* A word or two, for a slice of the timeline */
	vmm.shortName = event => {
		if (event.type === 'exit')
			return event.call || (event.port ? `${event.direction} ${event.port}` : event.reason);
		if (event.type !== 'transition') return event.event ? `${event.event} ${event.pid}` : event.type;
		if (event.name) return event.name;
		if (event.cause === 'int' && event.vector !== undefined) return `int 0x${event.vector.toString(16)}`;
		return event.vector === undefined ? event.cause : `vector ${event.vector}`;
	};

	/* What the filters and colours call it: one of vmm.kinds */
	vmm.kindOf = event => {
		if (event.type === 'transition')
			return vmm.isReturn(event) ? event.entry_cause || 'other' : event.cause;
		return event.type === 'exit' ? 'exit' : 'other';
	};
	vmm.kinds = [...vmm.causes, 'exit', 'other'];

	/* Everything in it that somebody may search for, in lower case */
	vmm.searchText = event =>
		[
			vmm.describe(event),
			event.name,
			event.entry_name,
			event.cause,
			event.reason,
			event.symbol,
			event.target_symbol,
			event.device,
			event.detail,
			event.rip,
			event.cr2,
			event.siginfo,
			event.quirk,
			...(event.decoded || []),
		]
			.filter(Boolean)
			.join('\n')
			.toLowerCase();
})();
