import type { Exchange } from '../wire/exchange.ts';
import type { RecordedRequest } from '../wire/recorded-request.ts';
import { sendError, sendJson } from '../wire/reply.ts';
import { WireError } from '../wire/wire-error.ts';
import {
  type AnswerScript,
  type EmbedScript,
  JsonReply,
  type ProgressScript,
  RawReply,
  type Script,
} from './scripts.ts';

/** The result of a route's script after calling functions. */
export interface Resolved {
  answer?: AnswerScript;
  embed?: EmbedScript;
  progress?: ProgressScript;
}

export type AnyScript = Script<Resolved>;

/** `METHOD path`, or `*` for any request; the path of any blob is `/api/blobs/:digest`. */
export type Route = '*' | `${'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS'} /${string}`;

/** Scripts by route: one-shot ones in order, then the permanent one, then the default response. */
export class ScriptQueues {
  readonly #once = new Map<string, AnyScript[]>();
  readonly #always = new Map<string, AnyScript>();
  readonly #taken = new WeakMap<RecordedRequest, Resolved>();

  addOnce(route: Route, script: AnyScript): void {
    const queue = this.#once.get(route) ?? [];
    queue.push(script);
    this.#once.set(route, queue);
  }

  setAlways(route: Route, script: AnyScript): void {
    this.#always.set(route, script);
  }

  clear(): void {
    this.#once.clear();
    this.#always.clear();
  }

  /** How many one-shot scripts are unused. */
  get pending(): number {
    return [...this.#once.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  /** Responds itself if no engine is needed; keeps the rest for `taken`. */
  async intercept(exchange: Exchange): Promise<boolean> {
    const { request, response } = exchange;
    const script = this.#take(`${request.method} ${request.path.replace(/^(\/api\/blobs\/).*/, '$1:digest')}`);
    const resolved = typeof script === 'function' ? script(request) : script;
    if (resolved === undefined) return false;
    if (resolved instanceof RawReply) await resolved.play(exchange);
    else if (resolved instanceof WireError) sendError(response, resolved);
    else if (resolved instanceof JsonReply) sendJson(response, resolved.status, resolved.body);
    else {
      this.#taken.set(request, resolved);
      return false;
    }
    return true;
  }

  taken(request: RecordedRequest): Resolved {
    return this.#taken.get(request) ?? {};
  }

  #take(route: string): AnyScript | undefined {
    for (const key of [route, '*']) {
      const script = this.#once.get(key)?.shift();
      if (script !== undefined) return script;
    }
    return this.#always.get(route) ?? this.#always.get('*');
  }
}
