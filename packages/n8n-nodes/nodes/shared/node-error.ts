import {
  OllamaConnectionError,
  OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core/neutral';
import { ExecutionBaseError, type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { hintOf, messageOf } from './wording.ts';

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
