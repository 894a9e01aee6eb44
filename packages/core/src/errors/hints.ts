import { hostnameOf, isLoopback } from '../loopback.ts';
import type { ErrorCode, ErrorPhase } from './ollama-error.ts';

/** What a hint depends on. */
interface Place {
  url: string;
  path: string;
  model: string | undefined;
}

const runsModel = (path: string) => /^\/(api\/(chat|generate|embed)|(api|v1)\/embeddings)$/.test(path);

const timeoutHints: Partial<Record<ErrorPhase, string>> = {
  firstByte: 'Nothing arrives while a model loads: raise timeouts.firstByteMs, or load the model first.',
  idle: 'The server sends nothing while it thinks without streaming or collects a long tool call: raise timeouts.idleMs, or check its log.',
  total: 'Raise timeouts.totalMs, or limit the answer with options.num_predict.',
};

/** What a person can do about a failure: one or two sentences, or undefined if there is nothing to say. */
export function hintFor(code: ErrorCode, facts: Place, phase?: ErrorPhase): string | undefined {
  switch (code) {
    case 'model_not_found':
      return `Pull it first: ollama pull ${facts.model ?? '<model>'}. Installed models: ollama list.`;
    case 'not_found':
      return "Check the server's address and version: this route does not exist there.";
    case 'refused':
      return isLoopback(hostnameOf(facts.url))
        ? 'Start the server with "ollama serve", or set OLLAMA_HOST to where it runs. Inside Docker, 127.0.0.1 is the container itself: use http://host.docker.internal:11434. If the address says localhost, try 127.0.0.1.'
        : 'Check that the server is running there and listens on that address (OLLAMA_HOST=0.0.0.0 on the server), and that no firewall is in between.';
    case 'connection_failed':
      return 'See "cause" for the platform\'s error. Check the address, its port (fetch blocks some, such as 1 and 6000), and that the server is running.';
    case 'dns':
      return 'Check the host name in OLLAMA_HOST. Inside Docker on Linux, host.docker.internal needs --add-host=host.docker.internal:host-gateway.';
    case 'tls':
      return 'Check the certificate. Ollama itself speaks plain http; https needs a proxy in front of it with a certificate that this machine trusts.';
    case 'reset':
      return 'The server closed the connection. It may have crashed or restarted: check its log, then try again.';
    case 'unauthorized':
      return 'Set OLLAMA_API_KEY to a key of this server, or sign in on the server with "ollama signin".';
    case 'forbidden':
      return 'Ollama refuses requests with a foreign Host or Origin header: set OLLAMA_ORIGINS or OLLAMA_HOST on the server, or use its own address.';
    case 'quota_exceeded':
      return 'The usage limit of the account is reached: wait until it resets, upgrade, or use a local model.';
    case 'rate_limited':
      return 'Wait a moment, then try again with fewer calls at once.';
    case 'server_busy':
      return 'Too many requests are waiting: try again shortly, with fewer calls at once.';
    case 'wrong_server':
      return 'Something other than Ollama responds at this address. Check the host, port and path in OLLAMA_HOST.';
    case 'redirect':
      return 'Set OLLAMA_HOST to the address that the server redirects to.';
    case 'context_exceeded':
      return 'Shorten the prompt, or raise options.num_ctx.';
    case 'truncated':
      return "The answer was cut off. Try again. If it happens again, check the server's log and the timeouts of any proxy in between.";
    case 'bad_line':
      return 'Something between this program and the server may have changed the response: check proxies, or connect without them.';
    case 'line_too_long':
      return 'If you expect responses this large, raise maxLineBytes.';
    case 'stream_error':
    case 'server_error':
      return runsModel(facts.path)
        ? "Check the server's log, and that of any proxy in front of it. A model that does not fit into memory also fails like this."
        : "Check the server's log, and that of any proxy in front of it.";
    case 'unsupported':
      return "Check what the model can do (capabilities in show) and the server's version.";
    case 'timeout':
      return phase && timeoutHints[phase];
    default:
      return undefined;
  }
}
