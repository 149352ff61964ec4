using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Text;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The response of a call whose event stream began before its result, because a person has to decide or the server is
/// slow. A later response with its own status and headers becomes the last event of the stream.
/// </summary>
internal sealed class WaitingResponse : IHttpResponseFeature, IHttpResponseBodyFeature, ICallStream
{
    private readonly HttpContext _http;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _body;
    private readonly WaitingWriter _writer;
    private readonly ReadOnlyMemory<byte> _requestId;
    private Stream? _stream;

    private WaitingResponse(HttpContext http, ReadOnlyMemory<byte> requestId)
    {
        (_http, _requestId) = (http, requestId);
        _response = http.Features.GetRequiredFeature<IHttpResponseFeature>();
        _body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _writer = new WaitingWriter(_body.Writer, Form);
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted => _writer.HasStarted;

    public Stream Stream => _stream ??= _writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => _writer;

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException("The body of a delayed response cannot be replaced.");
    }

    /// <summary>Returns true if the client accepts an event stream.</summary>
    public static bool Accepts(HttpRequest request) => request.Headers.Accept.ToString()
        .Contains(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Waits for a server's response. After <see cref="StreamOptions.CallAfter"/> it begins the stream, so that no
    /// proxy on the path closes an idle connection before the response arrives.
    /// </summary>
    public static async Task<UpstreamResponse> WaitAsync(
        CallContext call, StreamOptions options, Task<UpstreamResponse> answer, TimeProvider time)
    {
        if (call.Message is not { Method: McpMethods.ToolsCall, Kind: McpMessageKind.Request }
            || !Accepts(call.Http.Request))
        {
            return await answer;
        }

        var wait = call.IsStreaming ? options.CommentEvery : options.CallAfter;
        while (true)
        {
            await ((Task)answer).WaitAsync(wait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // A client that has left is handled by the caller.
            if (answer.IsCompleted || call.Http.RequestAborted.IsCancellationRequested)
                return await answer;
            wait = options.CommentEvery;
            try
            {
                call.Stream ??= await BeginAsync(call.Http, call.Message.Id);
                await call.Stream.SendCommentAsync(call.Http.RequestAborted);
            }
            catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
            {
                // The client left just now.
            }
        }
    }

    /// <summary>Begins the stream and replaces the response features of the request.</summary>
    public static async ValueTask<WaitingResponse> BeginAsync(HttpContext http, ReadOnlyMemory<byte> requestId)
    {
        var held = new WaitingResponse(http, requestId);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = MediaTypeNames.Text.EventStream;
        http.Response.Headers.CacheControl = "no-cache, no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await held._body.StartAsync(http.RequestAborted);
        http.Features.Set<IHttpResponseFeature>(held);
        http.Features.Set<IHttpResponseBodyFeature>(held);
        return held;
    }

    /// <summary>Sends one event before the final response.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        _body.Writer.Write("event: message\ndata: "u8);
        _body.Writer.Write(message.Span);
        _body.Writer.Write("\n\n"u8);
        await _body.Writer.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SendCommentAsync(CancellationToken cancellationToken) =>
        SendCommentAsync("waiting for the server", cancellationToken);

    /// <summary>
    /// Sends a comment line, which clients ignore, so that no proxy on the path considers the connection idle.
    /// </summary>
    public async ValueTask SendCommentAsync(string text, CancellationToken cancellationToken)
    {
        _body.Writer.Write(Encoding.UTF8.GetBytes($": {text}\n\n"));
        await _body.Writer.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the rest of the response, or an error in its place, and ends the stream.</summary>
    public async ValueTask EndAsync()
    {
        await _writer.EndAsync(_http.RequestAborted);
        _http.Features.Set(_response);
        _http.Features.Set(_body);
        if (Form() == WaitingForm.Other || (Form() == WaitingForm.Json && !_writer.HasStarted))
            await SendAsync(Error(), _http.RequestAborted);
    }

    public void OnStarting(Func<object, Task> callback, object state)
    {
        // The response has already started, so such callbacks could never run.
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _response.OnCompleted(callback, state);

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A delayed response cannot send a file.");

    public Task CompleteAsync() => Task.CompletedTask;

    private WaitingForm Form()
    {
        var isPlain = Headers.ContentEncoding.Count == 0;
        var type = Headers.ContentType.ToString();
        if (!isPlain || StatusCode is StatusCodes.Status202Accepted or StatusCodes.Status204NoContent)
            return WaitingForm.Other;
        if (type.StartsWith(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase))
            return WaitingForm.Events;
        return StatusCode < 400 && type.StartsWith(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            ? WaitingForm.Json
            : WaitingForm.Other;
    }

    private ReadOnlyMemory<byte> Error()
    {
        // Prefer an error that is already a JSON-RPC message for this request.
        if (McpReader.Read(_writer.Gathered, McpReadBounds.Default).Message is
            { Kind: McpMessageKind.Response } message && message.Id.Span.SequenceEqual(_requestId.Span))
        {
            return OneLine(message.Body);
        }

        var buffer = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteError(buffer, _requestId.Span, McpErrorCodes.InternalError,
            $"The server responded with HTTP {StatusCode} and no JSON-RPC message.",
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"status\":{StatusCode}}}")));
        return buffer.WrittenMemory;
    }

    private static byte[] OneLine(ReadOnlyMemory<byte> json)
    {
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
