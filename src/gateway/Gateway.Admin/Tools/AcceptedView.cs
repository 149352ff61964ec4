namespace Gateway.Admin.Tools;

/// <summary>What was accepted.</summary>
/// <param name="Server">The server.</param>
/// <param name="Accepted">The tools, by name.</param>
internal sealed record AcceptedView(string Server, IReadOnlyList<string> Accepted);
