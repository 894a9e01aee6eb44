import type { Conversation } from '@ollama-toolbelt/core';
import { Kept } from './expiring-store.ts';
import { Jobs } from './jobs.ts';

const MINUTE = 60_000;

/** A conversation, and what has to stay the same from turn to turn. */
export interface KeptConversation {
  chat: Conversation;
  /** Raised where a file needed it; another one would load the model again for each turn. */
  numCtx: number | undefined;
}

/** Vectors of one call, for the resource that the call links to. */
export interface KeptEmbeddings {
  model: string;
  embeddings: readonly (readonly number[])[];
}

/** What a server keeps for one client between its calls. */
export class Session {
  readonly jobs = new Jobs();
  readonly conversations = new Kept<KeptConversation>({ most: 32, idleMs: 120 * MINUTE });
  readonly embeddings = new Kept<KeptEmbeddings>({ most: 16, idleMs: 30 * MINUTE });

  close(): void {
    this.jobs.close();
    this.conversations.clear();
    this.embeddings.clear();
  }
}
