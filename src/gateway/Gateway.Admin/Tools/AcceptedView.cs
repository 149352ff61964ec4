namespace Gateway.Admin.Tools;

/// <summary>The accepted definitions of a server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Accepted">The tools, by name.</param>
internal sealed record AcceptedView(string Server, IReadOnlyList<string> Accepted)
{
    /// <summary>The prompts, resources and templates, by name.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}
