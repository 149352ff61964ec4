using System.Runtime.InteropServices;

namespace Gateway.Server.Hosting;

/// <summary>SIGHUP reads the configuration again; on Windows it means that the console closes, and is left.</summary>
internal static class ReloadSignal
{
    public static IDisposable? Register(GatewayHost host) => OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // Without this the process would end, as the signal does by default.
            context.Cancel = true;
            _ = host.ReloadAsync(CancellationToken.None);
        });
}
