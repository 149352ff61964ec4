namespace Gateway.Proxy.Upstreams.Stdio.Lines;

/// <summary>
/// A line that waits for the pipe's writer. Once the writer has taken it, only the writer decides if it is written.
/// </summary>
internal sealed class OutgoingLine(
    ReadOnlyMemory<byte> bytes, UpstreamRequest? request, CancellationToken cancellationToken)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Left = 2;
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>
    /// A task that completes once the first byte may be written, and fails with an exception if none ever will be.
    /// </summary>
    public Task Decided => _decided.Task;

    /// <summary>A task that completes once all of it is in the pipe, or the pipe is broken.</summary>
    public Task Written => _written.Task;

    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Tries to withdraw the line; returns true if the writer will skip it.</summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _state, Left, Waiting) == Waiting;

    /// <summary>Spends the permit, after dequeuing and before the first byte.</summary>
    public async ValueTask<bool> PassGateAsync()
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (request?.BeforeFirstByte is { } before)
                await before(cancellationToken);
        }
        catch (Exception stop)
        {
            // The failure belongs to the call, not to the pipe, which continues with the next line.
            _decided.TrySetException(stop);
            return false;
        }

        if (request is not null)
            request.WasWritten = true;
        _decided.TrySetResult();
        return true;
    }

    /// <summary>Records that the broken pipe accepted none of it.</summary>
    public void SetUnsent()
    {
        if (request is not null)
            request.WasWritten = false;
    }

    public void SetWritten() => _written.TrySetResult();

    public void Fail(Exception reason)
    {
        _decided.TrySetException(reason);
        _written.TrySetResult();
    }
}
