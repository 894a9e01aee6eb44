/** Publishes in a separate process, because it waits for npm, and npm waits for the test's registry. */
import { publishMissing } from '../release/publish.ts';

const [folder = '', names = '', npm = ''] = process.argv.slice(2);
try {
  const result = publishMissing(folder, { names: JSON.parse(names), npm: JSON.parse(npm) });
  console.log(JSON.stringify(result));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
