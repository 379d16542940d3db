import type {VpsAdminColumns} from '../image/manifest.ts';
import type {ReleaseRecipe} from '../recipe/distribution.ts';
import type {OsctlSupport} from '../recipe/osctl.ts';
import type {Release} from '../recipe/release.ts';
import {dayOf} from '../recipe/serial.ts';
import type {TemplateSettings} from '../recipe/settings.ts';
import {supportOf} from '../recipe/support.ts';
import type {Template} from '../recipe/template.ts';

/** The width of vpsAdmin's `label`. */
const labelWidth = 64;

/** vpsAdmin's columns for a template, from its recipe and what the configuration says. */
export function vpsAdminColumns(
  distribution: Pick<ReleaseRecipe, 'title' | 'family'> & {readonly osctl: Pick<OsctlSupport, 'hooks'>},
  release: Release,
  template: Template,
  serial: string,
  settings: TemplateSettings = {},
): VpsAdminColumns {
  const codename = release.codename === release.version ? '' : ` (${release.codename})`;
  const variant = template.variant === 'minimal' ? '' : ` ${template.variant}`;
  const ended = supportOf(release, dayOf(serial))?.state === 'ended';
  return {
    label: (settings.label ?? `${distribution.title} ${release.version}${codename}${variant}`).slice(
      0,
      labelWidth,
    ),
    info: settings.info ?? supportLine(release, ended),
    enabled: settings.enabled ?? true,
    supported: settings.supported ?? !ended,
    order: settings.order ?? 0,
    family: distribution.family,
    cgroup_version: release.cgroups,
    enable_script: true,
    enable_cloud_init: false,
    manage_hostname: true,
    // a hook is told the hostname, and nothing of resolvers
    manage_dns_resolver: distribution.osctl.hooks === undefined,
    config: {datasets: [], mounts: [], features: settings.features ?? []},
  };
}

function supportLine({endOfLife}: Release, ended: boolean): string {
  if (endOfLife === undefined) return '';
  return ended ? `Support ended on ${endOfLife}.` : `Supported until ${endOfLife}.`;
}
