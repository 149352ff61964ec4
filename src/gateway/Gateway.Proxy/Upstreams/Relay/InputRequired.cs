using System.Text.Json;
using Gateway.Mcp.Reading;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// A detector of responses that request more input from the client (<c>resultType: "input_required"</c>, from
/// 2026-07-28), which also reads the state that the client sends back with it.
/// </summary>
internal static class InputRequired
{
    private const int DepthMax = 512;

    /// <param name="message">One JSON-RPC message.</param>
    /// <param name="requestState">The raw JSON string; empty if the server sent none.</param>
    public static bool TryRead(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> requestState)
    {
        requestState = default;
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        var isRequired = false;
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isResult = reader.ValueTextEquals("result"u8);
                reader.Read();
                if (isResult && reader.TokenType == JsonTokenType.StartObject)
                    isRequired = TryReadResult(message, ref reader, ref requestState);
                else
                    reader.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return isRequired;
    }

    private static bool TryReadResult(
        ReadOnlyMemory<byte> message, ref Utf8JsonReader reader, ref ReadOnlyMemory<byte> requestState)
    {
        var (isRequired, isReadable) = (false, true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("resultType"u8);
            var isState = reader.ValueTextEquals("requestState"u8);
            reader.Read();
            if (isType)
                isRequired = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("input_required"u8);
            if (isState)
            {
                // Only a string that every client repeats identically can be recognized again.
                isReadable = reader.TokenType == JsonTokenType.String && JsonText.HasPlainEscapes(reader.ValueSpan);
                requestState = message[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
            }

            reader.Skip();
        }

        return isRequired && isReadable;
    }
}
