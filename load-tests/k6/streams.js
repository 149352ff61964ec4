// 300 answers that are streams of events (TOOL answers with text/event-stream for a while), and short calls beside.
import { check } from 'k6';
import { call, within } from './call.js';

const seconds = Number(__ENV.SECONDS || 20);

export const options = {
  scenarios: {
    streams: { executor: 'per-vu-iterations', vus: 300, iterations: 1, maxDuration: `${seconds + 60}s`,
      exec: 'stream' },
    beside: {
      executor: 'constant-arrival-rate', rate: 300, timeUnit: '1s', duration: `${seconds}s`,
      preAllocatedVUs: 64, maxVUs: 256, exec: 'beside',
    },
  },
  thresholds: {
    calls_failed: ['count==0'],
    checks: ['rate==1'],
    'call_time{scenario:beside}': [within(99, 100)],
  },
};

export function stream() {
  const answer = call(__ENV.TOKEN, __ENV.STREAM_TOOL || 'follow');
  check(answer, { 'the stream ended with its answer': (a) => a.body.includes('"result"') });
}

export const beside = () => call();
