using System.IO.Pipelines;
using Gateway.Control.Memory;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>A writer that collects a response, up to a bound and within the memory of the grant.</summary>
internal abstract class GatheringWriter(int bytesMax, MemoryBudget memory, MemoryShare share)
    : PipeWriter, IDisposable
{
    private readonly MemoryStream _gathered = new();
    private long _held;

    public bool HasStarted { get; protected set; }

    /// <summary>The reason why the collected response is incomplete; null if it is complete.</summary>
    public string? Why { get; protected set; }

    /// <summary>The collected response.</summary>
    public ReadOnlyMemory<byte> Bytes => _gathered.GetBuffer().AsMemory(0, (int)_gathered.Length);

    /// <summary>What was written since the last flush.</summary>
    protected PooledBuffer Pending { get; } = new();

    public override void Advance(int bytes) => Pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Pending.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        // No flush waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // The end of the call completes the response.
    }

    public abstract void Dispose();

    /// <summary>Collects what is pending; returns the reason if that is impossible.</summary>
    protected string? Gather()
    {
        var bytes = Pending.Length;
        if (_gathered.Length + bytes > bytesMax)
            return $"responded with more than {bytesMax} bytes";
        if (bytes > 0 && !memory.TryTake(share, bytes, MemoryUse.Answer))
            return "responded, but the gateway had no memory for it";
        _held += bytes;
        _gathered.Write(Pending.Written.Span);
        return null;
    }

    /// <summary>Frees the collected response. The request may live on, so its memory must not wait for it.</summary>
    protected void Free()
    {
        memory.GiveBack(share, _held);
        _held = 0;
        // The pending buffer is left to the garbage collector, because a late writer may still hold a part of it.
        _gathered.SetLength(0);
        _gathered.Capacity = 0;
    }
}

/// <summary>A writer that collects the response of one server of several.</summary>
internal sealed class CollectingWriter(
    int bytesMax, MemoryBudget memory, MemoryShare share, CancellationTokenSource end)
    : GatheringWriter(bytesMax, memory, share)
{
    private readonly Lock _gate = new();
    private bool _isClosed;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            HasStarted |= Pending.Length > 0;
            Take();
            Pending.Clear();
        }

        return new(new FlushResult(isCanceled: false, isCompleted: Why is not null));
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Free();
        }
    }

    private void Take()
    {
        if (Why is not null)
            return;
        Why = _isClosed ? "responded after the wait had ended" : Gather();
        if (Why is not null)
            end.Cancel();
    }
}
