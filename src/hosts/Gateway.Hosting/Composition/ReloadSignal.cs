using System.Runtime.InteropServices;

namespace Gateway.Hosting.Composition;

/// <summary>SIGHUP reads the configuration again; on Windows it means that the console closes, and is left.</summary>
public static class ReloadSignal
{
    /// <summary>Until it is disposed; null on Windows.</summary>
    public static IDisposable? Register(Func<CancellationToken, Task> reload) => OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // Without this the process would end, as the signal does by default.
            context.Cancel = true;
            _ = reload(CancellationToken.None);
        });
}
