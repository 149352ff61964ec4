using System.Net.Sockets;
using System.Text;
using Gateway.Proxy.Upstreams.Stdio.Native;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// The gateway's connection to its supervisor, which is started with the first child, and again if it is lost.
/// </summary>
internal sealed class SupervisorLink(SupervisorStart? start) : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private ChildProcess? _process;
    private bool _isLost;

    /// <summary>The supervisor's process, to be reaped like a child; null if there is none.</summary>
    public ChildProcess? Process
    {
        get
        {
            lock (_gate)
                return _process;
        }
    }

    private bool IsThere
    {
        get
        {
            lock (_gate)
                return !_isLost && _process is { Exited.IsCompleted: false };
        }
    }

    /// <summary>Ensures that a supervisor is running that knows every group.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (IsThere)
            return;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!IsThere)
                await ReplaceAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Adds a group; a written line survives this process.</summary>
    /// <exception cref="IOException">The supervisor has ended; <see cref="EnsureAsync"/> starts another.</exception>
    public void Enter(int group)
    {
        lock (_gate)
        {
            _groups.Add(group);
            if (_process is not null && TrySend(_process, $"+{group}\n"))
                return;
            _isLost = true;
            throw new IOException("the supervisor of the children is gone");
        }
    }

    /// <summary>Removes a group before its id can be reused.</summary>
    public void Leave(int group)
    {
        lock (_gate)
        {
            if (_groups.Remove(group) && _process is not null)
                TrySend(_process, $"-{group}\n");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is { } process)
        {
            process.ClosePipes();
            await process.Exited;
        }

        _starting.Dispose();
    }

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        if (Process is { } lost)
        {
            // Its pipe broke before its end was detected; it stays here so that it is still reaped.
            lost.Signal(Posix.SigKill);
            await lost.Exited.WaitAsync(cancellationToken);
        }

        await StartAsync(cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (start is null)
            throw new IOException("this host starts no programs");
        string[] environment = [.. ChildEnvironment.OfThisProcess()];
        var process = ChildProcess.Start(start.Path, [.. start.Arguments], environment, out var word);
        word.Dispose();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartWithin);
        try
        {
            using var output = new StreamReader(new NetworkStream(process.Output, ownsSocket: false));
            if (await output.ReadLineAsync(limit.Token) != Supervisor.Ready)
                throw new IOException("the supervisor of the children did not start");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            process.Signal(Posix.SigKill);
            process.ClosePipes();
            throw new IOException("the supervisor of the children did not start", e);
        }

        lock (_gate)
        {
            _process?.ClosePipes();
            _process = process;
            _isLost = false;
            foreach (var group in _groups)
                TrySend(process, $"+{group}\n");
        }
    }

    private static bool TrySend(ChildProcess process, string line)
    {
        try
        {
            process.Input.Send(Encoding.ASCII.GetBytes(line));
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
