using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.Mcp;
using Gateway.Mcp.Reading;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// One message of a server, parsed as far as routing requires. The envelope is parsed as strictly as a client's; the
/// content of a result is not checked, as over HTTP.
/// </summary>
internal sealed class ServerMessage
{
    private const int DepthMax = 512;

    private static readonly MemberTable Params = new("progressToken", "requestId", "_meta");
    private static readonly MemberTable ResultMembers = new("_meta");
    private static readonly MemberTable Meta = new("io.modelcontextprotocol/subscriptionId");
    private static readonly MemberTable ErrorMembers = new("code");

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required McpMessageKind Kind { get; init; }

    public string Method { get; init; } = "";

    /// <summary>The id as raw JSON; empty for a notification.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary><c>params.progressToken</c> of a progress notification.</summary>
    public ReadOnlyMemory<byte> ProgressToken { get; private set; }

    /// <summary><c>params.requestId</c> of a cancellation.</summary>
    public ReadOnlyMemory<byte> RequestId { get; private set; }

    /// <summary>The subscription of a message, as the id of the request that opened it.</summary>
    public ReadOnlyMemory<byte> SubscriptionId { get; private set; }

    /// <summary><c>error.code</c>; null if the message is not an error.</summary>
    public int? ErrorCode { get; private set; }

    /// <summary>Parses a message; returns null if the line is not exactly one JSON-RPC message.</summary>
    public static ServerMessage? Read(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
            return null;
        Span<RawValue> envelope = stackalloc RawValue[EnvelopeMember.Count];
        envelope.Clear();
        try
        {
            return TryScan(line.Span, envelope) ? Of(line, envelope) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader reports an escape that is not a valid character with InvalidOperationException.
            return null;
        }
    }

    private static bool TryScan(ReadOnlySpan<byte> line, Span<RawValue> envelope)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DepthMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
            var member = EnvelopeMember.Table.Find(name);
            if (member < 0 ? EnvelopeMember.Table.FindVariant(name) >= 0 : envelope[member].IsPresent)
                return false;
            reader.Read();
            var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (member >= 0)
                envelope[member] = new RawValue(type, start, (int)reader.BytesConsumed - start);
        }

        return !reader.Read();
    }

    private static ServerMessage? Of(ReadOnlyMemory<byte> line, ReadOnlySpan<RawValue> envelope)
    {
        var version = envelope[EnvelopeMember.JsonRpc];
        var id = envelope[EnvelopeMember.Id];
        if (version.Type != JsonTokenType.String || version.TextOf(line) != "2.0")
            return null;
        if (id.IsPresent && id.Type is not (JsonTokenType.String or JsonTokenType.Number))
            return null;
        var isResult = envelope[EnvelopeMember.Result].IsPresent;
        var isError = envelope[EnvelopeMember.Error].IsPresent;
        return envelope[EnvelopeMember.Method].IsPresent
            ? isResult || isError ? null : Call(line, envelope)
            : isResult == isError || !id.IsPresent ? null : Response(line, envelope);
    }

    private static ServerMessage? Call(ReadOnlyMemory<byte> line, ReadOnlySpan<RawValue> envelope)
    {
        var method = envelope[EnvelopeMember.Method];
        if (method.Type != JsonTokenType.String)
            return null;
        var id = envelope[EnvelopeMember.Id];
        var call = new ServerMessage
        {
            Bytes = line,
            Kind = id.IsPresent ? McpMessageKind.Request : McpMessageKind.Notification,
            Method = method.TextOf(line),
            Id = id.Of(line),
        };
        if (envelope[EnvelopeMember.Params] is { Type: JsonTokenType.StartObject } parameters)
        {
            var members = new SubMembers(parameters.Of(line), Params, stackalloc RawValue[3]);
            (call.ProgressToken, call.RequestId) = (members[0], members[1]);
            if (members.Type(2) == JsonTokenType.StartObject)
                call.ReadMeta(members[2]);
        }

        return call;
    }

    private static ServerMessage Response(ReadOnlyMemory<byte> line, ReadOnlySpan<RawValue> envelope)
    {
        var response = new ServerMessage
        {
            Bytes = line,
            Kind = McpMessageKind.Response,
            Id = envelope[EnvelopeMember.Id].Of(line),
        };
        if (envelope[EnvelopeMember.Result] is { Type: JsonTokenType.StartObject } result)
        {
            var members = new SubMembers(result.Of(line), ResultMembers, stackalloc RawValue[1]);
            if (members.Type(0) == JsonTokenType.StartObject)
                response.ReadMeta(members[0]);
        }

        if (envelope[EnvelopeMember.Error] is { Type: JsonTokenType.StartObject } error)
        {
            var members = new SubMembers(error.Of(line), ErrorMembers, stackalloc RawValue[1]);
            response.ErrorCode = members.Type(0) == JsonTokenType.Number
                && System.Buffers.Text.Utf8Parser.TryParse(members[0].Span, out int code, out _) ? code : 0;
        }

        return response;
    }

    private void ReadMeta(ReadOnlyMemory<byte> meta)
    {
        var members = new SubMembers(meta, Meta, stackalloc RawValue[1]);
        SubscriptionId = members[0];
    }
}
