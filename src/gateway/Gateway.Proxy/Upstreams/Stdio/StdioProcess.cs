using System.Collections.Immutable;
using Gateway.Control.Memory;
using Gateway.Mcp;
using Gateway.Proxy.Upstreams.Messages;
using Gateway.Proxy.Upstreams.Stdio.Lines;
using Gateway.Proxy.Upstreams.Stdio.Processes;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>One running program and the messages to and from it, for one legacy session or one grant.</summary>
internal sealed partial class StdioProcess : MessageSession
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);
    private readonly StdioUpstreamOptions _options;
    private readonly StdioMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ChildProcess _process;
    private readonly LineWriter _writer;
    private readonly LastLines _lastLines = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<(ChildEnd End, string Why)> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<StdioProcess, ChildEnd, string> _atEnd;
    private readonly DateTimeOffset _startedAt;
    private volatile bool _isUnread;
    private ChildEnd? _end;
    private string? _why;

    public StdioProcess(
        StdioContext context, ChildProcess process, UpstreamRequest first, string? sessionId,
        Action<StdioProcess, ChildEnd, string> atEnd)
        : base(first, sessionId, context.Options.CallsPerChildMax, context.Memory, context.Time)
    {
        (_atEnd, _startedAt) = (atEnd, context.Time.GetUtcNow());
        (_process, _options, _metrics, _logger) = (process, context.Options, context.Metrics, context.Logger);
        _writer = new LineWriter(process.Input, _options.LinesMax);
    }

    /// <summary>The last lines of its standard error: for the operator, never for an agent.</summary>
    public ImmutableArray<string> LastLines => _lastLines.Read();

    /// <summary>
    /// A task that completes with the reason when the process and its group have ended and every call has been
    /// notified.
    /// </summary>
    public Task<(ChildEnd End, string Why)> Ended => _ended.Task;

    public override bool IsEnding
    {
        get
        {
            lock (_gate)
                return _end is not null;
        }
    }

    public StdioChildStatus Status =>
        new(_process.Id, Caller, SessionId is null, _startedAt, OpenCalls, Idle);

    protected override TimeSpan DiscoverMax => _options.DiscoverMax;

    protected override bool IsUnread => _isUnread;

    /// <summary>Begins to read and write; called once.</summary>
    public void Run()
    {
        LogStarted(_options.ServerName, _process.Id, Caller);
        _ = RunAsync();
    }

    protected override ReadOnlyMemory<byte> Encode(McpMessage message, params ReadOnlySpan<ValueEdit> edits) =>
        LineEdit.ToLine(message.Body, edits);

    protected override async Task<UpstreamResponse?> WriteAsync(
        ReadOnlyMemory<byte> message, UpstreamRequest request, PendingCall? call, CancellationToken cancellationToken)
    {
        await _writer.WriteAsync(message, request, cancellationToken);
        return null;
    }

    protected override void Post(byte[] message) => _writer.Post([.. message, (byte)'\n']);

    protected override void End(string why) => _ = StopAsync(ChildEnd.Stopped, why);
}

/// <summary>The shared context of all programs of one server.</summary>
internal sealed record StdioContext(
    StdioUpstreamOptions Options, StdioMetrics Metrics, TimeProvider Time, MemoryBudget Memory, ILogger Logger);
