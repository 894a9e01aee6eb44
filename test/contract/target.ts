import type { Ollama } from '@ollama-toolbelt/core/neutral';

/** A server that the contract is held against. */
export interface Target {
  /** As in the names of the tests and in `known-gaps.ts`. */
  readonly name: string;
  /** Finds or starts the server, or says why there is none here; called once, before the first test. */
  open(): Promise<OpenTarget | string>;
  /** For one test, in milliseconds: a real model may have to load. @default 20000 */
  readonly timeoutMs?: number;
}

export interface OpenTarget extends AsyncDisposable {
  readonly host: string;
  readonly apiKey?: string;
  readonly chatModel: string;
  readonly embedModel: string;
  /** Further installed models, for what the first two cannot do. */
  readonly otherModels: readonly string[];
  /** Whether the chat model is the pocket model, so its words are known. */
  readonly canAssumeWords: boolean;
  /** A model that may be pulled, and one that may be pushed, without a trace elsewhere; nothing on a real server. */
  readonly transferable?: { readonly pull: string; readonly push: string };
}

/** What a test works with. */
export interface Subject extends Omit<OpenTarget, 'otherModels' | typeof Symbol.asyncDispose> {
  readonly ollama: Ollama;
  /** Whether a model has a capability, by the server's own `show`. */
  can(model: string, capability: string): boolean;
  /** The first model that has a capability, the chat model before the others; the test is skipped where there is none. */
  modelThatCan(capability: string): string;
  /** The first model that chats and lacks a capability, likewise. */
  chatModelWithout(capability: string): string;
  /** Skips the test by name. */
  skip(reason: string): never;
  /** A name that no model has yet; a model of that name is deleted after the tests. */
  freshName(): string;
}

/** What belongs to the test that runs. */
export type Choosing = 'skip' | 'modelThatCan' | 'chatModelWithout';
