// What the control plane says of a sandbox.
import type { Lease } from '../lease.ts';
import type { UsageSample } from '../metrics/usage-meter.ts';
import { policyInForce } from '../network-policy.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxSize } from '../../../contract/local-services.ts';

/** The protocol level of the file and process services, which clients gate their features on. */
export const envdVersion = '0.6.13';

const mebibyte = 1024 * 1024;

/** What a client needs to reach a sandbox; programs' ports are host names in the domain. */
export function handleOf(sandbox: Sandbox, domain: string) {
  return { ...namesOf(sandbox), envdVersion, envdAccessToken: sandbox.accessToken, domain };
}

/** One line of the list. */
export function listingOf(lease: Lease) {
  const { sandbox } = lease;
  return {
    ...namesOf(sandbox),
    startedAt: new Date(sandbox.startedAt).toISOString(),
    endAt: new Date(lease.endAt()).toISOString(),
    state: lease.state(),
    cpuCount: sandbox.size.cpuCount,
    memoryMB: sandbox.size.memoryMb,
    diskSizeMB: sandbox.size.diskMb,
    envdVersion,
    metadata: sandbox.metadata,
  };
}

/** Everything. */
export function detailsOf(lease: Lease, domain: string) {
  const { onTimeout, autoResume } = lease.lifecycle;
  return {
    ...listingOf(lease),
    envdAccessToken: lease.sandbox.accessToken,
    domain,
    // What holds, whatever was asked for.
    allowInternetAccess: lease.sandbox.reachesNetwork(),
    network: policyInForce(lease.sandbox.reachesNetwork()),
    lifecycle: { onTimeout, autoResume },
  };
}

/** What it used at one time, in bytes and percent of its processors. */
export function metricOf(sample: UsageSample, size: SandboxSize) {
  return {
    timestamp: new Date(sample.atMs).toISOString(),
    timestampUnix: Math.floor(sample.atMs / 1_000),
    cpuCount: size.cpuCount,
    cpuUsedPct: sample.cpuUsedPct,
    memUsed: sample.memoryBytes,
    memTotal: size.memoryMb * mebibyte,
    memCache: sample.cacheBytes,
    diskUsed: sample.diskBytes,
    diskTotal: size.diskMb * mebibyte,
  };
}

function namesOf(sandbox: Sandbox) {
  return {
    sandboxID: sandbox.id,
    templateID: sandbox.templateId,
    alias: sandbox.templateId,
    clientID: 'local',
  };
}
