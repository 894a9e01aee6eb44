import type { Route } from './route.ts';
import { chatShape, generateShape } from './said-shape.ts';

/** The routes on which a model answers in words: each a value of its own, for programs that call one of them only. */
export const chatRoute = {
  method: 'POST',
  path: '/api/chat',
  answer: 'chunks',
  runs: true,
  shape: chatShape,
} as const satisfies Route;

export const generateRoute = {
  method: 'POST',
  path: '/api/generate',
  answer: 'chunks',
  runs: true,
  shape: generateShape,
} as const satisfies Route;
