// Reads how many tests passed and failed from what each test program reports. All return `{ passed, failed, failures }`,
// where `failures` names the failed ones, a line each.

import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** From the output of `cargo test`: one "test result:" line for each test binary. */
export function countCargo(stdout) {
  const lines = [...stdout.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  return {
    passed: sum(lines.map((line) => Number(line[1]))),
    failed: sum(lines.map((line) => Number(line[2]))),
    failures: [...stdout.matchAll(/^test (.+) \.\.\. FAILED$/gm)].map((line) => line[1]),
  };
}

/** From Vitest's JSON report. A file that could not be loaded ran no test and counts as one failure. */
export function countVitest(json) {
  const report = JSON.parse(json);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    failures: [
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => named(name, test.fullName, test.failureMessages[0])),
      ),
      ...broken.map(({ name, message }) => named(name, 'not loaded', message)),
    ],
  };
}

/** From Playwright's JSON report. A test that passed only when repeated is a failure; so is an error outside of tests. */
export function countPlaywright(json) {
  const { stats, suites, errors } = JSON.parse(json);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    failures: [
      ...specsOf(suites)
        .filter(({ tests }) => tests.some(({ status }) => status === 'unexpected' || status === 'flaky'))
        .map(({ file, title, tests }) =>
          named(file, title, tests[0].results.find(({ error }) => error !== undefined)?.error.message),
        ),
      ...errors.map(({ message }) => firstLine(message)),
    ],
  };
}

function specsOf(suites) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsOf(suite.suites ?? [])]);
}

function named(file, title, message) {
  return `${relative(process.cwd(), file)}: ${title}: ${firstLine(message)}`;
}

function firstLine(message = 'no message') {
  return stripVTControlCharacters(message).split('\n', 1)[0];
}

/**
 * Judges one part: `counts` as read, `error` when the program itself failed. A failure that no test explains, and a part
 * that ran nothing, count as one failure, with the reason.
 */
export function judge(counts, error) {
  if (error !== null && counts.failed === 0) return { ...counts, failed: 1, reason: error.message };
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, reason: 'ran no test' };
  return { ...counts, reason: null };
}

/** The last line of `npm test`. */
export function summary(parts) {
  return `${sum(parts.map((part) => part.passed))} passed, ${sum(parts.map((part) => part.failed))} failed`;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
