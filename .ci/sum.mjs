// Adds up the reports of the test runs: node sum.mjs <folder of JSON reports> <exit status of the commands>
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, status] = process.argv.slice(2);
const count = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
const failed = [];
for (const file of readdirSync(folder)) {
  for (const suite of JSON.parse(readFileSync(join(folder, file), 'utf8')).testResults) {
    // A file that cannot be loaded has no test to count, and yet has failed.
    if (suite.status === 'failed' && suite.assertionResults.length === 0) {
      count.failed += 1;
      failed.push(`${suite.name}\n${suite.message}`);
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') count.passed += 1;
      else if (test.status === 'failed') {
        count.failed += 1;
        failed.push(`${suite.name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
      } else {
        count.skipped += 1;
        skipped.push(test.fullName);
      }
    }
  }
}
// A check or a build that failed before any test counts as one.
if (status !== '0' && count.failed === 0) {
  count.failed = 1;
  failed.push(`No test failed, but a command ended with the status ${status}: see its output above.`);
}
for (const name of skipped) console.log(`skipped: ${name}`);
// Last, because a log that is cut keeps its end.
for (const story of failed) console.log(`failed: ${story.slice(0, 2000)}\n`);
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
process.exitCode = status === '0' && count.failed === 0 && count.passed > 0 ? 0 : 1;
