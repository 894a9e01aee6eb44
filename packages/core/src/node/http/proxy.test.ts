import { describe, expect, test } from 'vitest';
import { proxyFromEnvironment } from './proxy.ts';

const proxy = 'http://proxy.example:3128';
const both = { HTTP_PROXY: proxy, HTTPS_PROXY: 'http://secure-proxy.example:3129' };

describe('the proxy from the environment', () => {
  test('depends on the scheme of the server', () => {
    expect(proxyFromEnvironment('http://ollama.example:11434', both)).toBe(proxy);
    expect(proxyFromEnvironment('https://ollama.example', both)).toBe(both.HTTPS_PROXY);
    expect(proxyFromEnvironment('https://ollama.example', { HTTP_PROXY: proxy })).toBeUndefined();
    expect(proxyFromEnvironment('http://ollama.example', {})).toBeUndefined();
  });

  test('is read in upper or lower case, with or without its scheme', () => {
    expect(proxyFromEnvironment('http://ollama.example', { http_proxy: proxy })).toBe(proxy);
    expect(proxyFromEnvironment('http://ollama.example', { HTTP_PROXY: ' ', http_proxy: proxy })).toBe(proxy);
    expect(proxyFromEnvironment('http://ollama.example', { HTTP_PROXY: 'proxy.example:3128' })).toBe(proxy);
  });

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('is never used for %s', (host) => {
    expect(proxyFromEnvironment(`http://${host}:11434`, both)).toBeUndefined();
  });

  test.each([
    ['*', 'http://ollama.example:11434'],
    ['ollama.example', 'http://ollama.example:11434'],
    ['OLLAMA.example', 'http://ollama.example'],
    ['example', 'http://ollama.example'],
    ['.example', 'http://ollama.example'],
    ['*.example', 'http://ollama.example'],
    ['other, ollama.example ,more', 'http://ollama.example'],
    ['other ollama.example', 'http://ollama.example'],
    ['ollama.example:11434', 'http://ollama.example:11434'],
    ['ollama.example:80', 'http://ollama.example'],
    ['10.1.2.3', 'http://10.1.2.3:11434'],
    ['10.0.0.0/8', 'http://10.1.2.3:11434'],
    ['fd00::/8', 'http://[fd12::1]:11434'],
    ['fd12::1', 'http://[fd12::1]:11434'],
    ['[fd12::1]:11434', 'http://[fd12::1]:11434'],
    ['FD12:0:0::0001', 'http://[fd12::1]:11434'],
    ['bücher.example', 'http://bücher.example'],
    ['BÜCHER.example', 'http://shop.bücher.example'],
    ['ollama.example.', 'http://ollama.example'],
    ['ollama.example', 'http://ollama.example.'],
  ])('is not used with NO_PROXY %s for %s', (NO_PROXY, url) => {
    expect(proxyFromEnvironment(url, { ...both, NO_PROXY })).toBeUndefined();
    expect(proxyFromEnvironment(url, { ...both, no_proxy: NO_PROXY })).toBeUndefined();
  });

  test.each([
    ['llama.example', 'http://ollama.example'],
    ['ollama.example.com', 'http://ollama.example'],
    ['ollama.example:80', 'http://ollama.example:11434'],
    ['10.0.0.0/8', 'http://11.1.2.3:11434'],
    ['10.0.0.0/99', 'http://10.1.2.3:11434'],
    ['10.0.0.0/8', 'http://ollama.example'],
    [',', 'http://ollama.example'],
    ['.', 'http://ollama.example.'],
    ['a b', 'http://ollama.example'],
    ['ollama.[example', 'http://ollama.example'],
  ])('is used with NO_PROXY %s for %s', (NO_PROXY, url) => {
    expect(proxyFromEnvironment(url, { ...both, NO_PROXY })).toBe(proxy);
  });
});
