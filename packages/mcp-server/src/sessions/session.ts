import type { KeptConversation, KeptEmbeddings, Session } from '../tools/tool-context.ts';
import { ExpiringStore } from './expiring-store.ts';
import { Jobs } from './jobs.ts';

const MINUTE_MS = 60_000;

export class ClientSession implements Session {
  readonly jobs = new Jobs();
  readonly conversations = new ExpiringStore<KeptConversation>({ maxSize: 32, idleMs: 120 * MINUTE_MS });
  readonly embeddings = new ExpiringStore<KeptEmbeddings>({ maxSize: 16, idleMs: 30 * MINUTE_MS });

  close(): void {
    this.jobs.close();
    this.conversations.clear();
    this.embeddings.clear();
  }
}
