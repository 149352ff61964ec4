using System.Globalization;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Calls;

/// <summary>
/// The timeout of a request whose server does not respond in time. Each progress notification of the server restarts
/// it, up to a fixed maximum from the beginning of the request.
/// </summary>
internal sealed class CallTimeout : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _after;
    private readonly TimeSpan _max;
    private readonly long _began;
    private volatile bool _isExtended;
    private volatile bool _endsAtMax;

    private CallTimeout(TimeSpan after, TimeSpan max, TimeProvider time)
    {
        (_after, _max, _time, _began) = (after, max > after ? max : after, time, time.GetTimestamp());
        _source = new CancellationTokenSource(after, time);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Starts the timeout of a call; returns null if it has none. Event streams have none.</summary>
    public static CallTimeout? Start(ServerModel server, McpMessage message, TimeProvider time) =>
        message.Kind == McpMessageKind.Request && message.Method != McpMethods.SubscriptionsListen
        && Of(server, message) is { } after
            ? new(after, server.Timeouts!.Max, time)
            : null;

    /// <summary>Returns the timeout of a request, or null if it has none.</summary>
    public static TimeSpan? Of(ServerModel server, McpMessage message) =>
        server.Timeouts?.Of(message.Method == McpMethods.ToolsCall ? message.Name : null);

    /// <summary>Restarts the timeout because the server reported progress.</summary>
    public void Extend()
    {
        _isExtended = true;
        var left = _max - _time.GetElapsedTime(_began);
        var next = left < _after ? left : _after;
        // Not by the clock at the end: a timer may fire a moment before its time.
        _endsAtMax = left < _after;
        try
        {
            _source.CancelAfter(next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }
        catch (ObjectDisposedException)
        {
            // The request ended at the same moment.
        }
    }

    /// <summary>Returns the response in place of the server's; its text explains the next step to a model.</summary>
    public byte[] Response(CallContext call, bool wasWritten)
    {
        var within = !_isExtended ? Seconds(_after)
            : _endsAtMax ? $"{Seconds(_max)}, although it reported progress"
            : $"{Seconds(_after)} of its last progress report";
        var what = call.Message.Method == McpMethods.ToolsCall ? $"the call of {call.Message.Name}" : "the request";
        var text = wasWritten
            ? $"Timed out: the server {call.Server.Name} did not respond to {what} within {within}, so the gateway "
                + "stopped waiting. The server may have executed it, and it counts against your limits. Check the "
                + "result before you repeat it. If the operation is always slow, use smaller steps."
            : $"Timed out: {what} was not sent to the server {call.Server.Name} within {within}. It was not executed "
                + "and does not count; try again later.";
        var scratch = JsonScratch.Take();
        if (call.Message.Method == McpMethods.ToolsCall)
        {
            JsonRpcWriter.BeginToolError(scratch.Json, call.Message.Id.Span, text, call.Revision);
            JsonRpcWriter.EndToolError(scratch.Json);
            return scratch.ToArray();
        }

        using var buffer = new PooledBuffer();
        JsonRpcWriter.WriteError(buffer, call.Message.Id.Span, McpErrorCodes.InternalError, text);
        return buffer.Written.ToArray();
    }

    public void Dispose() => _source.Dispose();

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0 s", CultureInfo.InvariantCulture);
}
