export { type Act, type Actor, type Authority, mintAuthority } from './authority.js'
export { type Change, createJournal, type Journal, type RecordedEvent } from './change.js'
export { type EventName, events } from './events.js'
export { deliverDue, type OutboxDeps, outboxLag, type Subscriber, startOutbox } from './outbox.js'
