using System.IO.Pipelines;
using Gateway.Control.Memory;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// A writer that collects the response of one server of several, up to a bound and within the memory of the grant.
/// </summary>
internal sealed class CollectingWriter(
    int bytesMax, MemoryBudget memory, MemoryShare share, CancellationTokenSource end) : PipeWriter, IDisposable
{
    private readonly Lock _gate = new();
    private readonly PooledBuffer _pending = new();
    private readonly MemoryStream _gathered = new();
    private long _held;
    private bool _isClosed;

    public bool HasStarted { get; private set; }

    /// <summary>The reason why the collected response is incomplete; null if it is complete.</summary>
    public string? Why { get; private set; }

    /// <summary>The collected response.</summary>
    public ReadOnlyMemory<byte> Bytes => _gathered.GetBuffer().AsMemory(0, (int)_gathered.Length);

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        // No flush waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // The end of the call completes the response.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            HasStarted |= _pending.Length > 0;
            Take();
            _pending.Clear();
        }

        return new(new FlushResult(isCanceled: false, isCompleted: Why is not null));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            memory.GiveBack(share, _held);
            _held = 0;
            // The request may live on, so bytes that no longer count toward its memory must be freed. The pending
            // buffer is left to the garbage collector, because a late writer may still hold a part of it.
            _gathered.SetLength(0);
            _gathered.Capacity = 0;
        }
    }

    private void Take()
    {
        if (Why is not null)
            return;
        var bytes = _pending.Length;
        if (_isClosed)
            Why = "responded after the wait had ended";
        else if (_gathered.Length + bytes > bytesMax)
            Why = $"responded with more than {bytesMax} bytes";
        else if (bytes > 0 && !memory.TryTake(share, bytes, MemoryUse.Answer))
            Why = "responded, but the gateway had no memory for it";
        else
        {
            _held += bytes;
            _gathered.Write(_pending.Written.Span);
            return;
        }

        end.Cancel();
    }
}
