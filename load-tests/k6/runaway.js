// An agent in a loop: the limit of MAX calls a minute (10) holds, and refusing it stays cheap.
import { call, within } from './call.js';

const max = Number(__ENV.MAX || 10);
const seconds = Number(__ENV.SECONDS || 30);

export const options = {
  scenarios: { runaway: { executor: 'constant-vus', vus: 16, duration: `${seconds}s` } },
  thresholds: {
    calls_failed: ['count==0'],
    calls_admitted: [`count<=${max * (Math.ceil(seconds / 60) + 1)}`],
    call_time: [within(99, 50)],
  },
};

export default () => call();
