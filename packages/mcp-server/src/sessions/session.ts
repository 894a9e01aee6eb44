import { MemoryBudget, weigh } from '../tools/memory-budget.ts';
import type { KeptConversation, KeptEmbeddings, Session } from '../tools/tool-context.ts';
import { ExpiringStore } from './expiring-store.ts';
import { Jobs } from './jobs.ts';

const MINUTE_MS = 60_000;

export class ClientSession implements Session {
  readonly jobs: Jobs;
  readonly conversations: ExpiringStore<KeptConversation>;
  readonly embeddings: ExpiringStore<KeptEmbeddings>;

  constructor(budget = new MemoryBudget()) {
    this.jobs = new Jobs(undefined, budget);
    this.conversations = new ExpiringStore({
      maxSize: 32,
      idleMs: 120 * MINUTE_MS,
      budget,
      bytesOf: ({ chat }) => weigh(chat.messages),
    });
    this.embeddings = new ExpiringStore({ maxSize: 16, idleMs: 30 * MINUTE_MS, budget });
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
