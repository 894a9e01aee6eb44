import { OllamaError } from '../../errors/errors.ts';

/**
 * Names what an old platform lacks when the client is created, instead of a ReferenceError in the middle of a call.
 *
 * @throws OllamaError `unsupported`
 */
export function checkPlatform(hasFetch: boolean): void {
  const missing = [
    ...(hasFetch || typeof fetch === 'function' ? [] : ['fetch']),
    ...(typeof AbortController === 'function' ? [] : ['AbortController']),
    ...(typeof URL === 'function' ? [] : ['URL']),
    ...(typeof TextEncoder === 'function' ? [] : ['TextEncoder']),
    ...(canDecode() ? [] : ['TextDecoder with { fatal: true }']),
  ];
  if (missing.length === 0) return;
  throw new OllamaError(`This platform lacks what the client needs: ${missing.join(', ')}.`, {
    code: 'unsupported',
    hint: 'Load a polyfill before the client is made (React Native: react-native-url-polyfill, fast-text-encoding), or use a newer version of the platform. fetch can be an option too: createOllama({ fetch }).',
  });
}

function canDecode(): boolean {
  try {
    return new TextDecoder('utf-8', { fatal: true }).fatal;
  } catch {
    return false;
  }
}
