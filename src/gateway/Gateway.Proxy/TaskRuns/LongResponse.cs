using System.Buffers;
using System.IO.Pipelines;
using Gateway.Control.Memory;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// The response to a call that may become a task. It is collected, for its client or for the task. One that is too long
/// for a task goes to the client as it arrives, and the call can no longer become a task.
/// </summary>
internal sealed class LongResponse(
    HttpContext client, MemoryBudget memory, MemoryShare share, CancellationTokenSource end)
    : GatheringWriter(ApprovalTasks.ResultBytesMax, memory, share)
{
    private readonly SemaphoreSlim _gate = new(1);
    private bool _isTask;
    private bool _isRelayed;

    /// <summary>The status and headers; set before the first write.</summary>
    public InnerResponse Head { get; set; } = null!;

    /// <summary>The lifetime of the call.</summary>
    public InnerLifetime Lifetime { get; } = new(end);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        HasStarted |= Pending.Length > 0;
        if (!_isRelayed && Why is null && Gather() is { } why)
            await PassOnAsync(why);
        if (!_isRelayed)
        {
            Pending.Clear();
            return new FlushResult(isCanceled: false, isCompleted: Why is not null);
        }

        client.Response.BodyWriter.Write(Pending.Written.Span);
        Pending.Clear();
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
        if (!Bytes.IsEmpty)
            await client.Response.BodyWriter.WriteAsync(Bytes, client.RequestAborted);
    }

    public override void Dispose()
    {
        Free();
        _gate.Dispose();
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
            Free();
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
