using System.ComponentModel.DataAnnotations;

namespace Gateway.Catalogue.Importing;

/// <summary>
/// The bounds of an import of published definitions. Anything beyond them is refused, with its place.
/// </summary>
public sealed record DumpOptions
{
    /// <summary>
    /// The maximum size of a file that is one JSON document, in bytes; a file with one entry per line may have any
    /// size.
    /// </summary>
    [Range(1, 1 << 30)]
    public int FileBytesMax { get; init; } = 256 << 20;

    /// <summary>The maximum length of a line, in bytes.</summary>
    [Range(1, 1 << 30)]
    public int LineBytesMax { get; init; } = 32 << 20;

    /// <summary>
    /// The maximum size of a tool's definition, in bytes; of a longer one, the name and the description are kept.
    /// </summary>
    [Range(1_000, 1 << 24)]
    public int DefinitionBytesMax { get; init; } = 64 << 10;

    /// <summary>The maximum number of tools per server.</summary>
    [Range(1, 1_000_000)]
    public int ToolsMax { get; init; } = 10_000;

    /// <summary>The maximum number of servers.</summary>
    [Range(1, 5_000_000)]
    public int ServersMax { get; init; } = 1_000_000;

    /// <summary>The maximum number of refusals that are listed; all are counted.</summary>
    [Range(0, 100_000)]
    public int RefusalsMax { get; init; } = 1_000;
}
