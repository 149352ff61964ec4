using System.Text;
using System.Text.Json;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The comparison of a response's id with a request's, as common clients do.</summary>
internal static class AnswerId
{
    /// <param name="reader">The reader, at the value of the response's <c>id</c>.</param>
    /// <param name="requestId">The request's id as raw JSON, a string or a number.</param>
    public static AnswerIdMatch Compare(ref Utf8JsonReader reader, ReadOnlySpan<byte> requestId)
    {
        var isNumber = reader.TokenType == JsonTokenType.Number;
        if (!isNumber && reader.TokenType != JsonTokenType.String)
            return AnswerIdMatch.Perhaps;
        var raw = isNumber ? reader.ValueSpan : Quoted(reader.ValueSpan);
        if (raw.SequenceEqual(requestId))
            return AnswerIdMatch.Same;
        if (IdKey.Of(raw) is not { } theirs || IdKey.Of(requestId) is not { } ours)
            return AnswerIdMatch.Perhaps;
        if (theirs == ours)
            return AnswerIdMatch.Same;

        var isOursNumber = requestId[0] != (byte)'"';
        if (isNumber && isOursNumber)
            return IsOneDouble(raw, requestId) ? AnswerIdMatch.Perhaps : AnswerIdMatch.Other;
        // The official clients for TypeScript and Python parse a string of digits as a number, each in its own way.
        return isNumber != isOursNumber && MayBeNumber(isNumber ? ours : theirs)
            ? AnswerIdMatch.Perhaps
            : AnswerIdMatch.Other;
    }

    private static bool IsOneDouble(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        DoubleOf(one).Equals(DoubleOf(other));

    private static double DoubleOf(ReadOnlySpan<byte> number) =>
        System.Buffers.Text.Utf8Parser.TryParse(number, out double value, out _) ? value : double.NaN;

    /// <summary>
    /// Returns true if a key contains, after its first letter, a digit of any script or only whitespace.
    /// </summary>
    private static bool MayBeNumber(string key)
    {
        var text = key.AsSpan(1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsNumber(rune))
                return true;
        }

        return text.IsWhiteSpace();
    }

    private static byte[] Quoted(ReadOnlySpan<byte> value) => [(byte)'"', .. value, (byte)'"'];
}

/// <summary>The relation of a response's id to a request's id.</summary>
internal enum AnswerIdMatch
{
    /// <summary>Every client treats it as the id of another request.</summary>
    Other,

    /// <summary>Some clients treat it as this request's id, such as those that read <c>"1"</c> as 1.</summary>
    Perhaps,

    /// <summary>The request's own id.</summary>
    Same,
}
