namespace Gateway.Proxy.Upstreams.Stdio.Lines;

/// <summary>
/// A line that waits for the pipe's writer. Once it was taken, whether it is written is the writer's word.
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

    /// <summary>Ends well once the first byte may be written, and with an exception when none ever will be.</summary>
    public Task Decided => _decided.Task;

    /// <summary>Ends once all of it is in the pipe, or the pipe is broken.</summary>
    public Task Written => _written.Task;

    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>True where the writer will pass it over.</summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _state, Left, Waiting) == Waiting;

    /// <summary>The permit's deadline, after dequeuing and before the first byte.</summary>
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
            // Whatever stopped it belongs to the call, not to the pipe, which goes on with the next line.
            _decided.TrySetException(stop);
            return false;
        }

        if (request is not null)
            request.WasWritten = true;
        _decided.TrySetResult();
        return true;
    }

    /// <summary>None of it was taken by the pipe, which is broken.</summary>
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
