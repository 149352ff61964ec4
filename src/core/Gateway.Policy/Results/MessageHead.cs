using System.Text.Json;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>The kind and id of a server's message, read without its content.</summary>
/// <param name="HasResult">True for a response to a call.</param>
/// <param name="Id">The id as raw JSON; empty if there is none.</param>
internal readonly record struct MessageHead(bool HasResult, ReadOnlyMemory<byte> Id)
{
    private const int DepthMax = 512;

    /// <summary>
    /// Reads the head; null unless the text is one JSON-RPC message with each member once and in its exact spelling.
    /// </summary>
    public static MessageHead? Read(ReadOnlyMemory<byte> message)
    {
        if (Utf8Text.FaultOf(message.Span) is not null)
            return null;
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Members(message, ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static MessageHead? Members(ReadOnlyMemory<byte> message, ref Utf8JsonReader reader)
    {
        var seen = 0;
        ReadOnlyMemory<byte> id = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.ValueTextEquals("jsonrpc"u8) ? 1
                : reader.ValueTextEquals("id"u8) ? 2
                : reader.ValueTextEquals("result"u8) ? 4
                : reader.ValueTextEquals("error"u8) ? 8
                : reader.ValueTextEquals("method"u8) ? 16
                : reader.ValueTextEquals("params"u8) ? 32 : 0;
            if (member == 0 || (seen & member) != 0)
                return null;
            seen |= member;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (member == 2)
                id = message[start..(int)reader.BytesConsumed];
        }

        while (reader.Read())
        {
            // Bytes after the message make the reader throw.
        }

        // A result, an error, or a method: exactly one of them.
        return (seen & (4 | 8 | 16)) is 4 or 8 or 16 && ((seen & 32) == 0 || (seen & 16) != 0)
            ? new MessageHead((seen & 4) != 0, id)
            : null;
    }
}
