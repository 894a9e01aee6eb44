/** What a tool receives in addition to its arguments. Other folders implement these, so tools need not import them. */
import type { ChatRequest, Conversation, Ollama } from '@ollama-toolbelt/core/neutral';
import type { OllamaServer } from './ollama-server.ts';

/** Progress reports of a call. */
export interface Progress {
  /** `done` is the amount so far, in the unit named in `message`. The same amount again only changes the message. */
  report(done: number, message: string, more?: ProgressDetail): void;
}

export interface ProgressDetail {
  total?: number;
  /** A piece of the answer, for clients that show it while it streams. */
  text?: string;
}

export const silentProgress: Progress = { report: () => {} };

/** An action that cannot be undone. */
export interface Irreversible {
  /** As a question: "Delete the model x?" */
  question: string;
  /** Name of the model that is lost or published. */
  name: string;
  /** The `confirm` argument of the call. */
  confirm: string | undefined;
}

/**
 * Confirms the action.
 *
 * @throws Refusal if it is not confirmed.
 */
export type Confirm = (action: Irreversible) => Promise<void>;

/** A text file for a model. */
export interface TextFile {
  /** The name that the caller used. */
  name: string;
  text: string;
  /** Frees its memory before the end of the call. */
  release(): void;
}

/** A file that a call named. */
export interface FoundFile {
  /** The name for reading it. */
  name: string;
  /** Whether it was found by a pattern, not named by the caller. */
  byPattern: boolean;
}

/** Limits for a search for files. */
export interface Search {
  /** Maximum number of files. */
  most: number;
  /** What to do if there are more. */
  hint?: string;
  signal: AbortSignal;
}

/**
 * Reserves memory for a call until its end, or until the returned function is called.
 *
 * @throws Refusal if there is not enough memory.
 */
export type Reserve = (bytes: number) => () => void;

/** Files inside the allowed folders. Every method rejects with a `Refusal` that names the problem. */
export interface FileAccess {
  /** The allowed folders, for messages. */
  readonly folders: readonly string[];
  /** The files for paths and patterns, in their order. */
  find(wanted: readonly string[], search: Search): Promise<FoundFile[]>;
  readText(path: string): Promise<TextFile>;
  readBase64(path: string): Promise<string>;
  /** The absolute path, with links resolved. */
  resolve(path: string): Promise<string>;
  /** Why the vectors of files were not kept last time; `undefined` if they were, or keeping them is off. */
  readonly vectorsProblem: string | undefined;
  /** Opens or creates a file for lines of JSON. Missing if no folder is writable. */
  openOutput?(path: string): Promise<OutputFile>;
}

/** A file written by a call. Its methods reject with a `Refusal`. */
export interface OutputFile {
  /** The absolute path. */
  readonly path: string;
  /** The content when it was opened. */
  readonly content: string;
  append(text: string): Promise<void>;
  /**
   * Replaces the whole content in one step. Nothing can be appended after that. Does nothing if another process has
   * written to the file too.
   */
  replace(text: string): Promise<void>;
  /** Removes the file if it was created and is still empty. */
  close(): Promise<void>;
}

/** Gives each call its access to files. */
export interface FileSource {
  /** Whether a call may write its output to a file. */
  readonly canWrite: boolean;
  /** @param reserve is called with the bytes needed to read a file, before reading it. */
  forCall(reserve: Reserve): FileAccess;
}

/** The answer so far. */
export interface SoFar<Value = Record<string, unknown>> {
  value(): Value;
  /** Whether the answer so far is useful by itself, if the rest cannot be collected later. */
  isWorthIt?(): boolean;
}

/** How a run ended. */
export type Outcome = { value: Record<string, unknown> } | { error: unknown };

/** One run of a tool. If it outlives the call that started it, it is a job. */
export interface Run {
  readonly tool: string;
  /** The model in its arguments, if any. */
  readonly model: string | undefined;
  /** Whether its answer is its only effect. */
  readonly onlyAnswers: boolean;
  /** Estimated memory of its arguments. */
  readonly bytes: number;
  /** Resolves when the run ends, and never rejects. */
  readonly ended: Promise<Outcome>;
  /** `undefined` while it runs. */
  readonly outcome: Outcome | undefined;
  readonly isCancelled: boolean;
  /** The reason passed to `cancel`. */
  readonly cancelReason: unknown;
  /** The message of its latest progress; empty before the first. */
  readonly howFar: string;
  /** Time of its latest progress, or of its end: milliseconds since 1970. */
  readonly updatedAt: number;
  /** The answer so far. */
  soFar(): Record<string, unknown>;
  /** Reports to this progress from now on, starting with the latest report. */
  tell(progress: Progress): void;
  /** Ends it, which closes its connections to Ollama. */
  cancel(reason?: unknown): void;
}

/** A conversation, and the settings that must stay the same in every turn. */
export interface KeptConversation {
  chat: Conversation;
  /** The server on which it continues. */
  ollama: Pick<Ollama, 'conversation'>;
  tools: ChatRequest['tools'];
  /** The context that a file needed. A different one would reload the model in each turn. */
  numCtx: number | undefined;
}

/** Vectors of one call, for the resource named in its result. */
export interface KeptEmbeddings {
  model: string;
  embeddings: readonly (readonly number[])[];
}

/** Entries by the id that `add` returns. */
export interface Store<Thing> {
  add(thing: Thing): string;
  get(id: string): Thing | undefined;
  /** `undefined` in a store shared by clients that must not learn of each other. */
  readonly ids: readonly string[] | undefined;
}

/** Runs that outlive their calls. */
export interface JobStore {
  /** How long a job is kept after its end. */
  readonly ttlMinutes: number;
  /** The id of the job; `undefined` if there is no room for another one. */
  add(run: Run): string | undefined;
  /**
   * Asks for a job, which keeps it running.
   *
   * @throws Refusal if there is no such job.
   */
  get(id: string): Run;
  /** Asks for a job until the returned function is called. */
  hold(id: string): () => void;
  /** All jobs, oldest first; none in a shared store. Listing does not count as asking for a job. */
  list(): readonly (readonly [id: string, run: Run])[];
}

/** Everything that a server keeps for one client between calls. */
export interface Session {
  /** Updates the size of its entries, after a call. */
  weigh(): void;
  readonly jobs: JobStore;
  readonly conversations: Store<KeptConversation>;
  readonly embeddings: Store<KeptEmbeddings>;
}

export interface ToolContext<Value = Record<string, unknown>> {
  /** The server that handles the call. */
  server: OllamaServer;
  /** The client of this server. */
  ollama: Ollama;
  /** All servers. */
  servers: readonly OllamaServer[];
  /** Name of the setting to change if the address of Ollama is wrong. */
  addressSetting: string;
  /** Aborts if the client cancels the call or disconnects. */
  signal: AbortSignal;
  progress: Progress;
  confirm: Confirm;
  /** `undefined` if the server keeps nothing between calls. */
  session: Session | undefined;
  /** `undefined` if no folder is allowed. */
  files: FileAccess | undefined;
  /** How many prompts or files of one call the model gets at a time. */
  concurrency: number;
  /** Whether the result may have any size. */
  isUncapped: boolean;
  /** Time limit of a call; 0 for none. */
  budgetMs: number;
  /** Starts the time budget. When it is over, the call returns the answer so far. */
  partial(soFar: SoFar<Value>): void;
  /** The lines that a result would have for an error. Throws if it is a bug, or if the call was cancelled. */
  explain(error: unknown): Promise<string>;
}
