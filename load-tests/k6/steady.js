// 1,000 calls a second, open loop, one grant with room for all of them.
import { call, noneDropped, within } from './call.js';

const seconds = Number(__ENV.SECONDS || 30);

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate', rate: 1000, timeUnit: '1s', duration: `${seconds}s`,
      preAllocatedVUs: 64, maxVUs: 256,
    },
  },
  thresholds: Object.assign({
    calls_failed: ['count==0'],
    calls_refused: ['count==0'],
    call_time: [within(50, 5), within(99, 50), within(99.9, 250)],
  }, noneDropped),
};

export default () => call();
