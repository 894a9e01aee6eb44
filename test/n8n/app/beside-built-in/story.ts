import type { ScriptedServer } from '@ollama-toolbelt/ollama-server';
import type { WorkflowNode } from '../workflow.ts';

export type Node = Omit<WorkflowNode, 'position'>;
export type Parameters = WorkflowNode['parameters'];

/** What the workflow of a story is built around. */
export type Kind = 'app' | 'webhook' | 'agent' | 'store';

export interface Sent {
  path: string;
  body: Record<string, unknown>;
  receivedAt: number;
  closedAt: number | undefined;
}

/** What came of one run of a workflow. */
export interface Outcome {
  sent: Sent[];
  items: Record<string, unknown>[];
  /** Items of the error branch. */
  failed: Record<string, unknown>[];
  error: string | undefined;
  hints: string[];
  /** What a webhook that streams has passed on. */
  pieces: string[];
}

/** A workflow that people build, with n8n's own nodes and with ours. */
export interface Story {
  title: string;
  /** What is right, for a reader. */
  wanted: string;
  kind: Kind;
  /** Parameters of n8n's own node, set as near to the wish as it can be. */
  theirs: Parameters;
  ours: Parameters;
  /** Code that gives the items; one empty item by default. */
  items?: string;
  subNodes?: Record<string, Node[]>;
  onError?: 'continueErrorOutput';
  credential?: { ours: Parameters; theirs: Parameters };
  server?: (server: ScriptedServer) => void;
  isRight: (outcome: Outcome) => boolean;
}
