namespace Gateway.Proxy.Edge.Listeners;

/// <summary>The result of reading a request's body.</summary>
/// <param name="Body">The body; empty unless it was read completely.</param>
/// <param name="Held">The bytes of the memory budget that are reserved for it; the caller returns them.</param>
/// <param name="End">The kind of result.</param>
public readonly record struct BodyRead(ReadOnlyMemory<byte> Body, long Held, BodyEnd End);

/// <summary>The result of reading a request's body.</summary>
public enum BodyEnd
{
    /// <summary>The body was read completely.</summary>
    Whole,

    /// <summary>The body is longer than the bound.</summary>
    TooLong,

    /// <summary>There is currently no memory for the body.</summary>
    NoMemory,
}
