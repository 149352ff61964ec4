using System.ComponentModel.DataAnnotations;

namespace Gateway.Catalogue.Importing;

/// <summary>How much is read of what others published. What is beyond is refused, with its place.</summary>
public sealed record DumpOptions
{
    /// <summary>Bytes of a file that is one JSON document; one with an entry a line may have any length.</summary>
    [Range(1, 1 << 30)]
    public int FileBytesMax { get; init; } = 256 << 20;

    /// <summary>Bytes of a line.</summary>
    [Range(1, 1 << 30)]
    public int LineBytesMax { get; init; } = 32 << 20;

    /// <summary>Bytes of a tool's definition that are looked at; of a longer one its name and description.</summary>
    [Range(1_000, 1 << 24)]
    public int DefinitionBytesMax { get; init; } = 64 << 10;

    /// <summary>Tools of one server.</summary>
    [Range(1, 1_000_000)]
    public int ToolsMax { get; init; } = 10_000;

    /// <summary>Servers.</summary>
    [Range(1, 5_000_000)]
    public int ServersMax { get; init; } = 1_000_000;

    /// <summary>Refusals that are told one by one; all are counted.</summary>
    [Range(0, 100_000)]
    public int RefusalsMax { get; init; } = 1_000;
}
