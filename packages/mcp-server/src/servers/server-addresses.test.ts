import { expect, test } from 'vitest';
import { addressProblem, serverAddresses } from './server-addresses.ts';

const two = 'gpu=http://10.0.0.5:11434, Laptop = 10.0.0.7';

test.each([
  ['', [{ host: '' }]],
  ['10.0.0.5:11434', [{ host: '10.0.0.5:11434' }]],
  ['http://user:p,a=b@box', [{ host: 'http://user:p,a=b@box' }]],
  ['gpu=box', [{ name: 'gpu', host: 'box' }]],
  [
    two,
    [
      { name: 'gpu', host: 'http://10.0.0.5:11434' },
      { name: 'Laptop', host: '10.0.0.7' },
    ],
  ],
  ['a=http://u:p,w@one,b=unix:///run/o.sock', [{ name: 'a', host: 'http://u:p,w@one' }, { name: 'b' }]],
  [{ gpu: 'box', laptop: 'http://u:x,b=y@lap' }, [{ name: 'gpu' }, { name: 'laptop', host: 'http://u:x,b=y@lap' }]],
  [{}, [{ name: undefined, host: '' }]],
])('%j', (written, expected) => {
  expect(addressProblem(written)).toBeUndefined();
  expect(serverAddresses(written)).toMatchObject(expected);
});

test.each([
  ['gpu=ftp://box', 'gpu: The address of the Ollama server has a scheme other than'],
  ['gpu=box,GPU=lap', 'Two servers have the name gpu.'],
  ['library=box,gpu=lap', 'cannot have the name library'],
  ['gpu=http://box,http://lap', 'Each of several servers needs a name: gpu=http'],
  ['http://box,http://lap', 'Each of several servers needs a name'],
  [{ 'my box': 'x' }, 'my box cannot be the name of a server'],
  [{ 'hf.co': 'x', gpu: 'y' }, 'hf.co cannot be the name'],
])('%j is refused', (written, words) => {
  expect(addressProblem(written)).toContain(words);
});

const keysOf = (hosts: Parameters<typeof serverAddresses>[0], keys: Parameters<typeof serverAddresses>[1]) =>
  serverAddresses(hosts, keys).map(({ apiKey }) => apiKey);

test.each([
  ['one server gets the key, whichever it is', 'box', 'k', ['k']],
  ['also if it has a name', 'gpu=box', 'k', ['k']],
  [
    'with several servers, a key without a name goes only to the cloud',
    'gpu=box,cloud=https://ollama.com',
    'k',
    ['', 'k'],
  ],
  ['and to none without the cloud', two, 'k', ['', '']],
  [
    'a host that only looks like the cloud gets none',
    'a=https://ollama.com.evil.net,b=http://ollama.com',
    'k',
    ['', ''],
  ],
  ['each gets its own', two, 'laptop=one,gpu=two=', ['two=', 'one']],
  ['or none', 'gpu=box,cloud=https://ollama.com', 'gpu=one', ['one', '']],
  ['a key may look as if it has a name', 'box', 'abc=', ['abc=']],
  ['by name', { gpu: 'box', laptop: 'lap' }, { laptop: 'one' }, ['', 'one']],
])('%s', (_, hosts, keys, expected) => {
  expect(keysOf(hosts, keys)).toEqual(expected);
});

test('a key for an unknown server is an error, and is not shown', () => {
  expect(() => keysOf(two, 'gpu=one,cluod=sesame')).toThrow(/^There is a key for cluod, which .*: gpu, Laptop\.$/);
  expect(() => keysOf('box', { gpu: 'sesame' })).toThrow('There is a key for gpu');
});
