import {
  type ErrorCode,
  isLoopback,
  type Notice,
  OllamaAbortError,
  type OllamaError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core/neutral';
import { options } from './option-table.ts';

/** The editor's name for an option, without its unit, by its name in Ollama's API. */
export const labelOf = (option: string) => options[option]?.property.displayName.replace(/ \(.*/, '');

/** What happened, in n8n's words. For the other codes the server's message is best. */
export function messageOf(error: OllamaError): string {
  // n8n treats a run as stopped instead of failed because of this one word in its spelling.
  if (error instanceof OllamaAbortError) return 'The execution was canceled';
  if (error instanceof OllamaTimeoutError) return timeoutMessage(error);
  if (error.code !== 'bad_output') return error.message;
  if (error.reason === 'too_many_rounds') return `${error.model} still calls tools after ${error.rounds} rounds.`;
  if (error.reason === 'not_schema') return error.message;
  return `The answer of ${error.model} is not valid JSON (${error.characters} characters).`;
}

const silences: Readonly<Record<NonNullable<OllamaError['limit']>, string>> = {
  connect: 'No connection was made',
  firstByte: 'No answer began',
  idle: 'Ollama sent no data',
  total: 'The answer was not complete',
};

function timeoutMessage({ limit = 'total', limitMs, route, url }: OllamaTimeoutError): string {
  const details = [labelOf(`${limit}Ms`), `${route} at ${url}`].filter(Boolean).join('; ');
  return `${silences[limit]} ${limit === 'idle' ? 'for' : 'within'} ${limitMs} ms (${details}).`;
}

const lookAtLog = "Check the server's log";
const checkAddress = 'at this address. Check the host, port and path of Base URL in the credential.';
const embedsOnly = 'This model can only embed: use it with Embedding > Embed, or pick a chat model from the list.';

/** What to do, for codes that have a different remedy in n8n than in a program. */
const hints: Partial<Record<ErrorCode, string>> = {
  not_found: "Check Base URL in the credential and the server's version: this route does not exist there.",
  dns: 'Check the host name in Base URL of the credential. In Docker on Linux, host.docker.internal needs --add-host=host.docker.internal:host-gateway.',
  unauthorized: 'Check Authentication in the credential, or sign in on the server with "ollama signin".',
  wrong_server: `Something other than Ollama responds ${checkAddress}`,
  bad_line: `Something other than Ollama, or a proxy that changes its responses, is ${checkAddress}`,
  redirect: 'Set Base URL in the credential to the address the server redirects to.',
  tls: "Check that Base URL in the credential has the host name of the certificate. If your own certificate authority signed it, paste the authority's certificate into CA Certificate of the credential, or switch on Ignore SSL Issues.",
  bad_host: 'Set Base URL in the credential to an address like http://127.0.0.1:11434 or https://example.com/ollama.',
  context_exceeded: `Shorten the prompt, or add the option ${labelOf('num_ctx')}.`,
  unsupported:
    'Check what the model can do with the operation Model > Get, pick another model from the list, or update the server.',
};

/** What to do about an error, as the editor shows it below the message. */
export function hintOf(error: OllamaError): string | undefined {
  switch (error.code) {
    case 'refused':
      return refusedHint(error.url);
    case 'model_not_found':
      return missingModelHint(error);
    case 'unsupported':
      // Stryker disable next-line StringLiteral: no capability has such a name
      return lacks[error.capability ?? ''] ?? hints.unsupported;
    case 'server_error':
    case 'stream_error':
      return serverHint(error);
    case 'timeout':
      return timeoutHint(error);
    case 'bad_modelfile':
      return error.path === undefined
        ? error.hint
        : 'n8n cannot read files: name an installed model in FROM, or create the model on the server with "ollama create".';
    case 'bad_output':
      return error.reason === 'too_many_rounds'
        ? `Raise the option ${labelOf('max_rounds')}, or check the results of the tools: a model keeps calling tools until it gets what it needs.`
        : badOutputHint(error);
    case 'bad_request':
      return error.header === undefined ? error.hint : headerHint;
    default:
      return hints[error.code] ?? error.hint;
  }
}

const lineOf = ({ line }: { line?: number }) => (line === undefined ? '' : ` (line ${line})`);

function refusedHint(url = ''): string {
  const host = /^\w+:\/\/(\[[^\]]*\]|[^/:]*)/.exec(url)?.[1] ?? '';
  const serves =
    'Check that the server is running ("ollama serve") and that Base URL in the credential is its address.';
  if (!isLoopback(host)) {
    return `${serves} It must listen on that address (OLLAMA_HOST=0.0.0.0 on the server), and no firewall may be in between.`;
  }
  return `${serves} If n8n runs in Docker, ${host} is the container itself: use http://host.docker.internal:11434.${
    host === 'localhost' ? ' Otherwise, try 127.0.0.1 instead of localhost.' : ''
  }`;
}

/** What to do about a missing capability of a model, by Ollama's word for it. The list of models shows those words. */
const lacks: Readonly<Record<string, string>> = {
  chat: embedsOnly,
  generate: embedsOnly,
  embeddings: 'This model cannot embed: pick an embedding model from the list, such as nomic-embed-text.',
  thinking: `Remove the option ${labelOf('think')}, or pick a model with "thinking" next to its name from the list.`,
  tools: 'Disconnect the tools, or pick a model with "tools" next to its name from the list.',
  vision: 'Leave out the images, or pick a model with "vision" next to its name from the list.',
  insert: `Remove the option ${labelOf('suffix')}, or pick a model that fills gaps, such as qwen2.5-coder.`,
};

/** Suggests pulling the model only for calls that need it installed. */
function missingModelHint({ model, route = '', nearestModels = [] }: OllamaError): string | undefined {
  if (model === undefined) return undefined;
  const near = nearestModels.length === 0 ? '' : `Did you mean ${nearestModels.join(' or ')}? `;
  if (/ \/api\/(pull|create)$/.test(route)) return `${near}Check the name and the tag at ollama.com/library.`;
  const isAboutInstalled = / \/api\/(delete|copy|push|show)$/.test(route);
  return `${near}Choose a model from the list${isAboutInstalled ? ' of those that are installed.' : `, or pull this one with the operation Model > Pull (ollama pull ${model}).`}`;
}

function serverHint({ reason, hint }: OllamaError): string | undefined {
  if (reason === 'out_of_memory' || reason === 'crashed') {
    return `The model does not fit into the server's memory, or has crashed: pick a smaller model, or lower the option ${labelOf('num_ctx')}. See the server's log for details.`;
  }
  return reason === 'plain_http' ? `Add the option ${labelOf('insecure')} if you trust the registry.` : hint;
}

const headerHint = 'Check the key, the password and the headers of the credential for line breaks and unusual letters.';

function timeoutHint({ limit }: OllamaError): string {
  switch (limit) {
    case 'firstByte':
      return `Nothing arrives while a model loads. Raise the option ${labelOf('firstByteMs')}, or load the model first.`;
    case 'idle':
      return `The server sends nothing while it collects a long tool call. Raise the option ${labelOf('idleMs')}, or check the server's log.`;
    default:
      return `The server did not respond in time. ${lookAtLog}.`;
  }
}

const SHOWN_CHARACTERS = 200;

/** For an answer that is not what was requested. */
function badOutputHint({ partial }: OllamaError): string {
  const text = answerTextIn(partial) ?? '';
  const start = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  const isCut = (partial as { done_reason?: string } | undefined)?.done_reason === 'length';
  const advice = isCut
    ? `It reached its maximum length: raise the option ${labelOf('num_predict')} or ${labelOf('num_ctx')}.`
    : `Describe the JSON in the prompt, try a simpler schema or another model, or raise the option ${labelOf('ask_again')}.`;
  return `${advice} It was: ${start || '(nothing)'}`;
}

/** The text that had arrived of an answer to chat or generate. */
export function answerTextIn(partial: unknown): string | undefined {
  const { message, response } = (partial ?? {}) as { message?: { content?: string }; response?: string };
  return message?.content ?? response;
}

/** What the server did not report, in n8n's words. */
export function noticeText(notice: Notice): string {
  switch (notice.code) {
    case 'tool_not_offered':
      return `The answer is empty, although the model wrote ${notice.tokens} tokens. It probably called a tool that is not connected, and the server drops such calls.`;
    case 'prompt_cut':
      return `The server truncated the prompt: of ${notice.characters} characters the model read ${notice.tokens} tokens. Raise ${labelOf('num_ctx')}, or switch the option ${labelOf('truncate')} off to get an error instead.`;
    case 'stopped_at_length':
      return `The answer reached its maximum length and may be incomplete: raise ${labelOf('num_predict')} or ${labelOf('num_ctx')}.`;
    case 'option_ignored':
      return notice.isRequestField
        ? `The server ignores ${notice.option} among the model options: put it into ${labelOf('more_fields')}.`
        : `The server ignores the model option ${notice.option}: it does not know it, or no longer does.`;
    case 'model_reloaded':
      return `The model was reloaded (${notice.loadMs} ms), since ${labelOf('num_ctx')} changed from ${notice.previousNumCtx ?? 'unset'} to ${notice.numCtx ?? 'unset'}: keep it the same in all calls.`;
    case 'history_trimmed':
      return `The conversation has outgrown its context: the oldest ${notice.messages} messages were left out.`;
    case 'parameter_ignored':
      return `Ollama no longer has the parameter ${notice.option} of the Modelfile${lineOf(notice)}: take it out.`;
    case 'field_ignored':
      return `The server ignores the field ${notice.field}: did you mean ${notice.meant}?`;
    case 'characters_dropped':
      return `${notice.command} of the Modelfile${lineOf(notice)} has ${notice.characters} invisible characters, which Ollama drops.`;
    default:
      return notice satisfies never;
  }
}
