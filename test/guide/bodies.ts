import { readFileSync } from 'node:fs';
import type {
  ChatRequest,
  CreateRequest,
  DeleteRequest,
  EmbeddingsRequest,
  GenerateRequest,
  ModelOptions,
  PullRequest,
  ShowRequest,
} from '@ollama-toolbelt/core/neutral';

/** The requests of the guide that this project started from, by its headings, as they stand there. */
export interface GuideBodies {
  'Basic Generation': GenerateRequest;
  'Streaming Generation': GenerateRequest;
  'With Options': GenerateRequest;
  /** The `options` alone, without the comments. */
  'Available Options': ModelOptions;
  'Conversational Context': ChatRequest;
  'System Message': ChatRequest;
  'Streaming Chat': ChatRequest;
  'Show Model Info': ShowRequest;
  'Create Model': CreateRequest;
  'Pull Model': PullRequest;
  'Delete Model': DeleteRequest;
  'Embeddings API': EmbeddingsRequest;
}

/** JSON, so they are what curl would send. */
export const bodies = JSON.parse(readFileSync(new URL('bodies.json', import.meta.url), 'utf8')) as GuideBodies;
