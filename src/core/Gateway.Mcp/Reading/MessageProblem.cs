namespace Gateway.Mcp.Reading;

/// <summary>The reason why a body is refused, before the id of the response is known.</summary>
internal sealed record MessageProblem(int HttpStatus, int Code, string Message)
{
    public static MessageProblem Empty { get; } =
        Parse("The body is empty. Send one JSON-RPC message.");

    public static MessageProblem ByteOrderMark { get; } =
        Parse("The body starts with a byte order mark. Send UTF-8 without one.");

    public static MessageProblem NotUtf8 { get; } =
        Parse("The body is not valid UTF-8.");

    public static MessageProblem NotAnObject { get; } =
        Invalid("The body is not a JSON object. Send one JSON-RPC message.");

    public static MessageProblem Batch { get; } =
        Invalid("The body is a batch. Send each message in its own request.");

    public static MessageProblem TooLarge(int bytesMax) =>
        new(413, McpErrorCodes.InvalidRequest, $"The body is longer than {bytesMax} bytes.");

    public static MessageProblem NotJson(long line, long position) =>
        Parse($"The body is not well-formed JSON: line {line + 1}, byte {position + 1}.");

    public static MessageProblem TooDeep(int depthMax) =>
        Invalid($"The body nests deeper than {depthMax} levels.");

    public static MessageProblem Duplicate(long position) =>
        Invalid($"An object has the same member twice, the second at byte {position + 1}. Send each member once.");

    public static MessageProblem UnclearText(long position) =>
        Invalid(
            $"The text at byte {position + 1} contains an unpaired surrogate or a NUL, "
            + "which JSON parsers interpret differently. Remove this character.");

    public static MessageProblem NumberOutOfRange(long position) =>
        Invalid($"The number at byte {position + 1} is beyond the range of a double. Send it as a string.");

    public static MessageProblem CaseVariant(string member) =>
        Invalid($"A member name is a variant spelling of \"{member}\". Write the name exactly.");

    public static MessageProblem Invalid(string message) => new(400, McpErrorCodes.InvalidRequest, message);

    public static MessageProblem Params(string message) => new(400, McpErrorCodes.InvalidParams, message);

    public static MessageProblem Removed(string method) =>
        new(404, McpErrorCodes.MethodNotFound, $"{method} is not a method of this revision. Use subscriptions/listen.");

    public McpFault ToFault(ReadOnlyMemory<byte> id) => new(HttpStatus, Code, Message, id);

    private static MessageProblem Parse(string message) => new(400, McpErrorCodes.ParseError, message);
}
