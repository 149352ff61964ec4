// An agent in a loop: the limit of MAX calls a minute (10) holds, and refusing it stays cheap.
import { call } from './call.js';

const max = Number(__ENV.MAX || 10);

export const options = {
  scenarios: { runaway: { executor: 'constant-vus', vus: 16, duration: '30s' } },
  thresholds: {
    calls_failed: ['count==0'],
    // Half a minute touches two windows at most.
    calls_admitted: [`count<=${2 * max}`],
    call_time: ['p(99)<50'],
  },
};

export default () => call();
