namespace Gateway.Mcp.Reading;

/// <summary>The bounds of a message that the reader accepts. A message beyond them is refused, never cut.</summary>
public sealed record McpReadBounds
{
    /// <summary>Maximum number of pages of one list that are read from a server.</summary>
    public const int ListPagesMax = 100;

    /// <summary>The default bounds.</summary>
    public static McpReadBounds Default { get; } = new();

    /// <summary>Maximum length of a body, in bytes. 4 MiB.</summary>
    public int BodyBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Maximum nesting depth of objects and arrays, envelope included. 64.</summary>
    public int DepthMax { get; init; } = 64;

    /// <summary>Maximum length of a method, in bytes. 128.</summary>
    public int MethodBytesMax { get; init; } = 128;

    /// <summary>Maximum length of a URI and of the name of a tool, prompt or task, in bytes. 8,192.</summary>
    public int NameBytesMax { get; init; } = 8192;

    /// <summary>Maximum length of an id, in bytes of raw JSON. 1,024.</summary>
    public int IdBytesMax { get; init; } = 1024;

    /// <summary>Maximum number of resources, and of tasks, in one <c>subscriptions/listen</c>. 256.</summary>
    public int ListenUrisMax { get; init; } = 256;
}
