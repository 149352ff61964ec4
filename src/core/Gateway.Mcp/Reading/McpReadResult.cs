using System.Diagnostics.CodeAnalysis;

namespace Gateway.Mcp.Reading;

/// <summary>Either a message or the reason why the bytes are none.</summary>
public readonly struct McpReadResult
{
    /// <summary>The bytes are this message.</summary>
    public McpReadResult(McpMessage message) => Message = message;

    /// <summary>The bytes are refused.</summary>
    public McpReadResult(McpFault fault) => Fault = fault;

    /// <summary>The message; null when refused.</summary>
    public McpMessage? Message { get; }

    /// <summary>Why the bytes were refused; null when they were read.</summary>
    public McpFault? Fault { get; }

    /// <summary>Whether a message was read.</summary>
    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsMessage => Message is not null;
}
