using System.Buffers;
using System.IO.Pipelines;
using System.Net.Mime;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Streams;

/// <summary>The one event stream that a client has for several servers: complete events, one after the other.</summary>
internal sealed class SharedStream(HttpContext http) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins the stream once, optionally with an event of the gateway.</summary>
    public async Task OpenAsync(ReadOnlyMemory<byte> first = default)
    {
        if (_open.Task.IsCompleted)
            return;
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = MediaTypeNames.Text.EventStream;
        http.Response.Headers.CacheControl = "no-cache, no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync(first, http.RequestAborted);
        _open.TrySetResult();
    }

    /// <summary>Writes complete events once the stream is open.</summary>
    public async ValueTask<FlushResult> PassAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        if (events.IsEmpty)
            return default;
        await _open.Task.WaitAsync(http.RequestAborted);
        return await WriteAsync(events, cancellationToken);
    }

    /// <summary>Writes events of the gateway until the servers' streams have ended.</summary>
    public async Task AddAsync(IStreamNotices? notices, Task ended)
    {
        while (notices is not null && await Task.WhenAny(ended, notices.Due) != ended)
        {
            // A failure means that the client has left, and the servers' streams end with it.
            await ((Task)PassAsync(notices.Take(), http.RequestAborted).AsTask())
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _writing.Dispose();

    private async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(http.RequestAborted);
        try
        {
            http.Response.BodyWriter.Write(events.Span);
            return await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
