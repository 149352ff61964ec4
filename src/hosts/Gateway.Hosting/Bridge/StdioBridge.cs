using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Bridge;

/// <summary>
/// An MCP server on standard input and output that represents the gateway: every message goes unchanged to its
/// endpoint, and every response comes back on a line. It decides nothing itself.
/// </summary>
internal sealed class StdioBridge(LineFraming lines, BridgeConnection link, TextWriter log, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReopenAfterMax = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, OpenCall> _calls = new();
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private readonly CancellationTokenSource _gone = new();
    private Task? _listening;

    /// <summary>Runs until the input ends or the session is gone.</summary>
    /// <returns>False if the session ended at the gateway: a client has to start again.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        try
        {
            while (await lines.ReadAsync(either.Token) is { } line)
                await TakeAsync(line, either.Token);
            await Task.WhenAll(_open.Keys);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Canceled, or the session is gone.
        }

        var isGone = _gone.IsCancellationRequested;
        await _gone.CancelAsync();
        await Task.WhenAll(_open.Keys);
        if (_listening is not null)
            await _listening;
        if (!isGone)
            await SayGoodbyeAsync();
        return !isGone;
    }

    public void Dispose() => _gone.Dispose();

    private async Task TakeAsync(byte[] line, CancellationToken cancellationToken)
    {
        var read = McpReader.Read(line, McpReadBounds.Default);
        if (read.Message is not { } message)
        {
            await FailAsync(read.Fault!.Id, read.Fault.Code, read.Fault.Message);
            return;
        }

        // Read once, here: messages are sent concurrently, and none may change the headers of another.
        var version = message.MetaProtocolVersion ?? link.Version;
        var isStateless = version is not null && McpVersions.RevisionOf(version) == McpRevision.Stateless;
        var session = isStateless ? null : link.Session;
        if (Unsendable(message, version) is { } problem)
        {
            if (message.Kind == McpMessageKind.Request)
                await FailAsync(message.Id, McpErrorCodes.InvalidRequest, problem);
            else
                await log.WriteLineAsync($"A message of the client was not sent: {problem}");
            return;
        }

        if (message.Kind == McpMessageKind.Request)
        {
            var call = CallAsync(message, version, session, cancellationToken);
            _open[call] = 0;
            _ = call.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
            return;
        }

        if (IsCancelWithoutSession(message))
            return;
        // Sent in order, because later messages may depend on a notification.
        await NotifyAsync(message, version, session, cancellationToken);
        if (message.Method == McpMethods.Initialized && link.Session is not null)
            _listening ??= ListenAsync(_gone.Token);
    }

    /// <summary>Names the member that no header can carry; null if the message can be sent.</summary>
    private static string? Unsendable(McpMessage message, string? version)
    {
        const string Why = "contains a character that HTTP headers cannot carry, such as a line break. Send the "
            + "message again without that character.";
        return version is not null && !BridgeConnection.IsHeaderValue(version)
            ? $"params._meta[\"io.modelcontextprotocol/protocolVersion\"] {Why}"
            : message.Kind != McpMessageKind.Response && !BridgeConnection.IsHeaderValue(message.Method)
            ? $"method {Why}"
            : null;
    }

    /// <summary>Takes the revision negotiated by <c>initialize</c>, if it can be sent as a header.</summary>
    private void Agree(McpMessage message, string? version)
    {
        if (message.Method == McpMethods.Initialize && version is not null && BridgeConnection.IsHeaderValue(version))
            link.Version = version;
    }

    /// <summary>
    /// Cancels a request that belongs to no session by closing its stream, which is the only way from 2026-07-28 on.
    /// Other requests of the same client may belong to a session.
    /// </summary>
    private bool IsCancelWithoutSession(McpMessage message)
    {
        if (message.Method != McpMethods.Cancelled)
            return false;
        using var json = JsonDocument.Parse(message.Body);
        var call = json.RootElement.TryGetProperty("params", out var parameters)
            && parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("requestId", out var id)
            ? _calls.GetValueOrDefault(id.GetRawText())
            : null;
        if (call is { Session: not null })
            return false;
        call?.Life.Cancel();
        return call is not null || link.Session is null;
    }

    private async Task NotifyAsync(
        McpMessage message, string? version, string? session, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await link.PostAsync(message, version, session, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                await log.WriteLineAsync($"{message.Method} was refused: {VisibleText.Of(await TextAsync(answer))}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await log.WriteLineAsync($"{link.Endpoint} cannot be reached: {VisibleText.Of(e.Message)}");
        }
    }

    private async Task CallAsync(
        McpMessage message, string? version, string? session, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var id = Encoding.UTF8.GetString(message.Id.Span);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (!_calls.TryAdd(id, new(life, session)))
        {
            await FailAsync(message.Id, McpErrorCodes.InvalidRequest, "Another open request has the same id.");
            return;
        }

        try
        {
            using var answer = await link.PostAsync(message, version, session, life.Token);
            await PassAsync(message, version, answer, life.Token);
            // A program can only report the end of its session by ending itself; the client starts it again. A 404 to a
            // request without a session has another meaning, such as an unknown method.
            if (answer.StatusCode == HttpStatusCode.NotFound && session is not null)
                await _gone.CancelAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await FailAsync(message.Id, McpErrorCodes.InternalError, WasSent(e)
                ? $"The gateway at {link.Endpoint} sent no full response: {e.Message} The call may have been executed; "
                    + "check before you repeat it."
                : $"The gateway at {link.Endpoint} cannot be reached: {e.Message} The call did not happen.");
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // Canceled by the client, which expects no response, or the client is gone.
        }
        catch (OperationCanceledException)
        {
            // Connecting took too long, so nothing was sent.
            await FailAsync(message.Id, McpErrorCodes.InternalError,
                $"The gateway at {link.Endpoint} could not be reached in time. The call did not happen.");
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Returns false if there was never a connection over which the call could have been sent.</summary>
    private static bool WasSent(Exception e) => e is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private async Task PassAsync(
        McpMessage message, string? version, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Headers.TryGetValues(McpHeaders.SessionId, out var session))
            link.Session = session.First();
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            await PassEventsAsync(message, version, answer, cancellationToken);
            return;
        }

        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (Answer.Of(body) is { } read && read.Id == Encoding.UTF8.GetString(message.Id.Span))
        {
            Agree(message, read.ProtocolVersion);
            await lines.WriteAsync(body);
        }
        else
        {
            await FailAsync(message.Id, McpErrorCodes.InternalError,
                $"The gateway responded with HTTP {(int)answer.StatusCode}: {await TextAsync(answer)}");
        }
    }

    private async Task PassEventsAsync(
        McpMessage message, string? version, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var place = new StreamPlace();
        var isAnswered = await PassStreamAsync(message, answer, place, cancellationToken);
        while (!isAnswered)
        {
            // A server may close a stream that can be resumed (2025-11-25, polling).
            if (place.LastEvent is null)
                throw new IOException("The stream ended before the response.");
            await Task.Delay(place.ReopenAfter, time, cancellationToken);
            using var more = await link.ListenAsync(place.LastEvent, version, cancellationToken);
            if (!more.IsSuccessStatusCode)
                throw new IOException($"The stream was not resumed: HTTP {(int)more.StatusCode}.");
            isAnswered = await PassStreamAsync(message, more, place, cancellationToken);
        }
    }

    private async Task<bool> PassStreamAsync(
        McpMessage message, HttpResponseMessage answer, StreamPlace place, CancellationToken cancellationToken)
    {
        await foreach (var item in EventsAsync(answer, place, cancellationToken))
        {
            if (item.Data.Length == 0)
                continue;
            var read = Answer.Of(item.Data);
            var isAnswer = read is not null && read.Id == Encoding.UTF8.GetString(message.Id.Span);
            if (isAnswer)
                Agree(message, read!.ProtocolVersion);
            await lines.WriteAsync(item.Data);
            if (isAnswer)
                return true;
        }

        return false;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var place = new StreamPlace();
        try
        {
            while (true)
            {
                try
                {
                    using var stream = await link.ListenAsync(place.LastEvent, link.Version, cancellationToken);
                    if (stream.IsSuccessStatusCode)
                    {
                        await foreach (var item in EventsAsync(stream, place, cancellationToken))
                        {
                            if (item.Data.Length > 0)
                                await lines.WriteAsync(item.Data);
                        }
                    }
                    else if (place.LastEvent is not null)
                    {
                        // The server may no longer know the event.
                        place.LastEvent = null;
                    }
                    else if ((int)stream.StatusCode < 500 && stream.StatusCode != HttpStatusCode.TooManyRequests)
                    {
                        return;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    // The stream broke; the session may live on.
                }

                await Task.Delay(place.ReopenAfter, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> EventsAsync(
        HttpResponseMessage answer, StreamPlace place,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, static (_, data) => data.ToArray());
        try
        {
            await foreach (var item in parser.EnumerateAsync(cancellationToken))
            {
                // An empty id clears the last one.
                place.LastEvent = item.EventId is { } id ? id.Length > 0 ? id : null : place.LastEvent;
                yield return item;
            }
        }
        finally
        {
            // An event that has only "retry" is not an item.
            if (parser.ReconnectionInterval is { Ticks: >= 0 } wait)
                place.ReopenAfter = wait < ReopenAfterMax ? wait : ReopenAfterMax;
        }
    }

    private async Task SayGoodbyeAsync()
    {
        if (link.Session is null)
            return;
        try
        {
            using var limit = new CancellationTokenSource(GoodbyeMax, time);
            await link.EndAsync(limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The session then ends by itself, after it was idle for long enough.
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync()).Trim();

    private Task FailAsync(ReadOnlyMemory<byte> id, int code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        JsonRpcWriter.WriteError(buffer, id.Span, code, message);
        return lines.WriteAsync(buffer.WrittenMemory);
    }

    /// <summary>
    /// The position at which a stream is resumed, and the delay, which the server sets by <c>retry</c>.
    /// </summary>
    private sealed class StreamPlace
    {
        public string? LastEvent { get; set; }

        public TimeSpan ReopenAfter { get; set; } = StdioBridge.ReopenAfter;
    }

    /// <summary>A request without a response yet, and the session that it belongs to.</summary>
    private sealed record OpenCall(CancellationTokenSource Life, string? Session);
}
