import { describe, expect, test } from 'vitest';
import { countCargo, countPlaywright, countVitest, judge, summary } from '../../scripts/test-counts.mjs';

describe('counting', () => {
  test('adds up every binary of cargo test, and no line that only looks like a result', () => {
    const stdout = [
      'running 2 tests',
      'test ledger::tests::balances ... ok',
      'test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s',
      'note: the last test result: ok. 99 passed; 0 failed; was before',
      'test ledger::tests::refuses ... FAILED',
      'test ledger::tests::posts ... FAILED',
      'test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s',
      'test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    ].join('\n');
    expect(countCargo(stdout)).toEqual({
      passed: 15,
      failed: 2,
      failures: ['ledger::tests::refuses', 'ledger::tests::posts'],
    });
  });

  test('counts a vitest file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 1,
      testResults: [
        { status: 'passed', assertionResults: [{}, {}, {}, {}] },
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            {
              status: 'failed',
              fullName: 'adds',
              failureMessages: ['Error: \u001b[31m3 is not 4\u001b[39m\nat a.ts'],
            },
            { status: 'passed', fullName: 'subtracts', failureMessages: [] },
          ],
        },
        { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      ],
    };
    expect(countVitest(JSON.stringify(report))).toEqual({
      passed: 4,
      failed: 2,
      failures: ['a.test.ts: adds: Error: 3 is not 4', 'b.test.ts: not loaded: no such module'],
    });
  });

  test('counts a flaky Playwright test and an error outside of tests as failures', () => {
    const spec = (title: string, status: string, message?: string) => ({
      file: 'kill.e2e.ts',
      title,
      tests: [{ status, results: [message === undefined ? {} : { error: { message } }, {}] }],
    });
    const report = {
      stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 },
      suites: [
        { specs: [spec('stops', 'expected')], suites: [{ specs: [spec('keeps', 'flaky', 'timed out')] }] },
        { specs: [spec('latches', 'unexpected', 'still open\n at b.ts')] },
      ],
      errors: [{ message: 'no display' }],
    };
    expect(countPlaywright(JSON.stringify(report))).toEqual({
      passed: 5,
      failed: 3,
      failures: ['kill.e2e.ts: keeps: timed out', 'kill.e2e.ts: latches: still open', 'no display'],
    });
  });
});

describe('judging', () => {
  test('leaves a part alone whose program agrees with its counts', () => {
    expect(judge({ passed: 3, failed: 0 }, null)).toEqual({ passed: 3, failed: 0, reason: null });
    expect(judge({ passed: 3, failed: 2 }, new Error('exit code 1'))).toEqual({
      passed: 3,
      failed: 2,
      reason: null,
    });
  });

  test('fails a part whose program failed without a failing test', () => {
    const judged = judge({ passed: 3, failed: 0 }, new Error('cargo ended with exit code 101.'));
    expect(judged).toEqual({ passed: 3, failed: 1, reason: 'cargo ended with exit code 101.' });
  });

  test('fails a part that ran nothing', () => {
    expect(judge({ passed: 0, failed: 0 }, null)).toEqual({ passed: 0, failed: 1, reason: 'ran no test' });
  });

  test('sums up in one line', () => {
    expect(summary([judge({ passed: 2, failed: 0 }, null), judge({ passed: 1, failed: 3 }, null)])).toBe(
      '3 passed, 3 failed',
    );
  });
});
