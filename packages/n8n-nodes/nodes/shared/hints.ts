import type { ISupplyDataFunctions } from 'n8n-workflow';

/** Shows a sub-node's notices with the output, each text once. Older n8n cannot. */
export function hintsOf(context: ISupplyDataFunctions): (notice: { message: string }) => void {
  const shown = new Set<string>();
  return ({ message }) => {
    if (shown.has(message)) return;
    shown.add(message);
    context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
  };
}
