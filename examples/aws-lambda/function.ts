import { createHandler } from '@ollama-toolbelt/mcp-server/handler';

/** The event of a function URL. */
interface FunctionUrlEvent {
  rawPath: string;
  rawQueryString: string;
  headers: Record<string, string>;
  body?: string;
  isBase64Encoded: boolean;
  requestContext: { domainName: string; http: { method: string } };
}

/** The streaming API of Lambda's Node runtime. */
declare const awslambda: {
  streamifyResponse(
    handler: (event: FunctionUrlEvent, stream: NodeJS.WritableStream) => Promise<void>,
  ): (event: FunctionUrlEvent, stream: NodeJS.WritableStream) => Promise<void>;
  HttpResponseStream: {
    from(
      stream: NodeJS.WritableStream,
      head: { statusCode: number; headers: Record<string, string> },
    ): NodeJS.WritableStream;
  };
};

const { MCP_TOKEN = '', MCP_ALLOW = '', OLLAMA_HOST, OLLAMA_API_KEY } = process.env;
const { OAUTH_ISSUER: issuer, OAUTH_AUDIENCE: audience } = process.env;

// Throws without MCP_TOKEN and without OAuth: the address of a function is public.
const handle = createHandler({
  token: MCP_TOKEN,
  oauth: issuer && audience ? { issuer, audience } : undefined,
  allow: MCP_ALLOW.split(',').filter(Boolean),
  host: OLLAMA_HOST,
  apiKey: OLLAMA_API_KEY,
});

export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const response = await handle(toRequest(event));
  const head = { statusCode: response.status, headers: Object.fromEntries(response.headers) };
  const out = awslambda.HttpResponseStream.from(stream, head);
  // The headers are sent with the first write, so a response without a body needs one too.
  out.write('');
  for await (const chunk of response.body ?? []) {
    if (!out.write(chunk)) await new Promise((resolve) => out.once('drain', resolve));
  }
  out.end();
});

function toRequest({ rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext }: FunctionUrlEvent) {
  const { domainName, http } = requestContext;
  const url = `https://${domainName}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`;
  const content = body === undefined ? null : isBase64Encoded ? Buffer.from(body, 'base64') : body;
  return new Request(url, { method: http.method, headers, body: content });
}
