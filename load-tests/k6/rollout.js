// Calls at a steady rate while gateways are replaced (kubectl rollout restart, or SIGTERM one after the other): behind
// a balancer that follows /readyz, or with a fleet in GATEWAY, nothing may fail, and the limit of MAX calls in WINDOW
// seconds (500 in 2 s) holds.
import { call, within } from './call.js';

const max = Number(__ENV.MAX || 500);
const window = Number(__ENV.WINDOW || 2);
const seconds = Number(__ENV.SECONDS || 60);

export const options = {
  scenarios: {
    rollout: {
      executor: 'constant-arrival-rate', rate: 300, timeUnit: '1s', duration: `${seconds}s`,
      preAllocatedVUs: 64, maxVUs: 512,
    },
  },
  thresholds: {
    calls_failed: ['count==0'],
    calls_admitted: [`count<=${max * (seconds / window + 1)}`],
    call_time: [within(99, 500)],
  },
};

export default () => call();
