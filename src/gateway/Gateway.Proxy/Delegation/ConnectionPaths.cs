namespace Gateway.Proxy.Delegation;

/// <summary>The paths of the pages at the gateway's origin on which people connect.</summary>
public static class ConnectionPaths
{
    /// <summary>The page with a person's own connections.</summary>
    public const string Own = "/connections";

    /// <summary>The prefix of a link's path.</summary>
    public const string Below = "/connections/";

    /// <summary>The address to which authorization servers return.</summary>
    public const string Callback = "/connections/callback";

    /// <summary>The gateway's client ID metadata document.</summary>
    public const string Client = "/connections/client";

    /// <summary>The query of a page that a caller's person opens, as opposed to an operator.</summary>
    public const string AsCaller = "?as=caller";

    /// <summary>Returns true for the address of a page below the origin.</summary>
    public static bool Has(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var at = path.Split('?')[0];
        return at == Own || at.StartsWith(Below, StringComparison.Ordinal);
    }
}
