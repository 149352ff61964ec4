// 32 agents without a pause over the edges of short windows: no window may admit more than MAX.
// The grant's policy needs a limit of MAX calls in WINDOW seconds (200 in 2 s).
import { call } from './call.js';

const max = Number(__ENV.MAX || 200);
const window = Number(__ENV.WINDOW || 2);
const seconds = Number(__ENV.SECONDS || 20);

export const options = {
  scenarios: { edge: { executor: 'constant-vus', vus: 32, duration: `${seconds}s` } },
  thresholds: {
    calls_failed: ['count==0'],
    // The run may begin and end inside a window.
    calls_admitted: [`count<=${max * (seconds / window + 1)}`, `count>=${max * (seconds / window - 1)}`],
  },
};

export default () => call();
