/** What the configuration says about one template; what it leaves out has a default. */
export interface TemplateSettings {
  /** Instead of the recipe's. */
  readonly tags?: readonly string[] | undefined;
  /** Whether members may choose it, vpsAdmin's `enabled`. */
  readonly enabled?: boolean | undefined;
  /** Whether support is given for it, vpsAdmin's `supported`. */
  readonly supported?: boolean | undefined;
  /** At most 64 characters. */
  readonly label?: string | undefined;
  readonly info?: string | undefined;
  /** Its place in vpsAdmin's list, lowest first. */
  readonly order?: number | undefined;
  /** Features of a container that are on from the start. */
  readonly features?: readonly string[] | undefined;
}
