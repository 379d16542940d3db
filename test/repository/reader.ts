import {createHash} from 'node:crypto';
import {mkdir, readFile, stat, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {get} from './get.ts';

/** An index of schema 1, as far as a reader looks. */
interface Index {
  readonly vendors: {readonly default: string; readonly [vendor: string]: string};
  readonly images: readonly {
    readonly vendor: string;
    readonly variant: string;
    readonly arch: string;
    readonly distribution: string;
    readonly version: string;
    readonly tags: readonly string[];
    readonly image: {readonly tar: string};
  }[];
}

export interface Download {
  /** 200 when it came over the network, 304 when the cached one was still right. */
  readonly status: number;
  readonly sha256: string;
}

/**
 * Reads a repository as nodes do: a cache that keeps each file's Last-Modified as its mtime and sends that as
 * If-Modified-Since, and names that are looked up among versions and tags, with the vendors' defaults.
 */
export class Reader {
  readonly #url: string;
  readonly #cache: string;

  constructor(url: string, cache: string) {
    this.#url = url;
    this.#cache = cache;
  }

  async index(): Promise<Download & {readonly index: Index}> {
    const download = await this.fetch('v1/INDEX.json');
    return {...download, index: JSON.parse(await readFile(join(this.#cache, 'v1/INDEX.json'), 'utf8'))};
  }

  /** The image of a distribution's version or tag, of the default vendor and variant. */
  async image(distribution: string, versionOrTag: string): Promise<Download> {
    const {index} = await this.index();
    const vendor = index.vendors.default;
    const variant = index.vendors[vendor];
    const found = index.images.find(
      (image) =>
        image.vendor === vendor &&
        image.variant === variant &&
        image.distribution === distribution &&
        (image.version === versionOrTag || image.tags.includes(versionOrTag)),
    );
    if (found === undefined) throw new Error(`the index has no ${distribution} ${versionOrTag}`);
    return await this.fetch(`v1/${found.image.tar}`);
  }

  async fetch(path: string): Promise<Download> {
    const cached = join(this.#cache, path);
    const known = await stat(cached).catch(() => undefined);
    const response = await get(
      new URL(path, this.#url),
      known === undefined ? {} : {'If-Modified-Since': known.mtime.toUTCString()},
    );
    if (response.status === 200) {
      const modified = new Date(response.headers['last-modified'] ?? Number.NaN);
      await mkdir(dirname(cached), {recursive: true});
      await writeFile(cached, response.body);
      await utimes(cached, modified, modified);
    } else if (response.status !== 304) {
      throw new Error(`${path}: ${response.status}`);
    }
    return {
      status: response.status,
      sha256: createHash('sha256')
        .update(await readFile(cached))
        .digest('hex'),
    };
  }
}
