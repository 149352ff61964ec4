using Gateway.Policy;

namespace Gateway.Proxy.Snapshots;

/// <summary>A policy by its name, compiled and as written.</summary>
internal sealed record PolicyDefinition(string Name, CompiledPolicy Policy, ReadOnlyMemory<byte> Document);
