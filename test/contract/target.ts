import type { Ollama } from '@ollama-toolbelt/core/neutral';

/** A server to test against the contract. */
export interface Target {
  /** As in the test titles. */
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
  /** Other installed models, for capabilities that the first two lack. */
  readonly otherModels: readonly string[];
  /** Whether the chat model is the pocket model, so its answers are known. */
  readonly canAssumeWords: boolean;
  /** A model that may be pulled, and one that may be pushed, without a trace elsewhere; undefined on a real server. */
  readonly transferable?: { readonly pull: string; readonly push: string };
}

/** The context of a test. */
export interface Subject extends Omit<OpenTarget, 'otherModels' | typeof Symbol.asyncDispose> {
  readonly ollama: Ollama;
  /** Whether a model has a capability, as the server's own `show` reports it. */
  can(model: string, capability: string): boolean;
  /** The first model with a capability, preferably the chat model; skips the test if there is none. */
  modelThatCan(capability: string): string;
  /** The first model that chats and lacks a capability; skips the test if there is none. */
  chatModelWithout(capability: string): string;
  /** Skips the test by name. */
  skip(reason: string): never;
  /** A name that no model has yet; a model of that name is deleted after the tests. */
  freshName(): string;
}

/** What belongs to the current test. */
export type Choosing = 'skip' | 'modelThatCan' | 'chatModelWithout';
