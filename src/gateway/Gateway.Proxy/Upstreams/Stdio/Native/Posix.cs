using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Proxy.Upstreams.Stdio.Native;

/// <summary>
/// The few POSIX calls that the framework lacks: process groups, and pipes that support asynchronous reads.
/// </summary>
internal static unsafe partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    private const int WNoHang = 1;
    private const int WExited = 4;
    private const int PPid = 1;
    private const int SignalInfoBytes = 256;

    /// <summary>True where process groups, <c>posix_spawn</c> and socket pairs work as this code expects.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    private static int WNoWait => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    /// <summary>
    /// Returns true if a child has ended; it stays a zombie, so that its process id is not reused yet.
    /// </summary>
    public static bool HasExited(int process)
    {
        // The first word is the signal's number; it stays zero while the child runs.
        var info = stackalloc int[SignalInfoBytes / sizeof(int)];
        new Span<int>(info, SignalInfoBytes / sizeof(int)).Clear();
        return WaitId(PPid, process, info, WExited | WNoHang | WNoWait) != 0 || info[0] != 0;
    }

    /// <summary>Removes an ended child from the process table.</summary>
    /// <returns>Its exit code, or 128 and the number of the signal that ended it.</returns>
    public static int Reap(int process)
    {
        var status = 0;
        if (WaitPid(process, &status, 0) != process)
            return -1;
        var signal = status & 0x7F;
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
    }

    /// <summary>
    /// Removes the rest of an ended group from the process table: if the gateway is process 1, orphaned descendants
    /// become its children.
    /// </summary>
    public static void ReapGroup(int group)
    {
        var status = 0;
        while (WaitPid(-group, &status, WNoHang) > 0)
        {
        }
    }

    /// <summary>Sends a signal to a whole group; returns false if the group is empty.</summary>
    public static bool SignalGroup(int group, int signal) => Kill(-group, signal) == 0;

    /// <summary>Creates a pair of connected sockets that no other child inherits.</summary>
    public static (int Ours, int Theirs) SocketPair()
    {
        const int unix = 1;
        const int stream = 1;
        const int closeOnExec = 0x80000;
        var pair = stackalloc int[2];
        var type = OperatingSystem.IsLinux() ? stream | closeOnExec : stream;
        if (SocketPair(unix, type, 0, pair) != 0)
            throw new IOException($"no pipe for a child process (errno {Marshal.GetLastPInvokeError()})");
        return (pair[0], pair[1]);
    }

    /// <summary>
    /// Marks the open descriptors of this process from one on as close-on-exec, so that no program inherits them.
    /// </summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static void CloseOnExec(int least)
    {
        const int setFlags = 2;
        const int closeOnExec = 1;
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // A descriptor that was closed after being listed causes a harmless error.
            if (int.Parse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture) is var open && open >= least)
                _ = Control(open, setFlags, closeOnExec);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int process, void* info, int options);
}
