using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Admin.Clients;

/// <summary>Clients that take a URL and sign in, and the links that install one in a click.</summary>
public static class UrlClients
{
    private static readonly string[] AlsoSignIn = ["claude-code", "cursor", "vscode"];

    /// <summary>Those that can send no token at all.</summary>
    public static IReadOnlyList<string> Names { get; } = ["claude-ai", "chatgpt"];

    /// <summary>Theirs.</summary>
    public static IEnumerable<ClientSnippet> All(Uri url, string? issuer)
    {
        yield return new("claude-ai", "claude.ai", "Settings, Connectors, Add custom connector", url.ToString(),
            Note(url, issuer, "It is reached from the internet, at port 443."));
        yield return new("chatgpt", "ChatGPT", "Settings, Connectors, Create (developer mode)", url.ToString(),
            Note(url, issuer, "It is reached from the internet; choose OAuth."));
    }

    /// <summary>The same, saying whether a URL is enough, and with the link that installs it.</summary>
    public static ClientSnippet Told(ClientSnippet snippet, string server, Uri url, string? issuer) => snippet with
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
        ? "It takes a URL and no header, and this gateway signs no client in: set \"oauth\": { \"issuer\": … } in the "
            + "configuration file. Until then use a client that sends the token."
        : url.AbsolutePath == "/mcp"
            ? $"The URL is enough: it signs in at {issuer}. {more}"
            : $"The URL is enough: it signs in at {issuer}. {more} If it stays silent after that, give the server a "
                + "\"host\": some go on at exactly /mcp only.";
}
