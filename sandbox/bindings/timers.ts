import type { BindingFactory } from "../isolate/env.ts";

export const timers: BindingFactory = (env) => {
	const binding = {
		immediateInfo: env.loop.immediateInfo,
		timeoutInfo: env.loop.timerInfo,
		setupTimers(
			processImmediate: () => void,
			processTimers: (now: number) => number,
		) {
			env.loop.setTimerCallbacks({ processImmediate, processTimers });
		},
		getLibuvNow: () => env.clock.loopNowMs(),
		scheduleTimer: (delayMs: number) => env.loop.scheduleTimer(delayMs),
		// The counters in `timeoutInfo` and `immediateInfo` already say whether anything is refed.
		toggleTimerRef() {},
		toggleImmediateRef() {},
	};
	return binding;
};
