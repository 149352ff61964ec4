using System.Collections.Immutable;
using Gateway.Proxy.Upstreams.Stdio.Processes;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The children of one server: starts them within its bound, and tracks the running ones.</summary>
internal sealed class StdioProcesses(StdioContext context, ProcessManager keeper)
{
    private readonly Lock _gate = new();
    private readonly HashSet<StdioProcess> _running = [];
    private readonly BackOff _backOff = new(context.Options, context.Time);
    private readonly ChildStart _start = new(
        context.Options.Command, context.Options.Arguments, ChildEnvironment.Of(context.Options.Environment),
        context.Options.WorkingDirectory)
    {
        Limits = context.Options.Limits,
        User = context.Options.User,
    };
    private int _starting;
    private long _starts;
    private long _restarts;
    private bool _hasCrashed;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;
    private ImmutableArray<string> _lastErrorLines = [];
    private bool _isClosed;

    public StdioStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new StdioStatus(
                    [.. _running.Select(static child => child.Status).OrderBy(static child => child.Started)],
                    _starts, _restarts, _lastError, _lastErrorAt, _lastErrorLines);
            }
        }
    }

    /// <exception cref="UpstreamException">
    /// It cannot be started, must not be restarted yet, or there are too many.
    /// </exception>
    public async Task<StdioProcess> StartAsync(
        UpstreamRequest request, string? sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await StartOneAsync(request, sessionId, cancellationToken);
        }
        catch (UpstreamException e)
        {
            context.Metrics.Refused(context.Options.ServerName, e.Failure);
            if (e.Failure != UpstreamFailure.BackingOff)
                SetLastError(e.Message, []);
            throw;
        }
    }

    private async Task<StdioProcess> StartOneAsync(
        UpstreamRequest request, string? sessionId, CancellationToken cancellationToken)
    {
        _backOff.Check(request.Caller);
        await MakeRoomAsync();
        try
        {
            var process = await keeper.StartAsync(_start, cancellationToken);
            var child = new StdioProcess(context, process, request, sessionId, Remove);
            Add(child);
            child.Run();
            _ = FollowAsync(child, request);
            return child;
        }
        finally
        {
            lock (_gate)
                _starting--;
        }
    }

    public void StopIdle(StdioUpstreamOptions bounds)
    {
        foreach (var child in Running())
        {
            var max = child.SessionId is not null && !child.IsConfirmed ? bounds.UnconfirmedMax : bounds.IdleMax;
            if (child.Idle >= max)
                _ = child.StopAsync(ChildEnd.Idle, "it was unused for a while.");
        }
    }

    public async Task StopAllAsync()
    {
        lock (_gate)
            _isClosed = true;
        await Task.WhenAll(Running().Select(
            static child => child.StopAsync(ChildEnd.Stopped, "the gateway is shutting down.")));
    }

    private List<StdioProcess> Running()
    {
        lock (_gate)
            return [.. _running];
    }

    // The child that was idle the longest is evicted; one with a call that a client waits for never is.
    private async Task MakeRoomAsync()
    {
        StdioProcess? idlest;
        lock (_gate)
        {
            if (_isClosed)
                throw new UpstreamException(UpstreamFailure.NotStarted, false, "the gateway is shutting down.", null);
            _starting++;
            if (_running.Count + _starting <= context.Options.ChildrenMax)
                return;
            idlest = _running.Where(child => child.Unawaited >= context.Options.MakeRoomAfter)
                .MaxBy(static child => child.Unawaited);
            if (idlest is null)
            {
                _starting--;
                throw new UpstreamException(UpstreamFailure.AtBound, false,
                    $"it already runs {context.Options.ChildrenMax} programs, which is the maximum.", null);
            }
        }

        await idlest.StopAsync(ChildEnd.Idle, "it was idle, and made room for another session.");
    }

    private void Add(StdioProcess child)
    {
        bool isRestart;
        lock (_gate)
        {
            _running.Add(child);
            _starts++;
            isRestart = _hasCrashed;
            _hasCrashed = false;
            if (isRestart)
                _restarts++;
        }

        context.Metrics.Started(context.Options.ServerName, isRestart);
    }

    private static async Task FollowAsync(StdioProcess child, UpstreamRequest request)
    {
        using var ended = request.CallerEnded.UnsafeRegister(
            static state => _ = ((StdioProcess)state!).StopAsync(ChildEnd.Stopped, "its grant has ended."), child);
        await child.Ended;
    }

    private void Remove(StdioProcess child, ChildEnd end, string why)
    {
        context.Metrics.Ended(context.Options.ServerName, end);
        var isFailure = end is ChildEnd.Crashed or ChildEnd.BadOutput;
        if (isFailure && !child.HasAnswered)
            _backOff.Failed(child.Caller, why.TrimEnd('.'));
        else if (child.HasAnswered)
            _backOff.Worked(child.Caller);
        lock (_gate)
        {
            _running.Remove(child);
            _hasCrashed |= isFailure;
        }

        if (isFailure)
            SetLastError(why, child.LastLines);
    }

    private void SetLastError(string why, ImmutableArray<string> lines)
    {
        lock (_gate)
            (_lastError, _lastErrorAt, _lastErrorLines) = (why, context.Time.GetUtcNow(), lines);
    }
}

/// <summary>One running program.</summary>
/// <param name="Process">Its process id, which is also its group id.</param>
/// <param name="Caller">The grant that it runs for.</param>
/// <param name="IsShared">True if all requests of the grant share it; otherwise it belongs to one session.</param>
/// <param name="Started">The time of its start.</param>
/// <param name="Calls">The number of requests without a response so far.</param>
/// <param name="Idle">The time since its last use.</param>
public sealed record StdioChildStatus(
    int Process, string Caller, bool IsShared, DateTimeOffset Started, int Calls, TimeSpan Idle);

/// <summary>The state of a server's programs.</summary>
/// <param name="Children">The running programs, the longest running first.</param>
/// <param name="Starts">The number of starts so far.</param>
/// <param name="Restarts">The number of those starts that followed a crash.</param>
/// <param name="LastError">The reason of the last crash or refused start; null if there was none.</param>
/// <param name="LastErrorAt">The time of that error.</param>
/// <param name="LastErrorLines">The last lines of that program's standard error: not for agents.</param>
public sealed record StdioStatus(
    ImmutableArray<StdioChildStatus> Children, long Starts, long Restarts, string? LastError,
    DateTimeOffset? LastErrorAt, ImmutableArray<string> LastErrorLines) : UpstreamStatus;
