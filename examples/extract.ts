// Turns a letter into data: the answer must match a zod schema, and `parsed` has its type.
//
//   node extract.ts invoice.txt
import { readFile } from 'node:fs/promises';
import { createOllama, OllamaError } from '@ollama-toolbelt/core/node';
import * as z from 'zod';

const Invoice = z.object({
  number: z.string(),
  due: z.iso.date().describe('YYYY-MM-DD'),
  currency: z.enum(['EUR', 'USD', 'GBP']),
  lines: z.array(z.object({ item: z.string(), quantity: z.int(), price: z.number().describe('for one, in currency') })),
});

const [file = 'invoice.txt'] = process.argv.slice(2);
try {
  const { parsed } = await createOllama().chat({
    model: process.env['OLLAMA_MODEL'] ?? 'llama3.2',
    messages: [{ role: 'user', content: `Extract this invoice as JSON.\n\n${await readFile(file, 'utf8')}` }],
    format: Invoice,
    options: { temperature: 0 },
  });
  const total = parsed.lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  console.log(`${parsed.number}: ${total.toFixed(2)} ${parsed.currency}, due ${parsed.due}`);
} catch (error) {
  // The model wrote a value that the schema does not allow, such as a due date of "soon".
  if (!(error instanceof OllamaError && error.code === 'bad_output')) throw error;
  console.error([error.message, error.hint].join('\n'));
  process.exitCode = 1;
}
