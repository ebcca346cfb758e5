# Makes the disk of a throw-away machine, and keeps it until its standard input
# ends. It runs in a mount namespace of its own: what it mounts, nobody else
# sees, and it is gone with the namespace.
#
#   prepare.sh FOLDER HOST-NAME [ARCHIVE]
#
# FOLDER is an empty folder, which is removed in the end. ARCHIVE is a folder of
# Debian packages, the only one that apt knows there. In FOLDER there will be `shared`,
# which the host sees too, and `disk`, which it does not: `disk/root` is the
# machine's root, and `disk/group` a link to its control group.
set -euo pipefail
folder=$1
host_name=$2
archive=${3-}
group=groups/throwaway-machine-$$

end() {
    if [ -d "$folder/disk/$group" ]; then
        echo 1 >"$folder/disk/$group/cgroup.kill"
        # A group can be removed once its processes are gone: in a moment.
        for _ in {1..1000}; do
            find "$folder/disk/$group" -depth -type d -delete 2>/dev/null && break
            sleep 0.01
        done
    fi
    cd /
    if mountpoint --quiet "$folder/disk"; then
        umount --lazy "$folder/disk"
    fi
    rm -r --one-file-system "$folder"
}
trap end EXIT

mkdir "$folder/shared" "$folder/disk"
mount -t tmpfs -o mode=0755 throwaway-machine "$folder/disk"
cd "$folder/disk"
mkdir root upper work groups
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work throwaway-machine root

# What the host starts, mounts or is called is not the machine's business.
cd root/etc
rm -rf systemd/system/*.wants systemd/system/*.requires rc?.d/S*
ln -sfT /dev/null systemd/system/console-getty.service
# In a container it keeps services from being started.
rm -f ../usr/sbin/policy-rc.d
: >fstab
: >machine-id
rm -f ../var/lib/dbus/machine-id
# Where this folder is, the journal outlives a reboot.
mkdir -p ../var/log/journal
printf '%s\n' "$host_name" >hostname
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$host_name" >hosts
if [ -n "$archive" ]; then
    cp -r "$archive" ../throwaway-archive
    rm -rf apt/sources.list apt/sources.list.d/*
    echo 'deb [trusted=yes] file:/throwaway-archive ./' >apt/sources.list
fi
cd "$folder/disk"

# A group beside all others: two machines, or a machine and its host, would
# otherwise end each other's processes.
mount -t cgroup2 cgroup2 groups
mkdir "$group"
ln -s "$group" group

echo ready
# This comes to an end with the process that holds the other end, however it dies.
read -r _ || true
