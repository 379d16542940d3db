import type {Release} from '../../recipe/release.ts';

/** A release of Alpine's as its mirrors have it. */
export interface ApkRelease extends Release {
  /** The folder of a mirror: `v3.22`, `edge`. */
  readonly branch: string;
}
