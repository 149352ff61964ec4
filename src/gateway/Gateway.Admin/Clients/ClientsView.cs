namespace Gateway.Admin.Clients;

/// <summary>The configuration of MCP clients for one server of a grant.</summary>
/// <param name="Server">The server.</param>
/// <param name="Url">Its address for agents.</param>
/// <param name="Clients">The text for each client; <c>&lt;token&gt;</c> stands for the token, which the gateway does
/// not know.</param>
internal sealed record ClientsView(string Server, string Url, IReadOnlyList<ClientSnippet> Clients);
