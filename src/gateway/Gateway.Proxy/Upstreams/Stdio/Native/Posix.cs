using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Proxy.Upstreams.Stdio.Native;

/// <summary>
/// The few calls of POSIX that the framework does not offer: process groups, and pipes that a reader awaits.
/// </summary>
internal static unsafe partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    private const int WNoHang = 1;
    private const int WExited = 4;
    private const int PPid = 1;
    private const int SignalInfoBytes = 256;

    /// <summary>Where process groups, <c>posix_spawn</c> and socket pairs are as this code expects them.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    private static int WNoWait => OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    /// <summary>Whether a child has ended; it stays a zombie, so that its id belongs to nobody else yet.</summary>
    public static bool HasExited(int process)
    {
        // The first word is the signal's number; it stays zero while nothing has happened.
        var info = stackalloc int[SignalInfoBytes / sizeof(int)];
        new Span<int>(info, SignalInfoBytes / sizeof(int)).Clear();
        return WaitId(PPid, process, info, WExited | WNoHang | WNoWait) != 0 || info[0] != 0;
    }

    /// <summary>Takes an ended child off the process table.</summary>
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
    /// Takes what is left of an ended group off the process table: where the gateway is process 1, the children of its
    /// children become its own.
    /// </summary>
    public static void ReapGroup(int group)
    {
        var status = 0;
        while (WaitPid(-group, &status, WNoHang) > 0)
        {
        }
    }

    /// <summary>Sends a signal to a whole group; false when nobody is in it any more.</summary>
    public static bool SignalGroup(int group, int signal) => Kill(-group, signal) == 0;

    /// <summary>A pair of connected sockets, which no other child inherits.</summary>
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

    /// <summary>Marks the open descriptors of this process from one on, so that no program inherits them.</summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static void CloseOnExec(int least)
    {
        const int setFlags = 2;
        const int closeOnExec = 1;
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // One that was closed since it was listed is an error that does not matter.
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
