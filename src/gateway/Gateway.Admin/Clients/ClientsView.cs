namespace Gateway.Admin.Clients;

/// <summary>What is pasted into MCP clients for one server of a grant.</summary>
/// <param name="Server">The server.</param>
/// <param name="Url">Its address for agents.</param>
/// <param name="Clients">
/// Each client's; <c>&lt;token&gt;</c> stands for the token, which the gateway does not know.
/// </param>
internal sealed record ClientsView(string Server, string Url, IReadOnlyList<ClientSnippet> Clients);
