# Boots a machine on the disk that `prepare.sh` has made: the process becomes its
# systemd. It runs as the first process of new namespaces of processes, mounts,
# host name, IPC and network, with the host's `/proc` still in place.
#
#   boot.sh FOLDER CONSOLE CAPABILITIES
#
# FOLDER is that of `prepare.sh`; the machine sees its `shared` as `/shared`.
# CONSOLE is a terminal of the host, which becomes `/dev/console`. CAPABILITIES
# are those that the machine does without.
set -euo pipefail
folder=$1
console=$2
capabilities=$3

read -r host_pid _ </proc/self/stat
echo 0 >"$folder/disk/group/cgroup.procs"

cd "$folder/disk/root"
mount -t proc -o nosuid,nodev,noexec proc proc
# The settings of the kernel are the host's too, and so are its devices.
for setting in proc/sys proc/sysrq-trigger; do
    if [ -e "$setting" ]; then
        mount --bind "$setting" "$setting"
        mount -o remount,bind,ro "$setting"
    fi
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
# Seen from a namespace of its own, the machine's group is the root of all.
unshare --cgroup mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup

mount -t tmpfs -o mode=0755,nosuid tmpfs dev
cp -a /dev/{null,zero,full,random,urandom,tty} dev
mkdir dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
: >dev/console
mount --bind "$console" dev/console
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs run
mkdir -m 1777 run/lock
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
# The kernel has booted once only.
cat proc/sys/kernel/random/uuid >run/boot_id
mount --bind run/boot_id proc/sys/kernel/random/boot_id
rm run/boot_id
mkdir -p shared
mount --bind "$folder/shared" shared

# The old root comes to lie on the new one, and goes.
pivot_root . .
umount --lazy .

echo "$host_pid"
exec env -i container=throwaway-machine \
    unshare --cgroup \
    setpriv --bounding-set "$capabilities" \
    /usr/lib/systemd/systemd --system --unit=multi-user.target \
    </dev/null >/dev/null
