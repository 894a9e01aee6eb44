import type { ScriptedServer } from '@ollama-toolbelt/ollama-server';
import type { WorkflowNode } from '../workflow.ts';

export type Node = Omit<WorkflowNode, 'position'>;
export type Parameters = WorkflowNode['parameters'];

/** The root node of a story's workflow. */
export type Kind = 'app' | 'webhook' | 'agent' | 'store';

export interface Sent {
  path: string;
  body: Record<string, unknown>;
  receivedAt: number;
  closedAt: number | undefined;
}

/** The result of one run of a workflow. */
export interface Outcome {
  sent: Sent[];
  items: Record<string, unknown>[];
  /** Items of the error branch. */
  failed: Record<string, unknown>[];
  error: string | undefined;
  hints: string[];
  /** What a streaming webhook has passed on. */
  pieces: string[];
}

/** A workflow that people build, with n8n's own nodes and with ours. */
export interface Story {
  title: string;
  /** The correct result, for a reader. */
  wanted: string;
  kind: Kind;
  /** Parameters of n8n's own node, as close to the goal as possible. */
  theirs: Parameters;
  ours: Parameters;
  /** Code that returns the items; one empty item by default. */
  items?: string;
  subNodes?: Record<string, Node[]>;
  onError?: 'continueErrorOutput';
  credential?: { ours: Parameters; theirs: Parameters };
  server?: (server: ScriptedServer) => void;
  isRight: (outcome: Outcome) => boolean;
}
