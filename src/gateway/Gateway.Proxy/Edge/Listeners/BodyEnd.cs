namespace Gateway.Proxy.Edge.Listeners;

/// <summary>How the reading of a request's body ended.</summary>
public enum BodyEnd
{
    /// <summary>It is there, whole.</summary>
    Whole,

    /// <summary>It is longer than the bound.</summary>
    TooLong,

    /// <summary>There is no memory for it now.</summary>
    NoMemory,
}
