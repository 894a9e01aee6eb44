import type { Answer, Backend, Call } from './backend.ts';
import { blobHandlers } from './blob-routes.ts';
import type { BodyOf } from './bodies.ts';
import { type Collect, collectChat, collectGenerate, collectProgress } from './collect.ts';
import { decodeBody } from './decode.ts';
import type { Exchange, Handler } from './exchange.ts';
import type { RequestType } from './go-types.ts';
import type { JsonObject } from './json.ts';
import { sendAnswer, sendEmpty, sendJson, sendText } from './reply.ts';

type Streaming = 'GenerateRequest' | 'ChatRequest' | 'CreateRequest' | 'PullRequest' | 'PushRequest';

const json =
  (read: (backend: Backend, exchange: Exchange) => unknown): Handler =>
  (exchange, backend) =>
    sendJson(exchange.response, 200, read(backend, exchange));

/** A POST with one object as its response. */
const whole =
  <T extends RequestType>(
    type: T,
    run: (backend: Backend, body: BodyOf[T], call: Call) => Promise<JsonObject> | JsonObject | null,
  ): Handler =>
  async (exchange, backend) => {
    const body = decodeBody(exchange.request.raw.toString(), type);
    const answer = await run(backend, body, exchange);
    if (!exchange.signal.aborted) sendJson(exchange.response, 200, answer);
  };

/** A POST with lines as its response, or their sum if `stream` is false. */
const lines =
  <T extends Streaming>(
    type: T,
    collect: Collect,
    run: (backend: Backend, body: BodyOf[T], call: Call) => Promise<Answer>,
  ): Handler =>
  async (exchange, backend) => {
    const body = decodeBody(exchange.request.raw.toString(), type);
    const answer = await run(backend, body, exchange);
    if (exchange.signal.aborted) return;
    const wholeType = collect === collectProgress ? 'progress' : 'inference';
    await sendAnswer(exchange.response, answer, { stream: body.stream !== false, collect, wholeType });
  };

/** A request with an empty 200 as its response. */
const silent =
  <T extends RequestType>(type: T, run: (backend: Backend, body: BodyOf[T], call: Call) => void): Handler =>
  (exchange, backend) => {
    run(backend, decodeBody(exchange.request.raw.toString(), type), exchange);
    sendEmpty(exchange.response, 200);
  };

const root: Handler = ({ response }) => sendText(response, 200, 'Ollama is running', 'text/plain; charset=utf-8');
const version = json((backend, call) => backend.version(call));
const tags = json((backend, call) => backend.tags(call));

/** Native routes of the server. The paths of blobs, which contain a digest, are matched separately. */
const table: Record<string, Partial<Record<string, Handler>>> = {
  '/': { GET: root, HEAD: root },
  '/api/version': { GET: version, HEAD: version },
  '/api/status': { GET: json((backend, call) => backend.status(call)) },
  '/api/tags': { GET: tags, HEAD: tags },
  '/api/ps': { GET: json((backend, call) => backend.ps(call)) },
  '/api/generate': {
    POST: lines('GenerateRequest', collectGenerate, (backend, body, call) => backend.generate(body, call)),
  },
  '/api/chat': { POST: lines('ChatRequest', collectChat, (backend, body, call) => backend.chat(body, call)) },
  '/api/embed': { POST: whole('EmbedRequest', (backend, body, call) => backend.embed(body, call)) },
  '/api/embeddings': { POST: whole('EmbeddingRequest', (backend, body, call) => backend.embeddings(body, call)) },
  '/api/show': { POST: whole('ShowRequest', (backend, body, call) => backend.show(body, call)) },
  '/api/create': { POST: lines('CreateRequest', collectProgress, (backend, body, call) => backend.create(body, call)) },
  '/api/pull': { POST: lines('PullRequest', collectProgress, (backend, body, call) => backend.pull(body, call)) },
  '/api/push': { POST: lines('PushRequest', collectProgress, (backend, body, call) => backend.push(body, call)) },
  '/api/copy': { POST: silent('CopyRequest', (backend, body, call) => backend.copy(body, call)) },
  '/api/delete': { DELETE: silent('DeleteRequest', (backend, body, call) => backend.delete(body, call)) },
  '/api/me': { POST: json((backend, call) => backend.me(call)) },
  '/api/signout': { POST: json((backend, call) => backend.signOut(call)) },
  '/api/experimental/web_search': { POST: whole('WebRequest', (backend, body, call) => backend.webSearch(body, call)) },
  '/api/experimental/web_fetch': { POST: whole('WebRequest', (backend, body, call) => backend.webFetch(body, call)) },
  '/api/experimental/model-recommendations': { GET: json((backend, call) => backend.recommendations(call)) },
};

/** The handlers of a path by method, or undefined if the server has no such route. */
export function handlersOf(path: string): Partial<Record<string, Handler>> | undefined {
  if (path.startsWith('/api/blobs/')) return blobHandlers;
  return Object.hasOwn(table, path) ? table[path] : undefined;
}
