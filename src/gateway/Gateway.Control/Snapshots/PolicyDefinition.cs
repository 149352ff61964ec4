using Gateway.Policy;

namespace Gateway.Control.Snapshots;

/// <summary>A policy by its name, compiled and as written.</summary>
public sealed record PolicyDefinition(string Name, CompiledPolicy Policy, ReadOnlyMemory<byte> Document)
{
    /// <summary>
    /// Warnings about permitted but probably unintended content; only for stored policies, because those of the file
    /// are reported with the file.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
