namespace Gateway.Upstreams.Credentials;

/// <summary>Where an address leads: scheme, host and port.</summary>
internal static class Origin
{
    public static bool AreSame(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port
        && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
