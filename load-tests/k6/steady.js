// 1,000 calls a second for 30 s, open loop, one grant with room for all of them.
import { call } from './call.js';

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate', rate: 1000, timeUnit: '1s', duration: '30s',
      preAllocatedVUs: 64, maxVUs: 256,
    },
  },
  thresholds: {
    calls_failed: ['count==0'],
    calls_refused: ['count==0'],
    call_time: ['p(50)<5', 'p(99)<50', 'p(99.9)<250'],
    dropped_iterations: ['count==0'],
  },
};

export default () => call();
