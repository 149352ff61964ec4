namespace Gateway.Proxy.Admin.Servers;

/// <summary>A server as it is shown: the names of its headers, never their values.</summary>
/// <param name="Name">Its name; agents reach it at <c>/mcp/{name}</c>.</param>
/// <param name="Url">Its MCP endpoint.</param>
/// <param name="HeaderNames">Which headers are sent with every request.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>: what made it, and where it is changed.</param>
internal sealed record ServerView(string Name, string Url, IReadOnlyList<string> HeaderNames, string Origin);
