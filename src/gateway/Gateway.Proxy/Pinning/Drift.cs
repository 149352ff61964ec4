namespace Gateway.Proxy.Pinning;

/// <summary>The kind of difference between a tool and its accepted version.</summary>
public enum Drift
{
    /// <summary>No difference.</summary>
    None,

    /// <summary>A difference only in display members: titles, icons, <c>_meta</c>.</summary>
    Display,

    /// <summary>An app that was not accepted with the tool, or differs from the accepted one.</summary>
    App,

    /// <summary>Hints that claim less safety, or something else.</summary>
    Hints,

    /// <summary>Hints that claim more safety.</summary>
    SaferHints,

    /// <summary>A different description or schema.</summary>
    Contract,

    /// <summary>No version of the tool was accepted.</summary>
    New,

    /// <summary>The definition is ambiguous or unreadable.</summary>
    Unreadable,
}
