import { type Bytes, mebibytes } from '#kernel/units'

/**
 * What a judge's container is allowed: a runner as PID 1 and whom it starts. No network, no file of the host, a read-only root, no capability but
 * those the runner needs to become the program's user and to end it, and gives up for all whom it starts.
 */
export type ContainerWishes = {
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  /** Compilers write in /build by their group. */
  readonly buildUid: number
  readonly memory: Bytes
  /** Undefined: the engine's default. */
  readonly runtime: string | undefined
  /** What it can be joined with another box by. Undefined: by nothing. */
  readonly joint?: Joint | undefined
}

/**
 * A tiny file system that two containers share, which only their runners may enter: FIFOs are made in it, and their names removed at once (runner/joint.c). One
 * container has it made, a volume without a name, and the other takes its volumes from there; the engine removes it with the second of them.
 */
export type Joint = { readonly kind: 'own' } | { readonly kind: 'of'; readonly container: string }
export const jointFolder = '/joint'
const jointVolume = (labels: ContainerWishes['labels']) => ({
  Type: 'volume',
  Target: jointFolder,
  VolumeOptions: {
    NoCopy: true,
    Labels: labels,
    DriverConfig: {
      Name: 'local',
      Options: { type: 'tmpfs', device: 'tmpfs', o: 'size=64k,nr_inodes=16,mode=0700,uid=0,gid=0,nosuid,nodev,noexec' },
    },
  },
})
const hostConfigOf = ({ joint, labels }: Pick<ContainerWishes, 'joint' | 'labels'>): object =>
  joint === undefined ? {} : joint.kind === 'own' ? { Mounts: [jointVolume(labels)] } : { VolumesFrom: [joint.container] }

const buildBytes = mebibytes(256)
const testBytes = mebibytes(64)
const temporaryBytes = mebibytes(64)
const folderInodes = 4096

/**
 * What lies in memory beside a run's own: compiled files, and an input. It may be there, it is not reserved. The runner judges a run's memory by the
 * run's own limit; the engine's limit is the belt that keeps a container from eating the machine between two looks.
 */
export const besideRuns: Bytes = (buildBytes + mebibytes(256)) as Bytes

/** The most for all uses: compilers and the JVM's threads with the programs'. Each run has its own, smaller limit, counted by its uid. */
const processes = 1024
/** Two cores' worth for the runner and its run; a run is bound to one core besides. */
const cpuPeriodUs = 100_000
const cpuQuotaUs = 2 * cpuPeriodUs

/** What tells of the machine, or lets programs leave something that is no file. An empty read-only folder (or file) lies over each. */
const masked = [
  ...[
    '/proc/acpi',
    '/proc/asound',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/scsi',
    '/proc/sched_debug',
    '/proc/timer_list',
    '/proc/timer_stats',
  ],
  ...['block', 'bus', 'class', 'dev', 'devices', 'firmware', 'hypervisor', 'kernel', 'module', 'power'].map((name) => `/sys/${name}`),
  ...['/dev/mqueue', '/etc/hostname', '/etc/hosts', '/etc/resolv.conf'],
]

export function containerConfig({ image, labels, buildUid, memory, runtime, joint }: ContainerWishes): object {
  const tmpfs = (size: Bytes, more: string) => `rw,exec,nosuid,nodev,size=${size},nr_inodes=${folderInodes},${more}`
  return {
    Image: image,
    Labels: labels,
    Hostname: 'box',
    User: '0:0',
    Env: ['PATH=/usr/bin:/bin'],
    WorkingDir: '/',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true, // when the worker is gone its end of the pipe closes: the runner reads that and ends, and so does the container
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      IpcMode: 'private',
      CgroupnsMode: 'private',
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: ['SETUID', 'SETGID', 'SETPCAP', 'KILL'],
      SecurityOpt: ['no-new-privileges'],
      Init: false,
      AutoRemove: false, // removed by us, so that how it ended can be asked
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'none' },
      Memory: memory,
      MemorySwap: memory, // with memory: no swap
      PidsLimit: processes,
      CpuPeriod: cpuPeriodUs,
      CpuQuota: cpuQuotaUs,
      ShmSize: temporaryBytes,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 1024, Hard: 4096 },
        { Name: 'memlock', Soft: 65_536, Hard: 65_536 },
        { Name: 'stack', Soft: 8_388_608, Hard: -1 },
      ],
      Tmpfs: {
        '/build': tmpfs(buildBytes, `mode=1775,uid=0,gid=${buildUid}`),
        '/box': tmpfs(testBytes, 'mode=1777'),
        '/tmp': tmpfs(temporaryBytes, 'mode=1777'),
        '/dev/shm': tmpfs(temporaryBytes, 'mode=1777'),
      },
      MaskedPaths: masked,
      ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
      ...(runtime === undefined ? {} : { Runtime: runtime }),
      ...hostConfigOf({ joint, labels }),
    },
  }
}
