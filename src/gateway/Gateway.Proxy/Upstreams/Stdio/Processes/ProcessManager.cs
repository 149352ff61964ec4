using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Gateway.Proxy.Upstreams.Stdio.Native;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// Owns every child of this gateway: starts them within a bound, reaps them when they end, and sees to it, by its
/// supervisor, that none outlives the gateway.
/// </summary>
public sealed partial class ProcessManager : IAsyncDisposable
{
    // A signal that was missed is made up for at the next look.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<int, ChildProcess> _children = new();
    private readonly SupervisorLink _supervisor;
    private readonly int _childrenMax;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration? _signal;
    private readonly ITimer _timer;
    private int _count;
    private volatile bool _isClosed;

    /// <summary>Starts nothing yet.</summary>
    public ProcessManager(
        SupervisorStart? supervisor, int childrenMax, TimeProvider time, ILogger<ProcessManager> logger)
    {
        (_childrenMax, _logger) = (childrenMax, logger);
        _supervisor = new SupervisorLink(supervisor);
        if (!OperatingSystem.IsWindows())
            _signal = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Sweep());
        _timer = time.CreateTimer(static keeper => ((ProcessManager)keeper!).Sweep(), this, Look, Look);
    }

    /// <summary>Children that are alive.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <exception cref="UpstreamException">No more children may run, or the system refuses.</exception>
    internal async Task<ChildProcess> StartAsync(ChildStart start, CancellationToken cancellationToken)
    {
        if (!Posix.IsSupported)
            throw Refused("programs on standard input and output are served on Linux and macOS only.", null);
        if (Interlocked.Increment(ref _count) > _childrenMax || _isClosed)
        {
            Interlocked.Decrement(ref _count);
            throw new UpstreamException(UpstreamFailure.AtBound, false,
                $"the gateway runs {_childrenMax} programs already, the most that it may.", null);
        }

        try
        {
            return await OpenAsync(start, cancellationToken);
        }
        catch (IOException e)
        {
            Interlocked.Decrement(ref _count);
            throw Refused($"its program could not be started: {e.Message}.", e);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }

    /// <summary>Ends every child with its group, then the supervisor.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        foreach (var child in _children.Values)
            child.Signal(Posix.SigKill);
        foreach (var child in _children.Values)
            await child.Exited;
        await _supervisor.DisposeAsync();
        await _timer.DisposeAsync();
        _signal?.Dispose();
    }

    private async Task<ChildProcess> OpenAsync(ChildStart start, CancellationToken cancellationToken)
    {
        await _supervisor.EnsureAsync(cancellationToken);
        try
        {
            return Open(start);
        }
        catch (IOException)
        {
            // The supervisor may have been lost this very moment; that is seen now, and there is another.
            await _supervisor.EnsureAsync(cancellationToken);
            return Open(start);
        }
    }

    private ChildProcess Open(ChildStart start)
    {
        var child = ChildProcess.Start(start, out var word);
        using (word)
        {
            _children[child.Id] = child;
            try
            {
                _supervisor.Enter(child.Id);
                word.Send("go\n"u8);
                return child;
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // Without the word it ends by itself, and is swept like any other: until then it counts.
                child.ClosePipes();
                Interlocked.Increment(ref _count);
                throw new IOException(e.Message, e);
            }
        }
    }

    private void Sweep()
    {
        foreach (var (id, child) in _children)
        {
            if (!child.TryReap(_supervisor.Leave))
                continue;
            _children.TryRemove(new KeyValuePair<int, ChildProcess>(id, child));
            Interlocked.Decrement(ref _count);
        }

        if (_supervisor.Process is { } supervisor && supervisor.TryReap(static _ => { }) && !_isClosed)
            _ = ReplaceSupervisorAsync();
    }

    private async Task ReplaceSupervisorAsync()
    {
        try
        {
            LogLost();
            await _supervisor.EnsureAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            // The next child's start tries again, and is refused until it succeeds.
            LogNotReplaced(e);
        }
    }

    private static UpstreamException Refused(string message, Exception? inner) =>
        new(UpstreamFailure.NotStarted, false, message, inner);

    [LoggerMessage(1, LogLevel.Error, "The supervisor of the children was lost; another is started")]
    private partial void LogLost();

    [LoggerMessage(2, LogLevel.Error, "The supervisor of the children could not be started again")]
    private partial void LogNotReplaced(Exception exception);
}
