namespace Gateway.Mcp.Reading;

/// <summary>How much of a message the reader accepts; more is refused, never cut.</summary>
public sealed record McpReadBounds
{
    /// <summary>Pages of one list that are read from a server.</summary>
    public const int ListPagesMax = 100;

    /// <summary>The bounds that hold where nothing else is said.</summary>
    public static McpReadBounds Default { get; } = new();

    /// <summary>The longest body, in bytes. 4 MiB.</summary>
    public int BodyBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays, the envelope counted. 64.</summary>
    public int DepthMax { get; init; } = 64;

    /// <summary>The longest method, in bytes. 128.</summary>
    public int MethodBytesMax { get; init; } = 128;

    /// <summary>The longest name of a tool, prompt or task and the longest URI, in bytes. 8,192.</summary>
    public int NameBytesMax { get; init; } = 8192;

    /// <summary>The longest id, in bytes of raw JSON. 1,024.</summary>
    public int IdBytesMax { get; init; } = 1024;

    /// <summary>The most resources that one <c>subscriptions/listen</c> asks for. 256.</summary>
    public int ListenUrisMax { get; init; } = 256;
}
