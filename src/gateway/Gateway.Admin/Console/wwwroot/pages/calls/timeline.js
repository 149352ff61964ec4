// The steps of one call, from its audit records.

/** @typedef {import('./records.js').AuditRecord} AuditRecord */

/** @param {AuditRecord} one @param {AuditRecord} other */
const byTime = (one, other) => Date.parse(one.time) - Date.parse(other.time) || rank(one) - rank(other);

/** A request for approval has the instant of the decision that it follows from. @param {AuditRecord} record */
const rank = record => record.kind === 'received' ? 0 : record.kind === 'decision' ? 1 : 2;

/**
 * The records in their order, after the arrival of the call. No record has the instant of the arrival: it is derived
 * from the duration in the record of the result, so a refused call has none. A call that waited as a task arrived
 * before that instant, so the step is shown only if it is the first one.
 * @param {AuditRecord[]} records @param {string | undefined} callId
 * @returns {AuditRecord[]}
 */
export function stepsOf(records, callId) {
  const sorted = [...records].sort(byTime);
  const isResult = (/** @type {AuditRecord} */ one) => one.kind === 'outcome' && one.callId === callId;
  const result = records.find(one => isResult(one) && Number.isFinite(one.durationMs));
  if (!result || callId === undefined) return sorted;
  const arrivedMs = Date.parse(result.time) - Number(result.durationMs);
  const received = { kind: 'received', callId, time: new Date(arrivedMs).toISOString() };
  return byTime(received, sorted[0]) < 0 ? [received, ...sorted] : sorted;
}
