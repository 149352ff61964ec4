using System.Diagnostics.CodeAnalysis;

namespace Gateway.Mcp.Reading;

/// <summary>A message, or the reason why the bytes are not a valid one.</summary>
public readonly struct McpReadResult
{
    /// <summary>Creates a result with a message.</summary>
    public McpReadResult(McpMessage message) => Message = message;

    /// <summary>Creates a refusal.</summary>
    public McpReadResult(McpFault fault) => Fault = fault;

    /// <summary>The message; null if refused.</summary>
    public McpMessage? Message { get; }

    /// <summary>The reason for the refusal; null if the message was read.</summary>
    public McpFault? Fault { get; }

    /// <summary>True if a message was read.</summary>
    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsMessage => Message is not null;
}
