using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Gateway.Proxy.Upstreams.Stdio.Native;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// The owner of all children of this gateway: it starts them within a bound, reaps them when they end, and ensures,
/// with a supervisor, that none outlives the gateway.
/// </summary>
public sealed partial class ProcessManager : IAsyncDisposable
{
    // The next check makes up for a missed signal.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<int, ChildProcess> _children = new();
    private readonly SupervisorLink _supervisor;
    private readonly int _childrenMax;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration? _signal;
    private readonly ITimer _timer;
    private int _count;
    private volatile bool _isClosed;

    /// <summary>Creates the manager without starting anything.</summary>
    public ProcessManager(
        SupervisorStart? supervisor, int childrenMax, TimeProvider time, ILogger<ProcessManager> logger)
    {
        (_childrenMax, _logger) = (childrenMax, logger);
        _supervisor = new SupervisorLink(supervisor);
        if (!OperatingSystem.IsWindows())
            _signal = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Sweep());
        _timer = time.CreateTimer(static keeper => ((ProcessManager)keeper!).Sweep(), this, Look, Look);
    }

    /// <summary>The number of running children.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <exception cref="UpstreamException">
    /// The maximum number of children is running, or the system refuses.
    /// </exception>
    internal async Task<ChildProcess> StartAsync(ChildStart start, CancellationToken cancellationToken)
    {
        if (!Posix.IsSupported)
            throw Refused("programs on standard input and output are only supported on Linux and macOS.", null);
        if (Interlocked.Increment(ref _count) > _childrenMax || _isClosed)
        {
            Interlocked.Decrement(ref _count);
            throw new UpstreamException(UpstreamFailure.AtBound, false,
                $"the gateway already runs {_childrenMax} programs, which is the maximum.", null);
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
            // The supervisor may have just been lost; this detects it and starts another.
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
                // Without the line, the child ends by itself and is swept like any other; it counts until then.
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
            // The next start of a child tries again, and is refused until it succeeds.
            LogNotReplaced(e);
        }
    }

    private static UpstreamException Refused(string message, Exception? inner) =>
        new(UpstreamFailure.NotStarted, false, message, inner);

    [LoggerMessage(1, LogLevel.Error, "The supervisor of the child processes was lost; starting another supervisor")]
    private partial void LogLost();

    [LoggerMessage(2, LogLevel.Error, "The supervisor of the child processes could not be "
        + "restarted; no program can start until then. The gateway tries again when a program is to start")]
    private partial void LogNotReplaced(Exception exception);
}
