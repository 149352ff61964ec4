namespace Gateway.Admin.Tools;

/// <summary>The accepted definitions of a server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Accepted">The tools, by name.</param>
internal sealed record AcceptedView(string Server, IReadOnlyList<string> Accepted)
{
    /// <summary>The prompts, resources and templates, by name.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>The time of the acceptance, by which it can be undone; null if nothing was accepted.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>The definitions of a server that are accepted as before again.</summary>
/// <param name="Server">The server.</param>
/// <param name="Restored">The tools, by name.</param>
internal sealed record UnacceptedView(string Server, IReadOnlyList<string> Restored)
{
    /// <summary>The prompts, resources and templates, by name.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}
