namespace Gateway.Mcp.Events;

/// <summary>A segment of a stream: one whole event, or comments and blank lines between events.</summary>
/// <param name="Raw">The bytes as received; valid until the next call to the assembler.</param>
/// <param name="Data">The event's data, its lines joined by a line feed; empty if there is none.</param>
/// <param name="IsEvent">False for bytes between events.</param>
public readonly record struct SseSegment(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data, bool IsEvent);
