using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>What POSIX lets one process do to another.</summary>
internal static partial class Signals
{
    public static void Kill(Process process) => Send(process, 9);

    public static void Terminate(Process process) => Send(process, 15);

    public static void Stop(Process process) => Send(process, 19);

    public static void Continue(Process process) => Send(process, 18);

    private static void Send(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);
}
