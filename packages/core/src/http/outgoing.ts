import { readInput } from '../errors/unexpected.ts';
import { requestBody } from '../wire/request-body.ts';
import type { Route } from '../wire/route.ts';
import { checkRequest } from './check-request.ts';
import type { Outgoing } from './exchange.ts';

/** A request with its body. */
export function outgoing(route: Route, request: object | undefined): Outgoing {
  // A GET has no body.
  if (request === undefined && route.method === 'GET') return { route };
  return readInput('The request', () => {
    checkRequest(request);
    return { route, model: modelOf(request), body: requestBody(route, request) };
  });
}

/** The model that a request is about; copy calls it the source. */
export function modelOf(request: { model?: unknown; name?: unknown; source?: unknown }): string | undefined {
  const model = request.model ?? request.name ?? request.source;
  return typeof model === 'string' ? model : undefined;
}
