/** A dataset of a container's that osctl mounts in it at every start. */
export interface DatasetMount {
  /** Below the container's own: `nix`; `/` is the container's own. */
  readonly dataset: string;
  /** Absolute in the container. */
  readonly mountpoint: string;
}

/** What an image says about the containers that are made of it, beside what they are. */
export interface ContainerSettings {
  readonly mounts?: readonly DatasetMount[];
  /**
   * osctl gives the container a new, empty root dataset at every start, with these ZFS properties; what is to stay
   * is in the mounts.
   */
  readonly impermanence?: {readonly properties: Readonly<Record<string, string>>};
}

/** The datasets that mounts need below the container's own, for an image's `metadata.yml`. */
export function datasetsOf({mounts = []}: ContainerSettings): string[] {
  return mounts.map(({dataset}) => dataset).filter((dataset) => dataset !== '/');
}

/** The settings as osctl's `container.yml` has them. */
export function containerConfig({mounts, impermanence}: ContainerSettings) {
  return {
    ...(mounts === undefined
      ? {}
      : {
          mounts: mounts.map(({dataset, mountpoint}) => ({
            fs: null,
            mountpoint,
            type: 'bind',
            opts: 'bind,create=dir,rw',
            automount: true,
            dataset,
            temporary: false,
          })),
        }),
    ...(impermanence === undefined ? {} : {impermanence: {zfs_properties: impermanence.properties}}),
  };
}
