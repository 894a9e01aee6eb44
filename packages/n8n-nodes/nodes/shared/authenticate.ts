import { type ICredentialDataDecryptedObject, type IHttpRequestOptions, UserError } from 'n8n-workflow';
import { isObject, parsedJson } from './json.ts';

/** Has no code: n8n shows the code of an error, if it has one, instead of its message. */
export class UnusableCredential extends UserError {}

/**
 * Adds the values of our credential to a request.
 *
 * @throws UnusableCredential
 */
export function authenticated(
  credentials: ICredentialDataDecryptedObject,
  request: IHttpRequestOptions,
): IHttpRequestOptions {
  const headers = new Map(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value as unknown]),
  );
  for (const [name, value] of headersOf(credentials)) {
    // A name and password in the address override a key, but not a header that was set by name.
    if (credentials['authentication'] === 'headers' || !headers.has(name)) headers.set(name, value);
  }
  const certificate = String(credentials['ca'] ?? '').trim();
  return {
    ...request,
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(certificate !== '' && { agentOptions: { ...request.agentOptions, ca: withLineBreaks(certificate) } }),
    ...(credentials['ignoreTls'] === true && { skipSslCertificateValidation: true }),
  };
}

function headersOf(credentials: ICredentialDataDecryptedObject): [name: string, value: string][] {
  const text = (name: string) => String(credentials[name] ?? '');
  switch (credentials['authentication']) {
    case 'bearer': {
      // Pasted with the words around it, as in examples of requests.
      const key = text('apiKey')
        .trim()
        .replace(/^(authorization\s*:\s*)?bearer(\s+|$)/i, '');
      return key === '' ? [] : [sendable('authorization', `Bearer ${key}`, 'The API key')];
    }
    case 'basic': {
      const pair = Buffer.from(`${text('user')}:${text('password')}`).toString('base64');
      return pair === 'Og==' ? [] : [['authorization', `Basic ${pair}`]];
    }
    case 'headers':
      return customHeaders(credentials['headers']);
    default:
      return [];
  }
}

function customHeaders(value: unknown): [name: string, value: string][] {
  if (typeof value === 'string' && value.trim() === '') return [];
  const headers = parsedJson(value);
  if (!isObject(headers)) {
    throw new UnusableCredential('Headers of the credential must be a JSON object', {
      description: 'Use the form { "X-Api-Key": "…" }.',
    });
  }
  return Object.entries(headers)
    .filter(([name, header]) => name !== '' && header !== '' && header !== null)
    .map(([name, header]) => {
      if (typeof header === 'object') {
        throw new UnusableCredential(`The header ${name} of the credential is not a string`, {
          description: 'Use the form { "X-Api-Key": "…" }.',
        });
      }
      return sendable(name.trim().toLowerCase(), String(header).trim(), `The header ${name}`);
    });
}

/** Node would reject an invalid one only when it sends it, with a message that does not say which. */
function sendable(name: string, value: string, what: string): [name: string, value: string] {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
    // Not shown: it may be a key in the wrong place.
    throw new UnusableCredential("The credential's Headers has an invalid header name", {
      description: 'Names consist of letters, digits and hyphens, as in X-Api-Key.',
    });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for control characters
  if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
    throw new UnusableCredential(`${what} of the credential has a character that cannot be sent`, {
      description: 'Check it for line breaks, quotation marks and unusual letters, and paste it again.',
    });
  }
  return [name, value];
}

/** A single-line field turns the line breaks of a pasted certificate into spaces. */
const withLineBreaks = (certificate: string): string =>
  certificate.replace(/(-----BEGIN [A-Z ]+-----)([^-]*)(-----END [A-Z ]+-----)/g, (_, begin, body: string, end) =>
    [begin, ...body.trim().split(/\s+/), end].join('\n'),
  );
