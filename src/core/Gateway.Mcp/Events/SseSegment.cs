namespace Gateway.Mcp.Events;

/// <summary>A run of a stream's bytes: one whole event, or comments and blank lines between events.</summary>
/// <param name="Raw">The bytes as they came; valid until the next call to the assembler.</param>
/// <param name="Data">The event's data, its lines joined by a line feed; empty where there is none.</param>
/// <param name="IsEvent">False for what stands between events.</param>
public readonly record struct SseSegment(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data, bool IsEvent);
