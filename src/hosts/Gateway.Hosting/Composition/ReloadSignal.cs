using System.Runtime.InteropServices;

namespace Gateway.Hosting.Composition;

/// <summary>
/// Reads the configuration again on SIGHUP. On Windows the signal means that the console closes, and is ignored.
/// </summary>
public static class ReloadSignal
{
    /// <summary>Registers the handler until it is disposed; null on Windows.</summary>
    public static IDisposable? Register(Func<CancellationToken, Task> reload) => OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // Without this the process would end, as the signal does by default.
            context.Cancel = true;
            _ = reload(CancellationToken.None);
        });
}
