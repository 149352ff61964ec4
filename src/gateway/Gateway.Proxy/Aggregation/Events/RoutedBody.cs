using System.Buffers;
using System.IO.Pipelines;
using Gateway.Mcp.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy.Aggregation.Events;

/// <summary>The response body of one server of several, whose events identify the server.</summary>
internal sealed class RoutedBody : IHttpResponseBodyFeature, IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _body;
    private readonly EventsWriter _writer;
    private readonly Func<int, bool> _isDropped;
    private Stream? _stream;

    private RoutedBody(HttpContext http, string server, Func<int, bool> isDropped)
    {
        (_http, _body) = (http, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        _isDropped = isDropped;
        _writer = new EventsWriter(
            new ServerEvents(server, id => EventIds.Of(server, id)),
            () => IsStream(http.Response.ContentType),
            PassAsync, http.Abort);
    }

    public Stream Stream => _stream ??= _writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => _writer;

    /// <summary>True if the client does not receive this response, so that another can be written.</summary>
    public bool IsDropped => !_http.Response.HasStarted && _isDropped(_http.Response.StatusCode);

    /// <summary>Replaces the response body until disposed.</summary>
    /// <param name="http">The client's request.</param>
    /// <param name="server">The server that responds.</param>
    /// <param name="isDropped">Returns true if a response with this status must not reach the client.</param>
    public static RoutedBody Take(HttpContext http, string server, Func<int, bool> isDropped)
    {
        var routed = new RoutedBody(http, server, isDropped);
        http.Features.Set<IHttpResponseBodyFeature>(routed);
        return routed;
    }

    /// <summary>Returns true if a body of this type is an event stream.</summary>
    public static bool IsStream(string? mediaType) =>
        mediaType?.StartsWith(MediaTypes.EventStream, StringComparison.OrdinalIgnoreCase) == true;

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsDropped)
            return Task.CompletedTask;
        TakeLength();
        return _body.StartAsync(cancellationToken);
    }

    public Task CompleteAsync() => IsDropped ? Task.CompletedTask : _body.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A response cannot send a file.");

    public async ValueTask DisposeAsync()
    {
        if (!_http.RequestAborted.IsCancellationRequested)
            await _writer.EndAsync(CancellationToken.None);
        _http.Features.Set(_body);
        _writer.Dispose();
    }

    private ValueTask<FlushResult> PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (IsDropped)
            return ValueTask.FromResult(default(FlushResult));
        TakeLength();
        _body.Writer.Write(bytes.Span);
        return _body.Writer.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Removes the length that a server may have declared for a short stream, because the ids make it longer.
    /// </summary>
    private void TakeLength()
    {
        if (!_http.Response.HasStarted && IsStream(_http.Response.ContentType))
            _http.Response.ContentLength = null;
    }
}
