import { describe, expect, test } from 'vitest';
import { cacheDir, resolveElectronRuntime } from '../../scripts/electron-runtime.mjs';

const cached = '/home/op/.cache/neural-trader/electron-33.2.1';

interface Machine {
  readonly env?: Record<string, string>;
  readonly platform?: string;
  readonly arch?: string;
  /** Directories that hold a whole Electron of this version. */
  readonly electrons?: Record<string, string>;
  readonly packageInstalled?: boolean;
  readonly hostAnswers?: boolean;
  readonly installSucceeds?: boolean;
}

/** Resolves on a machine made of plain values; `steps` records what was tried, in order. */
async function resolveOn(machine: Machine): Promise<{ runtime: unknown; steps: string[] }> {
  const steps: string[] = [];
  let installed = machine.packageInstalled ?? false;
  const versionIn = (path: string): string | undefined => {
    if (path.includes('/node_modules/electron/')) return installed ? 'v45.4.1\n' : undefined;
    return machine.electrons?.[path.replace(/\/version$/, '')];
  };
  const runtime = await resolveElectronRuntime({
    env: { HOME: '/home/op', ...machine.env },
    platform: machine.platform ?? 'linux',
    arch: machine.arch ?? 'x64',
    exists: (path: string) => versionIn(path) !== undefined,
    readText: (path: string) => versionIn(path) ?? '',
    async probe() {
      steps.push('probe');
      return machine.hostAnswers ?? false;
    },
    async install() {
      steps.push('install');
      if (machine.installSucceeds === false) throw new Error('fetch failed');
      installed = true;
    },
    async installFallback(dist: string) {
      steps.push(`fallback ${dist}`);
    },
  });
  return { runtime, steps };
}

describe('the Electron that runs', () => {
  test('is the one that the environment names, before any other', async () => {
    const { runtime, steps } = await resolveOn({
      env: { ELECTRON_OVERRIDE_DIST_PATH: '/opt/electron' },
      electrons: { '/opt/electron': '44.0.0', [cached]: '33.2.1' },
      packageInstalled: true,
    });
    expect(runtime).toEqual({ dist: '/opt/electron', version: '44.0.0', source: 'override' });
    expect(steps).toEqual([]);
  });

  test('is never silently another one when the named one is missing', async () => {
    const resolving = resolveOn({
      env: { ELECTRON_OVERRIDE_DIST_PATH: '/opt/none' },
      packageInstalled: true,
    });
    await expect(resolving).rejects.toThrow(/ELECTRON_OVERRIDE_DIST_PATH is \/opt\/none/);
  });

  test("is the package's own when that is installed, without a look at the network", async () => {
    const { runtime, steps } = await resolveOn({ packageInstalled: true, electrons: { [cached]: '33.2.1' } });
    expect(runtime).toMatchObject({ version: '45.4.1', source: 'package' });
    expect(steps).toEqual([]);
  });

  test('is fetched by the package when its host answers', async () => {
    const { runtime, steps } = await resolveOn({ hostAnswers: true });
    expect(runtime).toMatchObject({ version: '45.4.1', source: 'package' });
    expect(steps).toEqual(['probe', 'install']);
  });

  test('is the fallback when the host does not answer', async () => {
    const { runtime, steps } = await resolveOn({ hostAnswers: false });
    expect(runtime).toEqual({ dist: cached, version: '33.2.1', source: 'fallback' });
    expect(steps).toEqual(['probe', `fallback ${cached}`]);
  });

  test('is the fallback when the host answers and the fetch still fails', async () => {
    const { runtime, steps } = await resolveOn({ hostAnswers: true, installSucceeds: false });
    expect(runtime).toMatchObject({ source: 'fallback' });
    expect(steps).toEqual(['probe', 'install', `fallback ${cached}`]);
  });

  test('is the cached fallback without another attempt', async () => {
    const { runtime, steps } = await resolveOn({ electrons: { [cached]: '33.2.1' } });
    expect(runtime).toEqual({ dist: cached, version: '33.2.1', source: 'fallback' });
    expect(steps).toEqual([]);
  });

  test.each([
    ['darwin', 'arm64'],
    ['linux', 'arm64'],
  ])('has no fallback on %s %s: a fetch that fails is told', async (platform, arch) => {
    const resolving = resolveOn({ platform, arch, installSucceeds: false });
    await expect(resolving).rejects.toThrow(/npx install-electron/);
  });
});

test('keeps the fallback where the environment puts caches', () => {
  expect(cacheDir({ HOME: '/home/op', XDG_CACHE_HOME: '/var/cache/op' })).toBe('/var/cache/op/neural-trader');
  expect(cacheDir({ HOME: '/home/op' })).toBe('/home/op/.cache/neural-trader');
});
