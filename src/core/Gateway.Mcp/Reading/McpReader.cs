using System.Text.Unicode;

namespace Gateway.Mcp.Reading;

/// <summary>Reads one message so strictly that no other reader can interpret the same bytes differently.</summary>
public static class McpReader
{
    private const int KeysOnStack = 64;
    private const int LargeBytes = 64 * 1024;

    // The table is at most half full and doubles while the old one is still held: 4 plus 2 entries of 16 bytes per
    // name.
    private const int NameBytes = 6 * 16;
    private const int UnescapedFactor = 3;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads a whole body. Nothing is copied: the message's parts are slices of <paramref name="body"/>.
    /// </summary>
    /// <remarks>
    /// Refuses: a body that is not one UTF-8 JSON object within the bounds; a member that occurs twice in any object,
    /// compared after unescaping; a member of the envelope, or one that affects the decision, in another case; an id
    /// other than a string or a number; a message that is of two kinds at once; <c>params</c> that do not name the
    /// object of the method; and unpaired surrogates, NULs and numbers beyond a double, which readers interpret
    /// differently.
    /// </remarks>
    public static McpReadResult Read(ReadOnlyMemory<byte> body, McpReadBounds options)
    {
        if (CheckBytes(body.Span, options) is { } unreadable)
            return new McpReadResult(unreadable.ToFault(default));

        Span<RawValue> envelope = stackalloc RawValue[EnvelopeMember.Count];
        Span<RawValue> parameters = stackalloc RawValue[ParamsMember.Count];
        Span<int> owners = stackalloc int[options.DepthMax + 2];
        Span<KeyEntry> places = stackalloc KeyEntry[KeysOnStack];
        envelope.Clear();
        parameters.Clear();
        places.Clear();

        var scanner = new MessageScanner(
            body.Span, options.DepthMax, envelope, parameters, owners, new KeySet(body.Span, places));
        try
        {
            var problem = scanner.Run();
            var rules = new MessageRules(body, options, envelope, parameters, scanner.ParamsVariants);
            return problem is null ? rules.Apply() : new McpReadResult(problem.ToFault(rules.IdIfSound()));
        }
        finally
        {
            scanner.Dispose();
        }
    }

    /// <summary>
    /// Returns the maximum number of bytes that <see cref="Read"/> temporarily allocates besides the body, as every
    /// name of a large message goes into a table. 0 for a message that is not large.
    /// </summary>
    public static long ReadingBytes(ReadOnlySpan<byte> body)
    {
        if (body.Length <= LargeBytes)
            return 0;
        var unescaped = body.Contains((byte)'\\') ? UnescapedFactor * (long)body.Length : 0;
        return unescaped + ((long)body.Count((byte)':') * NameBytes);
    }

    private static MessageProblem? CheckBytes(ReadOnlySpan<byte> body, McpReadBounds options)
    {
        if (body.IsEmpty)
            return MessageProblem.Empty;
        if (body.Length > options.BodyBytesMax)
            return MessageProblem.TooLarge(options.BodyBytesMax);
        if (body.StartsWith(ByteOrderMark))
            return MessageProblem.ByteOrderMark;
        return Utf8.IsValid(body) ? null : MessageProblem.NotUtf8;
    }
}
