import { chatShape, generateShape } from './content-shape.ts';
import type { Route } from './route.ts';

/** The routes on which a model answers in text. Each is its own export, for programs that call only one of them. */
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
