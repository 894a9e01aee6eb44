/** What a tool gets in addition to its arguments. The folders above implement it, so tools import nothing from them. */
import type { ChatRequest, Conversation, Ollama } from '@ollama-toolbelt/core/neutral';
import type { OllamaServer } from './ollama-server.ts';

/** How far a call has come. */
export interface Progress {
  /** `done` is the amount so far, in the unit that `message` names. A call with the same amount only changes the message. */
  report(done: number, message: string, more?: ProgressDetail): void;
}

export interface ProgressDetail {
  total?: number;
  /** A piece of the answer, for clients that show it as it comes. */
  text?: string;
}

export const silentProgress: Progress = { report: () => {} };

/** An action that cannot be undone. */
export interface Deed {
  /** As a question: "Delete the model x?" */
  question: string;
  /** Name of the model that is lost or published. */
  name: string;
  /** What the call says in `confirm`. */
  confirm: string | undefined;
}

/**
 * Makes sure that the person wants it.
 *
 * @throws Refusal if not.
 */
export type Confirm = (deed: Deed) => Promise<void>;

/** A text file as it goes to a model. */
export interface TextFile {
  /** As the caller wrote it. */
  name: string;
  text: string;
  /** Gives the memory that it takes back before the end of the call. */
  release(): void;
}

/** A file that a call named. */
export interface FoundFile {
  /** By which it can be read. */
  name: string;
  /** A pattern named it, and not the caller. */
  byPattern: boolean;
}

/** How far a search for files may go. */
export interface Search {
  /** Most files. */
  most: number;
  /** What to do if there are more. */
  hint?: string;
  signal: AbortSignal;
}

/**
 * Takes memory for a call until its end, or until what it gives is called.
 *
 * @throws Refusal if there is no room.
 */
export type Reserve = (bytes: number) => () => void;

/** Files inside the folders that the person allowed. Every method rejects with a `Refusal` that says what is wrong. */
export interface FileAccess {
  /** The allowed folders, for people. */
  readonly folders: readonly string[];
  /** The files that paths and patterns name, in their order. */
  find(wanted: readonly string[], search: Search): Promise<FoundFile[]>;
  readText(path: string): Promise<TextFile>;
  readBase64(path: string): Promise<string>;
  /** The path itself, absolute and without links. */
  resolve(path: string): Promise<string>;
  /** Why vectors of files were not kept the last time; nothing if they were, or are not to be. */
  readonly vectorsProblem: string | undefined;
  /** Opens a file for lines of JSON, or makes it. Nothing if no folder may be written to. */
  openOutput?(path: string): Promise<OutputFile>;
}

/** A file that a call writes. Its methods reject with a `Refusal`. */
export interface OutputFile {
  /** Absolute. */
  readonly path: string;
  /** What was there when it was opened. */
  readonly content: string;
  append(text: string): Promise<void>;
  /** Puts this in the place of all that is there, in one step. Nothing can be appended then. */
  replace(text: string): Promise<void>;
  /** A file that was made and stayed empty is removed. */
  close(): Promise<void>;
}

/** Gives each call its access to files. */
export interface FileSource {
  /** Whether a call may write its output to a file. */
  readonly canWrite: boolean;
  /** @param reserve gets the bytes that reading a file will take, before it begins. */
  forCall(reserve: Reserve): FileAccess;
}

/** The answer so far. */
export interface SoFar<Value = Record<string, unknown>> {
  value(): Value;
  /** Whether that is worth ending the call for when the rest cannot be collected later. */
  isWorthIt?(): boolean;
}

/** How a run ended. */
export type Outcome = { value: Record<string, unknown> } | { error: unknown };

/** One run of a tool. When it outlives the call that began it, it is a job. */
export interface Run {
  readonly tool: string;
  /** That its arguments name, if they do. */
  readonly model: string | undefined;
  /** Nothing but its answer comes of it. */
  readonly onlyAnswers: boolean;
  /** About what its arguments take of the memory. */
  readonly bytes: number;
  /** Settles with the run, and never rejects. */
  readonly ended: Promise<Outcome>;
  /** Nothing while it runs. */
  readonly outcome: Outcome | undefined;
  readonly isCancelled: boolean;
  /** What `cancel` was given. */
  readonly cancelReason: unknown;
  /** How far it is, in the words of its latest progress; empty before the first. */
  readonly howFar: string;
  /** When it told its progress for the last time, or ended: milliseconds since 1970. */
  readonly updatedAt: number;
  /** What the answer would be now. */
  soFar(): Record<string, unknown>;
  /** Reports to this progress from now on, beginning with the latest report. */
  tell(progress: Progress): void;
  /** Ends it, which closes its connections to Ollama. */
  cancel(reason?: unknown): void;
}

/** A conversation, and what has to stay the same from turn to turn. */
export interface KeptConversation {
  chat: Conversation;
  /** The server that it continues with. */
  ollama: Pick<Ollama, 'conversation'>;
  tools: ChatRequest['tools'];
  /** Raised because a file needed it. A different one would load the model again for each turn. */
  numCtx: number | undefined;
}

/** Vectors of one call, for the resource that the result names. */
export interface KeptEmbeddings {
  model: string;
  embeddings: readonly (readonly number[])[];
}

/** Things by the id that `add` gives. */
export interface Store<Thing> {
  add(thing: Thing): string;
  get(id: string): Thing | undefined;
  /** Nothing in a store that clients share who are to know nothing of each other. */
  readonly ids: readonly string[] | undefined;
}

/** Runs that outlive their calls. */
export interface JobStore {
  /** How long a job is kept after its end. */
  readonly ttlMinutes: number;
  /** The id of the job, or nothing if there is no room for another one. */
  add(run: Run): string | undefined;
  /**
   * Asks for a job, which keeps it running.
   *
   * @throws Refusal if there is no such job.
   */
  get(id: string): Run;
  /** All of them, the oldest first; none in a store that is shared. Looking at the list asks for none. */
  list(): readonly (readonly [id: string, run: Run])[];
}

/** What a server keeps for one client between its calls. */
export interface Session {
  /** Weighs what it keeps again, after a call. */
  weigh(): void;
  readonly jobs: JobStore;
  readonly conversations: Store<KeptConversation>;
  readonly embeddings: Store<KeptEmbeddings>;
}

export interface ToolContext<Value = Record<string, unknown>> {
  /** The server that works on the call. */
  server: OllamaServer;
  /** That of this server. */
  ollama: Ollama;
  /** All servers. */
  servers: readonly OllamaServer[];
  /** What to change if the address of Ollama is wrong, for people. */
  addressSetting: string;
  /** Aborts when the client cancels the call or leaves. */
  signal: AbortSignal;
  progress: Progress;
  confirm: Confirm;
  /** Nothing if the server keeps nothing between calls. */
  session: Session | undefined;
  /** Nothing if no folder is allowed. */
  files: FileAccess | undefined;
  /** A result of any size is welcome. */
  isUncapped: boolean;
  /** Time that a call may take; 0 for any. */
  budgetMs: number;
  /** Begins the time of the budget: past it the call answers with what there is so far. */
  partial(soFar: SoFar<Value>): void;
  /** An error as the lines that a result would have. Throws if it is a bug, or if the call was cancelled. */
  explain(error: unknown): Promise<string>;
}
