export * from './basics.js';
export { Dialog } from './Dialog.js';
export { table } from './Table.js';
export { toast } from './Toast.js';
export { Untrusted } from './Untrusted.js';
export { AcceptedBy, Choice, ClassBadge, Confirm, Findings, Instant, Outcome, Pager, Risk, Search, Suspicious,
  Tabs, isFirstList, part } from './lists.js';
