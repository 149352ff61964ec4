using Gateway.Mcp;
using Gateway.Proxy.Snapshots;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// Makes the upstreams of servers that are programs; owns what they have in common, once there is one.
/// </summary>
internal sealed class StdioUpstreams : IAsyncDisposable
{
    private readonly StdioMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly ILoggerFactory _loggers;
    private readonly GatewayOptions _options;
    private readonly Lazy<ChildKeeper> _keeper;

    public StdioUpstreams(
        GatewayOptions options, StdioMetrics metrics, TimeProvider time, MemoryBudget memory, ILoggerFactory loggers)
    {
        (_options, _metrics, _time, _memory, _loggers) = (options, metrics, time, memory, loggers);
        _keeper = new Lazy<ChildKeeper>(() => new ChildKeeper(
            new ChildKeeperOptions { Supervisor = options.Supervisor, ChildrenMax = options.ProgramsMax },
            time, loggers.CreateLogger<ChildKeeper>()));
    }

    public StdioUpstream Create(string server, ServerCommand command) => new(
        new StdioUpstreamOptions
        {
            ServerName = server,
            Command = command.Program,
            Arguments = command.Arguments,
            Environment = command.Environment,
            WorkingDirectory = command.WorkingDirectory,
            User = command.User,
            Limits = command.Limits,
            ChildrenMax = command.ChildrenMax ?? _options.ProgramsPerServerMax,
            IdleMax = command.IdleMax ?? _options.ProgramIdleMax,
        },
        _keeper.Value, _metrics, _time, _memory, _loggers.CreateLogger<StdioUpstream>());

    public async ValueTask DisposeAsync()
    {
        if (_keeper.IsValueCreated)
            await _keeper.Value.DisposeAsync();
    }
}
