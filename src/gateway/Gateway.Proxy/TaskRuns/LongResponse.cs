using System.Buffers;
using System.IO.Pipelines;
using Gateway.Control.Memory;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// The response to a call that may become a task. It is collected, for its client or for the task. One that is too long
/// for a task goes to the client as it arrives, and the call can no longer become a task.
/// </summary>
internal sealed class LongResponse(
    HttpContext client, MemoryBudget memory, MemoryShare share, CancellationTokenSource end) : PipeWriter, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly PooledBuffer _pending = new();
    private readonly MemoryStream _gathered = new();
    private long _held;
    private bool _isTask;
    private bool _isRelayed;

    /// <summary>The status and headers; set before the first write.</summary>
    public InnerResponse Head { get; set; } = null!;

    /// <summary>The lifetime of the call.</summary>
    public InnerLifetime Lifetime { get; } = new(end);

    public bool HasStarted { get; private set; }

    /// <summary>The reason why the result of the task is incomplete; null if it is complete.</summary>
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

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        HasStarted |= _pending.Length > 0;
        if (!_isRelayed && TryGather() is { } why)
            await PassOnAsync(why);
        if (!_isRelayed)
        {
            _pending.Clear();
            return new FlushResult(isCanceled: false, isCompleted: Why is not null);
        }

        client.Response.BodyWriter.Write(_pending.Written.Span);
        _pending.Clear();
        return await client.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Makes the response that of a task, unless it goes to the client already or the task cannot be stored.
    /// </summary>
    /// <param name="store">Stores the task; returns null if that failed.</param>
    public async Task<T?> TryDetachAsync<T>(Func<ValueTask<T?>> store)
        where T : class
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            var stored = _isRelayed ? null : await store();
            _isTask = stored is not null;
            return stored;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes the whole response to the client, unless that was done as it arrived.</summary>
    public async Task DeliverAsync()
    {
        if (Lifetime.IsAborted)
            client.Abort();
        if (_isRelayed || Lifetime.IsAborted)
            return;
        WriteHead();
        if (_gathered.Length > 0)
            await client.Response.BodyWriter.WriteAsync(Bytes, client.RequestAborted);
    }

    public void Dispose()
    {
        memory.GiveBack(share, _held);
        _held = 0;
        _gathered.Dispose();
        _gate.Dispose();
    }

    /// <summary>Collects the written bytes; returns the reason if that is impossible.</summary>
    private string? TryGather()
    {
        var bytes = _pending.Length;
        if (Why is not null || bytes == 0)
            return null;
        if (_gathered.Length + bytes > ApprovalTasks.ResultBytesMax)
            return $"responded with more than {ApprovalTasks.ResultBytesMax} bytes";
        if (!memory.TryTake(share, bytes, MemoryUse.Answer))
            return "responded, but the gateway had no memory for it";
        _held += bytes;
        _gathered.Write(_pending.Written.Span);
        return null;
    }

    /// <summary>Passes the response on to the client; the result of a task ends with the reason instead.</summary>
    private async ValueTask PassOnAsync(string why)
    {
        // The task may just be stored, which decides.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_isTask)
            {
                Why = why;
                await end.CancelAsync();
                return;
            }

            _isRelayed = true;
            WriteHead();
            client.Response.BodyWriter.Write(Bytes.Span);
            memory.GiveBack(share, _held);
            _held = 0;
            _gathered.SetLength(0);
            _gathered.Capacity = 0;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void WriteHead()
    {
        client.Response.StatusCode = Head.StatusCode;
        foreach (var (name, value) in Head.Headers)
            client.Response.Headers[name] = value;
    }
}
