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
/// The response of a call whose stream of events began before its answer, because a person is asked or its server takes
/// long. What answers the call later, with a status and headers of its own, becomes the stream's last event.
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
        set => throw new NotSupportedException("The body of a held answer is written to, never replaced.");
    }

    /// <summary>Whether the client takes a stream of events.</summary>
    public static bool Accepts(HttpRequest request) => request.Headers.Accept.ToString()
        .Contains(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Waits for the answer of a server. If that takes longer than <see cref="StreamOptions.CallAfter"/>, the
    /// stream begins, so that nothing on the way cuts the connection before there is an answer.
    /// </summary>
    public static async Task<UpstreamResponse> WaitAsync(
        CallContext call, StreamOptions options, Task<UpstreamResponse> answer)
    {
        if (call.Message is not { Method: McpMethods.ToolsCall, Kind: McpMessageKind.Request }
            || !Accepts(call.Http.Request))
        {
            return await answer;
        }

        var wait = call.IsStreaming ? options.CommentEvery : options.CallAfter;
        while (true)
        {
            await ((Task)answer).WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // What becomes of the call of a client that left is not decided here.
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
                // The client left at this moment.
            }
        }
    }

    /// <summary>Begins the stream, and takes the response's place.</summary>
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

    /// <summary>Sends one event ahead of the answer.</summary>
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

    /// <summary>Sends a line that clients skip, so that nothing on the way takes the connection for dead.</summary>
    public async ValueTask SendCommentAsync(string text, CancellationToken cancellationToken)
    {
        _body.Writer.Write(Encoding.UTF8.GetBytes($": {text}\n\n"));
        await _body.Writer.FlushAsync(cancellationToken);
    }

    /// <summary>Passes on the rest of the answer, or an error in its place, and ends the stream.</summary>
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
        // The response has started.
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _response.OnCompleted(callback, state);

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A held answer is no file.");

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
        // An error that is a JSON-RPC message already is the better one.
        if (McpReader.Read(_writer.Gathered, McpReadBounds.Default).Message is
            { Kind: McpMessageKind.Response } message && message.Id.Span.SequenceEqual(_requestId.Span))
        {
            return OneLine(message.Body);
        }

        var buffer = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteError(buffer, _requestId.Span, McpErrorCodes.InternalError,
            $"The server answered with HTTP {StatusCode} and without a message.",
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
