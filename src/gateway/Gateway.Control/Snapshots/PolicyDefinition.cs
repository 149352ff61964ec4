using Gateway.Policy;

namespace Gateway.Control.Snapshots;

/// <summary>A policy by its name, compiled and as written.</summary>
public sealed record PolicyDefinition(string Name, CompiledPolicy Policy, ReadOnlyMemory<byte> Document)
{
    /// <summary>
    /// What is allowed in it and probably not meant; of stored ones, as the file's are told with the file.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
