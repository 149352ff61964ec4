using System.Buffers.Text;

namespace Gateway.LoadTests.Generating;

/// <summary>The parts of an HTTP/1.1 response that a generator needs: where it ends, and if it was a refusal.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="BodyAt">The offset of the body.</param>
/// <param name="BodyLength">The length of the body; -1 for a chunked body.</param>
/// <param name="MustClose">True if the server closes the connection after it.</param>
internal readonly record struct AnswerHead(int Status, int BodyAt, int BodyLength, bool MustClose)
{
    private const int StatusAt = 9;

    /// <summary>The outcome of the call, known once the body is complete.</summary>
    public CallOutcome Outcome { get; private init; }

    /// <summary>Reads the head; returns false while it is incomplete.</summary>
    /// <exception cref="IOException">It is not an HTTP/1.1 response.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AnswerHead head)
    {
        head = default;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        if (!bytes.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(bytes[StatusAt..], out int status, out _))
            throw new IOException("The answer is not HTTP/1.1.");
        var lines = bytes[..(end + 2)];
        var isChunked = Value(lines, "transfer-encoding") is { } encoding
            && encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase);
        var length = isChunked ? -1
            : int.TryParse(Value(lines, "content-length"), out var stated) ? stated
            : 0;
        var isLast = Value(lines, "connection") is { } connection
            && connection.Equals("close", StringComparison.OrdinalIgnoreCase);
        head = new AnswerHead(status, end + 4, length, isLast);
        return true;
    }

    public bool IsWhole(ReadOnlySpan<byte> bytes) => BodyLength >= 0
        ? bytes.Length >= BodyAt + BodyLength
        // Only the last chunk is empty, and a response here is text without an empty line of that form.
        : bytes[BodyAt..].EndsWith("\r\n0\r\n\r\n"u8) || bytes[BodyAt..].SequenceEqual("0\r\n\r\n"u8);

    /// <summary>
    /// Returns the head with the outcome; a denied call is an HTTP 200 whose decision is in the body.
    /// </summary>
    public AnswerHead WithOutcome(ReadOnlySpan<byte> bytes)
    {
        var body = bytes[BodyAt..];
        var outcome = Status switch
        {
            200 when body.IndexOf("\"outcome\":\"rate_limited\""u8) >= 0 => CallOutcome.RateLimited,
            200 when body.IndexOf("\"outcome\":\"unavailable\""u8) >= 0 => CallOutcome.Unavailable,
            200 when body.IndexOf("\"outcome\":\""u8) >= 0 => CallOutcome.Denied,
            200 => CallOutcome.Admitted,
            429 => CallOutcome.RateLimited,
            503 => CallOutcome.Unavailable,
            _ => CallOutcome.Unexpected,
        };
        return this with { Outcome = outcome };
    }

    private static string? Value(ReadOnlySpan<byte> lines, string name)
    {
        while (lines.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            var line = lines[..end];
            lines = lines[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon == name.Length && Ascii.EqualsIgnoreCase(line[..colon], name))
                return Encoding.ASCII.GetString(line[(colon + 1)..]).Trim();
        }

        return null;
    }
}
