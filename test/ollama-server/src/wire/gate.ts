import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';

const allowedHeaders =
  'Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout';

/** Whether the Host header may reach a server that is bound to loopback. */
export function isHostAllowed(header: string | undefined): boolean {
  const host = (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  if (host === '' || host === 'localhost' || host === hostname().toLowerCase()) return true;
  if (/\.(localhost|local|internal)$/.test(host)) return true;
  return (
    /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$)/.test(host) || /^(::1?|f[cd][0-9a-f:]+)$/.test(host)
  );
}

const isOriginAllowed = (origin: string) =>
  /^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/.test(origin) ||
  /^(app|file|tauri|vscode-webview|vscode-file):\/\//.test(origin);

/** The CORS headers of a response, or undefined if the origin is rejected. */
export function corsHeaders(request: IncomingMessage): Record<string, string> | undefined {
  const origin = request.headers.origin;
  if (origin === undefined) return {};
  const { host } = request.headers;
  if (origin === `http://${host}` || origin === `https://${host}`) return {};
  if (!isOriginAllowed(origin)) return undefined;
  if (request.method !== 'OPTIONS') return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
  return {
    'Access-Control-Allow-Headers': allowedHeaders,
    'Access-Control-Allow-Methods': 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Max-Age': '43200',
    Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  };
}
