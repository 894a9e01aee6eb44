import { expect, test } from 'vitest';
import { looksLikeMarkup, pageTitle, xmlMessage } from './web-page.ts';

test.each([
  ['by its type', { 'content-type': 'text/html; charset=utf-8' }, 'hello', true],
  ['by the type of XML', { 'content-type': 'application/xml' }, '', true],
  ['by its first characters', {}, '\n  <!DOCTYPE html>', true],
  ['text that only ends like markup', {}, 'a < b >', false],
  ['JSON', { 'content-type': 'application/json' }, '{"a":"<"}', false],
])('markup: %s', (_, headers, text, is) => {
  expect(looksLikeMarkup({ headers: headers as Record<string, string>, text })).toBe(is);
});

test.each([
  ['<html><head><TITLE lang="en">Bad\n  Gateway</TITLE>', 'Bad Gateway'],
  ['<title>One</title><title>Two</title>', 'One'],
  ['<title></title>', undefined],
  ['<title', undefined],
  ['<p>title</p>', undefined],
  [`<title>${'x'.repeat(300)}</title>`, 'x'.repeat(200)],
])('the title of %s', (text, title) => {
  expect(pageTitle(text)).toBe(title);
});

test.each([
  ['<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>', 'No such key'],
  ['\n <Error><Message>No such key</Message></Error>', 'No such key'],
  ['<html><Message>Hello</Message></html>', undefined],
  ['see <Error><Message>Hello</Message>', undefined],
])('the message of %s', (text, message) => {
  expect(xmlMessage(text)).toBe(message);
});
