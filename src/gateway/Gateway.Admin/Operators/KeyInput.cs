namespace Gateway.Admin.Operators;

/// <summary>The properties of a new API key.</summary>
internal sealed record KeyInput
{
    /// <summary>The name, unique among the operator's keys.</summary>
    public required string Name { get; init; }

    /// <summary>The roles that the key is restricted to; absent for all of the operator's.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The expiry; absent for 90 days from now.</summary>
    public DateTimeOffset? Expires { get; init; }
}
