export * from './basics.js';
export { Dialog } from './Dialog.js';
export { Table } from './Table.js';
export { toast } from './Toast.js';
export { Untrusted } from './Untrusted.js';
export { Choice, ClassBadge, Confirm, Findings, Instant, Outcome, Pager, Part, Risk, Search, Suspicious,
  Tabs } from './lists.js';
