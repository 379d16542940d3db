/** A build container's definition: the Debian packages a recipe needs, on top of another builder. */
export interface Builder {
  /** As in the cache: `apt`. */
  readonly name: string;
  /** The builder below; its root filesystem is shared. None means made from nothing by mmdebstrap. */
  readonly base?: Builder;
  /** Debian packages to add, without their recommendations. */
  readonly packages: readonly string[];
  /** Debian suite; only the lowest builder has one. */
  readonly suite?: string;
  /** Days after which it is made anew, so that its tools have their security fixes; the configuration's unless given. */
  readonly maximumAge?: number;
}

export function defineBuilder(builder: Builder): Builder {
  return builder;
}
