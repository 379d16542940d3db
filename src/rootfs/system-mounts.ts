/**
 * Mounts in the working folder what programs in a tree expect of the kernel, as a line of sh(1). It belongs into a mount
 * namespace of its own (`unshare --mount`), with which the mounts end; `dev`, `proc` and `sys` exist.
 */
export const systemMounts = 'mount --rbind /dev dev && mount -t proc proc proc && mount --rbind /sys sys';
