// Many agents at once: TOKENS names a JSON file with an array of tokens, 10,000 of them as a rule.
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { call } from './call.js';

const tokens = new SharedArray('tokens', () => JSON.parse(open(__ENV.TOKENS || './tokens.json')));

export const options = {
  scenarios: {
    grants: {
      executor: 'constant-arrival-rate', rate: 2000, timeUnit: '1s', duration: '20s',
      preAllocatedVUs: 128, maxVUs: 512,
    },
  },
  thresholds: { calls_failed: ['count==0'], call_time: ['p(99)<100'], dropped_iterations: ['count==0'] },
};

export default () => call(tokens[exec.scenario.iterationInTest % tokens.length]);
