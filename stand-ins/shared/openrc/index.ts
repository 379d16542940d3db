/**
 * Services of OpenRC's own, for `/etc/init.d`, as Gentoo's stage3 and Alpine's package have them. Debian's package
 * `openrc` has the real `agetty`, `cgroups` and `savecache` only, so these are stand-ins: what each needs, uses, provides
 * and comes before or after is as in OpenRC 0.60, and so are the keywords by which it is left out of containers; what it
 * does is real only as far as a container sees of it.
 */
export const openrcServices = new URL('files/', import.meta.url);
