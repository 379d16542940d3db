import type {NetworkBackend} from '../recipe/osctl.ts';

/** A backend that osctld takes only where another, which it prefers, cannot be used: that must be so in the tree. */
export function behind(preferred: NetworkBackend, backend: NetworkBackend): NetworkBackend {
  return {
    ...backend,
    async problems(rootfs) {
      const [own, others] = await Promise.all([backend.problems(rootfs), preferred.problems(rootfs)]);
      const taken = `${preferred.name} is usable, and osctld would take it instead of ${backend.name}`;
      return others.length === 0 ? [taken, ...own] : own;
    },
  };
}
