import { expect, test, vi } from 'vitest';
import type { FakeProvider } from '../../support/fake-sandbox-provider.ts';
import { createFleetBench, type FleetBench } from '../../support/fleet-bench.ts';

const never = new AbortController().signal;

function creations({ calls }: FakeProvider): string[] {
  return calls.filter((call) => call.startsWith('create'));
}

async function benchWithTemplate(): Promise<FleetBench> {
  const bench = createFleetBench();
  await bench.templates.build(bench.provider, never);
  return bench;
}

test('sandboxes for agents start from the base until there is a template, and then carry the runner', async () => {
  const bench = createFleetBench();
  const [before = ''] = bench.fleet.reserve(1, bench.fleet.runnerTemplate());
  await bench.fleet.open(before);
  const built = await bench.templates.build(bench.provider, never);
  const [after = ''] = bench.fleet.reserve(1, bench.fleet.runnerTemplate());
  await bench.fleet.open(after);
  expect(built).toMatchObject({ templateId: 't1', existed: false, cpuCount: 2, memoryMb: 512 });
  expect(built.name).toMatch(/^desk-runner-[0-9a-f]{12}$/);
  expect(creations(bench.provider)).toEqual(['create', 'create t1']);
  expect([before, after].map(bench.fleet.carriesRunner)).toEqual([false, true]);
});

test('a template is built once for a runner and a size, by callers side by side as well', async () => {
  const bench = createFleetBench();
  await Promise.all([1, 2].map(() => bench.templates.build(bench.provider, never)));
  expect(await bench.templates.build(bench.provider, never)).toMatchObject({
    templateId: 't1',
    existed: true,
  });
  expect(bench.provider.calls.filter((call) => call.startsWith('build'))).toHaveLength(1);
  bench.settings.sandboxes.memoryMb = 1_024;
  expect(bench.fleet.runnerTemplate()).toBe('base');
  expect(await bench.templates.build(bench.provider, never)).toMatchObject({
    templateId: 't2',
    existed: false,
  });
  expect(bench.fleet.runnerTemplate()).toBe('t2');
});

test('the record outlives the host, and another runner starts from the base again', async () => {
  const bench = await benchWithTemplate();
  const same = bench.restart();
  expect(same.fleet.runnerTemplate()).toBe('t1');
  const other = bench.restart({ runner: 'runner 2' });
  expect(other.fleet.runnerTemplate()).toBe('base');
  expect((await other.templates.list(other.provider)).templates).toMatchObject([{ carriesRunner: false }]);
});

test('a template that the provider lost is said once, and its sandboxes start from the base', async () => {
  const bench = await benchWithTemplate();
  bench.provider.built.length = 0;
  const slotIds = bench.fleet.reserve(2, bench.fleet.runnerTemplate());
  await Promise.all(slotIds.map((slotId) => bench.fleet.open(slotId)));
  expect(creations(bench.provider)).toEqual(['create t1', 'create t1', 'create', 'create']);
  expect(slotIds.map((slotId) => bench.store.state().sandboxes[slotId])).toMatchObject([
    { template: 'base', phase: 'ready' },
    { template: 'base', phase: 'ready' },
  ]);
  expect(slotIds.map(bench.fleet.carriesRunner)).toEqual([false, false]);
  expect(bench.events.filter(({ kind }) => kind === 'TemplateLost')).toHaveLength(1);
  expect(bench.store.state().notices).toMatchObject([
    { title: 'The template with the runner is gone', detail: expect.stringContaining('no template "t1"') },
  ]);
  await bench.templates.build(bench.provider, never);
  expect(bench.fleet.runnerTemplate()).toBe('t1');
});

test('a template that somebody else named is not replaced by the base', async () => {
  const bench = createFleetBench();
  const [slotId = ''] = bench.fleet.reserve(1, 'nope');
  await expect(bench.fleet.open(slotId)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
  expect(creations(bench.provider)).toEqual(['create nope']);
  expect(bench.store.state().sandboxes[slotId]?.phase).toBe('lost');
});

test('a build that takes longer than its limit is given up with the limit in the message', async () => {
  const bench = createFleetBench();
  const limit = new AbortController();
  vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(limit.signal);
  bench.provider.onBuild = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      limit.abort();
    });
  await expect(bench.templates.build(bench.provider, never)).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringContaining('within 5 minutes'),
  });
  expect(bench.fleet.runnerTemplate()).toBe('base');
});
