import {
  type ErrorCode,
  OllamaAbortError,
  OllamaConnectionError,
  OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core';
import { ExecutionBaseError, type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { inNodeWords, timeoutNames } from './option-table.ts';

/** What to do about it where n8n has another place for it than a program has; other codes keep the core's hint. */
const hints: Partial<Record<ErrorCode, string>> = {
  not_found: 'Check Base URL in the credential and the version of the server: this route does not exist there.',
  refused:
    'Check that the server runs ("ollama serve") and that Base URL in the credential is where it listens. When n8n runs in Docker, 127.0.0.1 and localhost are the container itself: use http://host.docker.internal:11434. Outside Docker, try 127.0.0.1 in place of localhost.',
  dns: 'Check the host name of Base URL in the credential. In Docker on Linux, host.docker.internal needs --add-host=host.docker.internal:host-gateway.',
  unauthorized: 'Check Authentication in the credential, or sign in on the server with "ollama signin".',
  wrong_server: 'Something other than Ollama answers there. Check host, port and path of Base URL in the credential.',
  redirect: 'Set Base URL in the credential to the address the server redirects to.',
  tls: 'Check that Base URL in the credential has the name that the certificate is for. For a certificate of your own, switch Ignore SSL Issues on there.',
  bad_host: 'Set Base URL in the credential to an address like http://127.0.0.1:11434 or https://example.com/ollama.',
  context_exceeded: 'Shorten the prompt, or add the option Context Length.',
};

/** The error as a person reads it in n8n: what the server said, and below it what to do. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): ExecutionBaseError {
  // n8n's own, such as of an expression, say more to the editor than a wrapped one would.
  if (error instanceof ExecutionBaseError) return error;
  const item = itemIndex === undefined ? {} : { itemIndex };
  if (!(error instanceof OllamaError)) {
    return new NodeOperationError(node, error instanceof Error ? error : String(error), item);
  }
  const message = messageOf(error);
  const description = hintOf(error);
  const options = { ...item, message, ...(description !== undefined && { description }) };
  const failure = isOfServer(error)
    ? new NodeApiError(node, error as unknown as JsonObject, options)
    : new NodeOperationError(node, error, options);
  // n8n would take any other code of the error for the status.
  if (failure instanceof NodeApiError) failure.httpCode = error instanceof OllamaHttpError ? `${error.status}` : null;
  // n8n puts words of its own in place of a message that names a system code such as ECONNREFUSED.
  failure.message = message;
  return failure;
}

const isOfServer = (error: OllamaError) =>
  error instanceof OllamaHttpError ||
  error instanceof OllamaConnectionError ||
  error instanceof OllamaStreamError ||
  error instanceof OllamaTimeoutError;

/** The core names its own settings in the message of a timeout; here they are called differently. */
function messageOf(error: OllamaError): string {
  // n8n takes a run for stopped, not for failed, by this one word in its spelling.
  if (error instanceof OllamaAbortError) return 'The execution was canceled';
  if (!(error instanceof OllamaTimeoutError)) return error.message;
  return error.message.replace(/timeouts\.(\w+)/, (_, name: string) => timeoutNames[name] ?? 'the whole call');
}

function hintOf(error: OllamaError): string | undefined {
  if (error.code === 'model_not_found' && error.model !== undefined) {
    return `Choose a model from the list, or pull this one on the server: ollama pull ${error.model}`;
  }
  if (error instanceof OllamaTimeoutError) {
    return error.phase === 'firstByte'
      ? `A model that has to load is silent until its first token. Raise the option ${timeoutNames['firstByteMs']}, or load the model first.`
      : error.phase === 'idle'
        ? `The server is silent while it gathers a long tool call. Raise the option ${timeoutNames['idleMs']}, or look at the log of the server.`
        : 'Look at the log of the server: it did not answer in time.';
  }
  if (error.code === 'bad_modelfile' && error.message.includes('names a local file')) {
    return 'n8n reads no files: name an installed model in FROM, or make the model on the server with "ollama create".';
  }
  const hint = hints[error.code] ?? error.hint;
  return hint === undefined ? undefined : inNodeWords(hint);
}
