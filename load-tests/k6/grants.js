// Many agents at once: TOKENS names a JSON file with an array of tokens, 10,000 of them as a rule.
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { call, noneDropped, within } from './call.js';

const tokens = new SharedArray('tokens', () => JSON.parse(open(__ENV.TOKENS || './tokens.json')));
const seconds = Number(__ENV.SECONDS || 20);

export const options = {
  scenarios: {
    grants: {
      executor: 'constant-arrival-rate', rate: 2000, timeUnit: '1s', duration: `${seconds}s`,
      preAllocatedVUs: 128, maxVUs: 512,
    },
  },
  thresholds: Object.assign({ calls_failed: ['count==0'], call_time: [within(99, 100)] }, noneDropped),
};

export default () => call(tokens[exec.scenario.iterationInTest % tokens.length]);
