using System.Runtime.InteropServices;

namespace Gateway.Hosting.Options;

/// <summary>
/// Checks of standard output that the framework lacks. It discards what is written to a pipe without a reader, so that
/// a verb would neither end early nor notice that a secret was lost. If a shell closed the descriptor (<c>>&amp;-</c>),
/// the runtime has opened a file of its own under that number, and only a write would fail.
/// </summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;
    private const int GetFlags = 3;
    private const int AccessModes = 3;
    private const short Error = 8;
    private const short HungUp = 16;

    /// <summary>Returns false if standard output was closed: the descriptor is missing, or for reading only.</summary>
    public static bool IsOpen() =>
        OperatingSystem.IsWindows()
        || (Control(Descriptor, GetFlags) is not -1 and var flags && (flags & AccessModes) != 0);

    /// <summary>Returns true if standard output is a pipe or a terminal that nobody reads any more.</summary>
    public static bool HasNoReader()
    {
        if (OperatingSystem.IsWindows())
            return false;
        var entry = new PollEntry { Descriptor = Descriptor };
        return Poll(ref entry, 1, 0) > 0 && (entry.Result & (Error | HungUp)) != 0;
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command);

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollEntry entries, nuint count, int timeoutMs);

    /// <summary>The <c>pollfd</c> of POSIX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Result;
    }
}
