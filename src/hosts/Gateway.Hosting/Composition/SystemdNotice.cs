using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Composition;

/// <summary>
/// Tells systemd what a unit of <c>Type=notify</c> waits for: that the listeners are open, and that the process drains.
/// Does nothing where <c>NOTIFY_SOCKET</c> is not set. The protocol is sd_notify(3): one datagram of lines.
/// </summary>
internal sealed partial class SystemdNotice(ILogger<SystemdNotice> log) : IHostedLifecycleService
{
    /// <summary>The variable that names the service manager's socket; a leading <c>@</c> is an abstract one.</summary>
    public const string Variable = "NOTIFY_SOCKET";

    public Task StartedAsync(CancellationToken cancellationToken) =>
        SendAsync(log, "READY=1\nSTATUS=Serving", cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        SendAsync(log, "STOPPING=1\nSTATUS=Draining open calls", cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A manager that does not take it ends no start; it is said in the log.</summary>
    public static async Task SendAsync(ILogger log, string state, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            var address = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
            await socket.SendToAsync(Encoding.UTF8.GetBytes(state), address, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            Untold(log, Variable, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Variable} names a socket that does not take this process's state: {Problem}")]
    private static partial void Untold(ILogger log, string variable, string problem);
}
