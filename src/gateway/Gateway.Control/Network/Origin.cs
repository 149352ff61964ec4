namespace Gateway.Control.Network;

/// <summary>The origin of an address: scheme, host and port.</summary>
public static class Origin
{
    /// <summary>Returns true if both addresses have the same origin.</summary>
    public static bool AreSame(Uri one, Uri other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Scheme == other.Scheme && one.Port == other.Port
            && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
    }
}
