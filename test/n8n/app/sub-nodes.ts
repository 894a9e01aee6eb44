import type { WorkflowFile } from './workflow.ts';

/** Adds sub-nodes to a workflow, connected to each of its nodes of these names. */
export function withSubNodes(
  file: WorkflowFile,
  parents: string | string[],
  subNodes: Record<string, object[]>,
): WorkflowFile {
  const entries = Object.entries(subNodes).flatMap(([type, nodes]) => nodes.map((node) => ({ type, node })));
  return {
    ...file,
    nodes: [...file.nodes, ...entries.map(({ node }, index) => ({ ...node, position: [index * 200, 300] }) as never)],
    connections: {
      ...file.connections,
      ...Object.fromEntries(
        entries.map(({ type, node }) => [
          (node as { name: string }).name,
          { [type]: [[parents].flat().map((parent) => ({ node: parent, type, index: 0 }))] },
        ]),
      ),
    },
  };
}
