import {
  OllamaConnectionError,
  OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core/neutral';
import { ExecutionBaseError, type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { hintOf, messageOf } from './wording.ts';

/** The error as a person sees it in n8n: the server's message, and below it what to do. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): ExecutionBaseError {
  // n8n's own errors, such as of an expression, tell the editor more than a wrapped one would.
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
  // n8n would treat any other error code as the status.
  if (failure instanceof NodeApiError) failure.httpCode = error instanceof OllamaHttpError ? `${error.status}` : null;
  // n8n replaces a message that contains a system code such as ECONNREFUSED with its own text.
  failure.message = message;
  return failure;
}

const isOfServer = (error: OllamaError) =>
  error instanceof OllamaHttpError ||
  error instanceof OllamaConnectionError ||
  error instanceof OllamaStreamError ||
  error instanceof OllamaTimeoutError;
