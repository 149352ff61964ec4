namespace Gateway.Proxy.Admin.Grants;

/// <summary>A grant as it is shown: never its token.</summary>
/// <param name="Name">Its name, which its counters belong to.</param>
/// <param name="Status"><c>active</c>, <c>paused</c> or <c>expired</c>.</param>
/// <param name="Servers">Server name to policy name.</param>
/// <param name="Expires">From then on it is refused; null for never.</param>
/// <param name="Created">When it was made; null where the file made it.</param>
/// <param name="LastUsed">The last message that this process took from it since its start; null for none.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Urls">Server name to the address for agents; where one grant is shown.</param>
internal sealed record GrantView(
    string Name,
    string Status,
    IReadOnlyDictionary<string, string?> Servers,
    DateTimeOffset? Expires,
    DateTimeOffset? Created,
    DateTimeOffset? LastUsed,
    string Origin,
    IReadOnlyDictionary<string, string>? Urls = null);
