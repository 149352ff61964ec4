using System.Runtime.InteropServices;

namespace Gateway.TestHarness;

/// <summary>What POSIX lets one process do to another; each says whether it reached it.</summary>
public static partial class Signals
{
    /// <summary>SIGHUP: read the configuration again.</summary>
    public static bool HangUp(Process process) => Send(process, 1);

    /// <summary>SIGINT: Ctrl-C, as a terminal sends it.</summary>
    public static bool Interrupt(Process process) => Send(process, 2);

    /// <summary>SIGKILL: no code of the process runs after this.</summary>
    public static bool Kill(Process process) => Send(process, 9);

    /// <summary>SIGTERM: end in order.</summary>
    public static bool Terminate(Process process) => Send(process, 15);

    /// <summary>SIGCONT: go on.</summary>
    public static bool Resume(Process process) => Send(process, 18);

    /// <summary>SIGSTOP: stand still until <see cref="Resume"/>.</summary>
    public static bool Pause(Process process) => Send(process, 19);

    private static bool Send(Process process, int signal) => Kill(process.Id, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
