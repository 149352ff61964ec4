using System.Runtime.InteropServices;

namespace Gateway.TestHarness;

/// <summary>POSIX signals to processes. Each method returns true if the signal reached the process.</summary>
public static partial class Signals
{
    /// <summary>Sends SIGHUP: read the configuration again.</summary>
    public static bool HangUp(Process process) => Send(process, 1);

    /// <summary>Sends SIGINT, as a terminal does for Ctrl-C.</summary>
    public static bool Interrupt(Process process) => Send(process, 2);

    /// <summary>Sends SIGKILL: no code of the process runs after this.</summary>
    public static bool Kill(Process process) => Send(process, 9);

    /// <summary>Sends SIGTERM: end in order.</summary>
    public static bool Terminate(Process process) => Send(process, 15);

    /// <summary>Sends SIGCONT: continue.</summary>
    public static bool Resume(Process process) => Send(process, 18);

    /// <summary>Sends SIGSTOP: suspend until <see cref="Resume"/>.</summary>
    public static bool Pause(Process process) => Send(process, 19);

    private static bool Send(Process process, int signal) => Kill(process.Id, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
