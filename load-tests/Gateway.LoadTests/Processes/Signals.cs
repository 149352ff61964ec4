using System.Runtime.InteropServices;

namespace Gateway.LoadTests.Processes;

/// <summary>Signals to processes that this one started.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
