using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Stdio.Processes;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// The factory of the upstreams of servers that are programs, which owns their shared process manager once there is
/// one.
/// </summary>
public sealed class StdioUpstreamFactory : IUpstreamFactory, IAsyncDisposable
{
    private readonly StdioMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly ILoggerFactory _loggers;
    private readonly ProgramOptions _options;
    private readonly Lazy<ProcessManager> _keeper;

    /// <summary>Creates the factory; only the first server that is a program starts anything.</summary>
    public StdioUpstreamFactory(
        ProgramOptions options, StdioMetrics metrics, TimeProvider time, MemoryBudget memory, ILoggerFactory loggers)
    {
        (_options, _metrics, _time, _memory, _loggers) = (options, metrics, time, memory, loggers);
        _keeper = new Lazy<ProcessManager>(() => new ProcessManager(
            options.Supervisor, options.ProgramsMax, time, loggers.CreateLogger<ProcessManager>()));
    }

    /// <inheritdoc/>
    public bool Serves(ServerModel server) => server.Command is not null;

    /// <inheritdoc/>
    public IUpstream Create(ServerModel server) => new StdioUpstream(
        OptionsOf(server.Name, server.Command!),
        _keeper.Value, _metrics, _time, _memory, _loggers.CreateLogger<StdioUpstream>());

    /// <summary>Ends every program.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_keeper.IsValueCreated)
            await _keeper.Value.DisposeAsync();
    }

    private StdioUpstreamOptions OptionsOf(string server, ProgramCommand command) => new()
    {
        ServerName = server,
        Command = command.Program,
        Arguments = command.Arguments,
        Environment = command.Environment,
        WorkingDirectory = command.WorkingDirectory ?? OwnDirectory(server, command),
        User = command.User,
        Limits = command.Limits,
        ChildrenMax = command.ChildrenMax,
        IdleMax = command.IdleMax,
    };

    /// <summary>
    /// Returns a directory for one server's programs, so that their files are separate from those of the gateway and of
    /// other servers. A program of another user cannot enter the data directory and starts in the root.
    /// </summary>
    private string OwnDirectory(string server, ProgramCommand command) => command.User is not null
        ? "/"
        : Directory.CreateDirectory(Path.GetFullPath(Path.Combine(_options.Directory, server)))
            .FullName;
}
