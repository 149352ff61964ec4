using System.Text.Json;
using Gateway.Mcp.Protocol;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The inspection of a message: if it is the response to one request, and if that response is an error.
/// </summary>
/// <remarks>
/// An error causes a refund, so it must be an error to every parser: a message that two clients could read differently
/// counts as a response, and not as an error.
/// </remarks>
internal static class ResponseInspector
{
    private const int DepthMax = 512;

    /// <summary>
    /// Inspects a message. An error is a JSON-RPC <c>error</c> or a result with <c>isError: true</c>, under the
    /// request's own id; of several responses, each must be one. An unreadable message may be a response to a less
    /// strict parser.
    /// </summary>
    /// <param name="message">One JSON-RPC message, or an array of them.</param>
    /// <param name="requestId">The request's id as raw JSON; an empty one has no response.</param>
    public static (bool IsAnswer, bool IsError) At(ReadOnlySpan<byte> message, ReadOnlySpan<byte> requestId)
    {
        if (requestId.IsEmpty)
            return (false, false);
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            reader.Read();
            var seen = reader.TokenType switch
            {
                JsonTokenType.StartObject => Message(ref reader, requestId),
                JsonTokenType.StartArray => Batch(ref reader, requestId),
                _ => (false, false),
            };
            while (reader.Read())
            {
                // Bytes after the message make the reader throw.
            }

            return seen;
        }
        catch (JsonException)
        {
            return (MayBeMessage(message, isWhole: true), false);
        }
    }

    /// <summary>
    /// Returns true if a less strict parser might accept the bytes as a message, because they look like JSON.
    /// </summary>
    public static bool MayBeMessage(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var trimmed = bytes.Trim(" \t\r\n\uFEFF"u8);
        return !trimmed.IsEmpty && trimmed[0] is (byte)'{' or (byte)'['
            && (!isWhole || trimmed[^1] is (byte)'}' or (byte)']');
    }

    /// <summary>Returns true for a progress notification, regardless of escapes in its method.</summary>
    public static bool IsProgress(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMethod = reader.ValueTextEquals("method"u8);
                reader.Read();
                if (isMethod)
                {
                    return reader.TokenType == JsonTokenType.String
                        && reader.ValueTextEquals(McpMethods.Progress);
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not a message, so not a progress notification.
        }

        return false;
    }

    private static (bool IsAnswer, bool IsError) Batch(ref Utf8JsonReader reader, ReadOnlySpan<byte> requestId)
    {
        var (isAnswer, isError) = (false, true);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var one = Message(ref reader, requestId);
            isAnswer |= one.IsAnswer;
            isError &= !one.IsAnswer || one.IsError;
        }

        return (isAnswer, isAnswer && isError);
    }

    private static (bool IsAnswer, bool IsError) Message(ref Utf8JsonReader reader, ReadOnlySpan<byte> requestId)
    {
        var (ends, errors, ids) = (0, 0, 0);
        var (isClear, isOther) = (true, true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = AnswerMembers.Of(ref reader, out var isExact);
            reader.Read();
            isClear &= isExact;
            switch (member)
            {
                case AnswerMember.Id:
                    ids++;
                    var match = AnswerId.Compare(ref reader, requestId);
                    isClear &= match == AnswerIdMatch.Same;
                    isOther &= match == AnswerIdMatch.Other;
                    break;
                case AnswerMember.Result:
                    ends++;
                    errors += reader.TokenType == JsonTokenType.StartObject && IsToolError(ref reader) ? 1 : 0;
                    break;
                case AnswerMember.Error when reader.TokenType != JsonTokenType.Null:
                    ends++;
                    errors += reader.TokenType == JsonTokenType.StartObject ? 1 : 0;
                    break;
                case AnswerMember.Method:
                    isClear = false;
                    break;
            }

            reader.Skip();
        }

        if (ends == 0 || (ids > 0 && isOther))
            return (false, false);
        return (true, isClear && ids == 1 && ends == 1 && errors == 1);
    }

    private static bool IsToolError(ref Utf8JsonReader reader)
    {
        var (flags, raised) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFlag = AnswerMembers.IsErrorFlag(ref reader, out var isExact);
            reader.Read();
            flags += isFlag ? 1 : 0;
            raised += isFlag && isExact && reader.TokenType == JsonTokenType.True ? 1 : 0;
            reader.Skip();
        }

        return flags == 1 && raised == 1;
    }
}
