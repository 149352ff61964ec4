namespace Gateway.Admin.Operators;

/// <summary>An API key as its owner wants it.</summary>
internal sealed record KeyInput
{
    /// <summary>What it is called among the operator's keys.</summary>
    public required string Name { get; init; }

    /// <summary>What it may at most; absent for all that the operator may.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>When it ends; absent for 90 days from now.</summary>
    public DateTimeOffset? Expires { get; init; }
}
