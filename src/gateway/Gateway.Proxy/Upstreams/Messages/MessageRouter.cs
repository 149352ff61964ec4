using System.Buffers;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// The router that finds the recipient of every message of a server, and restores the ids that the recipient knows.
/// </summary>
/// <param name="isShared">
/// True if several clients of one grant share the server. Ids are then the gateway's, a message reaches a client only
/// if it names that client's request, and the server cannot send its own requests (2026-07-28, stdio).
/// </param>
/// <param name="pending">The open requests.</param>
/// <param name="held">The session's own stream.</param>
/// <param name="reply">Responds to the server in the client's place.</param>
internal sealed class MessageRouter(bool isShared, PendingCalls pending, ServerMessageBuffer held, Action<byte[]> reply)
{
    /// <summary>Routes a message; returns false if it has no recipient and was dropped.</summary>
    public ValueTask<bool> RouteAsync(ServerMessage line) => line.Kind switch
    {
        McpMessageKind.Response => AnswerAsync(line),
        McpMessageKind.Notification => isShared ? ToItsRequestAsync(line) : ToSessionAsync(line),
        McpMessageKind.Request => isShared ? new(Refuse(line)) : ToSessionAsync(line),
        _ => throw new NotSupportedException($"McpMessageKind {line.Kind} has no case here."),
    };

    private async ValueTask<bool> AnswerAsync(ServerMessage line)
    {
        if (pending.Find(line.Id.Span) is not { } call || !pending.Remove(call))
            return false;
        var bytes = isShared
            ? LineEdit.Restore(line.Bytes, new(line.Id, call.Message.Id), Subscription(line, call))
            : LineEdit.Restore(line.Bytes);
        await call.Queue.AddAsync(bytes, isLast: true, line.ErrorCode);
        return true;
    }

    private async ValueTask<bool> ToItsRequestAsync(ServerMessage line)
    {
        var call = pending.FindByToken(line.ProgressToken.Span) ?? pending.Find(line.SubscriptionId.Span)
            ?? pending.Find(line.RequestId.Span);
        // Only a message that names no request may be assigned to the only open call: log messages name no request.
        var isUnnamed = line.ProgressToken.IsEmpty && line.SubscriptionId.IsEmpty && line.RequestId.IsEmpty;
        if (call is null && isUnnamed)
            call = pending.Single();
        if (call is not { TakesEvents: true })
            return false;
        await call.Queue.AddAsync(LineEdit.Restore(
            line.Bytes,
            new(line.ProgressToken, call.Message.ProgressToken),
            new(line.RequestId, call.Message.Id),
            Subscription(line, call)), isLast: false);
        return true;
    }

    // Over HTTP, a server chooses the stream. Messages of a request go with that request. Other requests and log
    // messages go with the newest call, which usually caused them. Changes go to the session's own stream.
    private async ValueTask<bool> ToSessionAsync(ServerMessage line)
    {
        var bytes = LineEdit.Restore(line.Bytes);
        if (pending.FindByToken(line.ProgressToken.Span) is { TakesEvents: true } call)
        {
            await call.Queue.AddAsync(bytes, isLast: false);
            return true;
        }

        var isOfCall = line.Kind == McpMessageKind.Request || line.Method == McpMethods.LogMessage;
        if (!isOfCall && await held.TrySendAsync(bytes))
            return true;
        if (pending.Newest() is { } newest)
            await newest.Queue.AddAsync(bytes, isLast: false);
        else if (!await held.TrySendAsync(bytes) && !held.TryHold(bytes))
            return line.Kind == McpMessageKind.Request && Refuse(line);
        return true;
    }

    private bool Refuse(ServerMessage line)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        JsonRpcWriter.WriteError(buffer, line.Id.Span, McpErrorCodes.InternalError, "No client accepts this request.");
        reply(buffer.WrittenSpan.ToArray());
        return false;
    }

    private static ValueEdit Subscription(ServerMessage line, PendingCall call) =>
        IdKey.Of(line.SubscriptionId.Span) == call.Key ? new(line.SubscriptionId, call.Message.Id) : default;
}
