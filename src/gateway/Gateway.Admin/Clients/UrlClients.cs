using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Admin.Clients;

/// <summary>Clients that accept a URL and sign in, and the links that install a server in one click.</summary>
public static class UrlClients
{
    private static readonly string[] AlsoSignIn = ["claude-code", "cursor", "vscode"];

    /// <summary>The names of the clients that cannot send a token at all.</summary>
    public static IReadOnlyList<string> Names { get; } = ["claude-ai", "chatgpt"];

    /// <summary>Returns the configuration of these clients.</summary>
    public static IEnumerable<ClientSnippet> All(Uri url, string? issuer)
    {
        yield return new("claude-ai", "claude.ai", "Settings, Connectors, Add custom connector", url.ToString(),
            Note(url, issuer, "The URL must be reachable from the internet, on port 443."));
        yield return new("chatgpt", "ChatGPT", "Settings, Connectors, Create (developer mode)", url.ToString(),
            Note(url, issuer, "The URL must be reachable from the internet; choose OAuth."));
    }

    /// <summary>Returns a snippet with its install link, and with the information whether a URL is enough.</summary>
    public static ClientSnippet WithLink(ClientSnippet snippet, string server, Uri url, string? issuer) => snippet with
    {
        IsUrlEnough = issuer is not null && (Names.Contains(snippet.Client) || AlsoSignIn.Contains(snippet.Client)),
        Link = issuer is null ? null : Link(snippet.Client, server, url),
    };

    private static string? Link(string client, string server, Uri url)
    {
        switch (client)
        {
            case "cursor":
                var config = new JsonObject { ["url"] = url.ToString() }.ToJsonString();
                return $"cursor://anysphere.cursor-deeplink/mcp/install?name={Uri.EscapeDataString(server)}&config="
                    + Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(config)));
            case "vscode":
                return "vscode:mcp/install?" + Uri.EscapeDataString(new JsonObject
                {
                    ["name"] = server,
                    ["type"] = "http",
                    ["url"] = url.ToString(),
                }.ToJsonString());
            default:
                return null;
        }
    }

    private static string Note(Uri url, string? issuer, string more) => issuer is null
        ? "This client supports a URL but no header, and this gateway has no sign-in: set \"oauth\": { \"issuer\": … } "
            + "in the configuration file. Until then, use a client that can send the token."
        : url.AbsolutePath == "/mcp"
            ? $"The URL is enough: the client signs in at {issuer}. {more}"
            : $"The URL is enough: the client signs in at {issuer}. {more} If the client stops after that, give the "
                + "server a \"host\": some clients only support the path /mcp.";
}
