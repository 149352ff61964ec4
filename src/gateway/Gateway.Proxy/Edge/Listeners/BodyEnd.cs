namespace Gateway.Proxy.Edge.Listeners;

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
