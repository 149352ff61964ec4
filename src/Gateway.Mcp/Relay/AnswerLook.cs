using System.Text.Json;

namespace Gateway.Mcp;

/// <summary>Whether a message is the answer to a request, and whether that answer is an error.</summary>
internal static class AnswerLook
{
    private const int DepthMax = 512;

    /// <summary>
    /// An error is a JSON-RPC <c>error</c> or a result with <c>isError: true</c>; what cannot be read is no answer.
    /// </summary>
    public static (bool IsAnswer, bool IsError) At(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            reader.Read();
            return reader.TokenType switch
            {
                JsonTokenType.StartObject => Message(ref reader),
                JsonTokenType.StartArray => Batch(ref reader),
                _ => (false, false),
            };
        }
        catch (JsonException)
        {
            return (false, false);
        }
    }

    private static (bool IsAnswer, bool IsError) Batch(ref Utf8JsonReader reader)
    {
        var (isAnswer, isError) = (false, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var one = Message(ref reader);
            isAnswer |= one.IsAnswer;
            isError |= one.IsError;
        }

        return (isAnswer, isError);
    }

    private static (bool IsAnswer, bool IsError) Message(ref Utf8JsonReader reader)
    {
        var (isAnswer, isError, isRequest) = (false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResult = reader.ValueTextEquals("result"u8);
            var isFailure = reader.ValueTextEquals("error"u8);
            isRequest |= reader.ValueTextEquals("method"u8);
            isAnswer |= isResult || isFailure;
            reader.Read();
            isError |= isFailure && reader.TokenType == JsonTokenType.StartObject;
            if (isResult && reader.TokenType == JsonTokenType.StartObject)
                isError |= Result(ref reader);
            else
                reader.Skip();
        }

        return isRequest ? (false, false) : (isAnswer, isError);
    }

    private static bool Result(ref Utf8JsonReader reader)
    {
        var isError = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFlag = reader.ValueTextEquals("isError"u8);
            reader.Read();
            isError |= isFlag && reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return isError;
    }
}
