import { expect, test } from 'vitest';
import { challenge } from './challenge.ts';

test('a 401 says in its header and body what to send', async () => {
  const response = challenge(
    401,
    'An "access" token \\ is ü needed.',
    { error: 'invalid_token', scope: ['ollama:read', 'ollama:run'], resource_metadata: 'http://x/y' },
    { id: 7 },
  );
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer error="invalid_token", scope="ollama:read ollama:run", resource_metadata="http://x/y", error_description="An access token  is  needed."',
  );
  expect(await response.json()).toMatchObject({ id: 7, error: { message: 'An "access" token \\ is ü needed.' } });
});

test('missing values are left out', () => {
  const header = (more: object) => challenge(403, 'No.', more).headers.get('www-authenticate');
  expect(header({})).toBe('Bearer error_description="No."');
  expect(header({ scope: [], resource_metadata: '' })).toBe('Bearer error_description="No."');
});
