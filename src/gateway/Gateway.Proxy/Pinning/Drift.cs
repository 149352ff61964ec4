namespace Gateway.Proxy.Pinning;

/// <summary>How a tool differs from what was accepted of it.</summary>
public enum Drift
{
    /// <summary>In nothing.</summary>
    None,

    /// <summary>In what is only shown: titles, icons, <c>_meta</c>.</summary>
    Display,

    /// <summary>In hints that now say that it is less harmless, or something else.</summary>
    Hints,

    /// <summary>In hints that now say that it is safer.</summary>
    SaferHints,

    /// <summary>In its description or schemas.</summary>
    Contract,

    /// <summary>Nothing of it was accepted.</summary>
    New,

    /// <summary>It cannot be read with one meaning.</summary>
    Unreadable,
}
