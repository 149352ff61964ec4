using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Server.Commands;

namespace Gateway.Server.Tests.Commands;

/// <summary>A verb that goes on until Ctrl-C, in a process of its own.</summary>
internal sealed partial class CliWatch : IDisposable
{
    private const int SigInt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    public CliWatch(string folder, Uri gateway, string adminKey, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ExitCode).Assembly.Location, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GATEWAY_URL"] = gateway.ToString();
        start.Environment["GATEWAY_ADMIN_KEY"] = adminKey;
        _process = Process.Start(start)!;
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public Task<string?> ReadErrorAsync() => _process.StandardError.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Ctrl-C, as a terminal sends it.</summary>
    public async Task<int> InterruptAsync()
    {
        Assert.Equal(0, Kill(_process.Id, SigInt));
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
