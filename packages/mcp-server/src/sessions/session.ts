import { MemoryBudget, weigh } from '../tools/memory-budget.ts';
import type { KeptConversation, KeptEmbeddings, Session } from '../tools/tool-context.ts';
import { ExpiringStore } from './expiring-store.ts';
import { Jobs } from './jobs.ts';

const MINUTE_MS = 60_000;
/** A shared session has room for this many times as much as one client has. */
const SHARED_BY = 10;

export interface ClientSessionOptions {
  /** @default no limit */
  memory?: MemoryBudget;
  /** Whether clients share it. They must not learn of each other, so it lists no ids. @default false */
  isShared?: boolean;
}

export class ClientSession implements Session {
  readonly jobs: Jobs;
  readonly conversations: ExpiringStore<KeptConversation>;
  readonly embeddings: ExpiringStore<KeptEmbeddings>;

  constructor({ memory: budget = new MemoryBudget(), isShared = false }: ClientSessionOptions = {}) {
    const isListed = !isShared;
    const clients = isShared ? SHARED_BY : 1;
    this.jobs = new Jobs({ budget, isListed, maxJobs: clients * 32 });
    this.conversations = new ExpiringStore({
      maxSize: clients * 32,
      idleMs: 120 * MINUTE_MS,
      budget,
      isListed,
      bytesOf: ({ chat }) => weigh(chat.messages),
    });
    this.embeddings = new ExpiringStore({ maxSize: clients * 16, idleMs: 30 * MINUTE_MS, budget, isListed });
  }

  weigh(): void {
    this.conversations.weigh();
  }

  close(): void {
    this.jobs.close();
    this.conversations.clear();
    this.embeddings.clear();
  }
}
