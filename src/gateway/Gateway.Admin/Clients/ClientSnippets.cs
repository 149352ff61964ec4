using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Mcp.Protocol;

namespace Gateway.Admin.Clients;

/// <summary>
/// Ready-to-paste configuration for MCP clients, each in the form that the client's own documentation gives for a
/// Streamable HTTP server with a custom header.
/// </summary>
public static class ClientSnippets
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The names of the clients.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "claude-desktop", "claude-code", "cursor", "vscode", "codex", "gemini-cli", "opencode", "windsurf", "zed",
        "n8n", "program", "generic", "curl", .. UrlClients.Names,
    ];

    /// <summary>Returns the configuration of every client, or of one.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="url">Its address.</param>
    /// <param name="token">The grant's token, or a placeholder.</param>
    /// <param name="client">The client; null for all.</param>
    /// <param name="issuer">The address where clients sign in; null if they cannot.</param>
    public static IEnumerable<ClientSnippet> For(
        string server, Uri url, string token, string? client, string? issuer = null) =>
        All(server, url, token, issuer).Concat(UrlClients.All(url, issuer))
            .Where(snippet => client is null || snippet.Client == client)
            .Select(snippet => UrlClients.WithLink(snippet, server, url, issuer));

    private static IEnumerable<ClientSnippet> All(string server, Uri url, string token, string? issuer)
    {
        yield return ClaudeDesktop(server, url, token);
        yield return new("claude-code", "Claude Code", "a shell in the project",
            $"claude mcp add --transport http {server} {url} --header \"Authorization: Bearer {token}\"");
        yield return Remote("cursor", "Cursor", "~/.cursor/mcp.json, or .cursor/mcp.json in the project",
            "mcpServers", "url", server, url, token);
        yield return VsCode(server, url, token);
        yield return Codex(server, url, token);
        yield return Remote("gemini-cli", "Gemini CLI",
            "~/.gemini/settings.json, or .gemini/settings.json in the project",
            "mcpServers", "httpUrl", server, url, token);
        yield return Remote("opencode", "opencode", "opencode.json in the project, or ~/.config/opencode/opencode.json",
            "mcp", "url", server, url, token, ("type", "remote"), ("oauth", false));
        yield return Remote("windsurf", "Windsurf", "~/.codeium/windsurf/mcp_config.json",
            "mcpServers", "serverUrl", server, url, token);
        yield return Remote("zed", "Zed", "settings.json (zed: open settings)",
            "context_servers", "url", server, url, token);
        yield return new("n8n", "n8n", "an MCP Client Tool node",
            $"Endpoint          {url}\nServer Transport  HTTP Streamable\n"
                + $"Authentication    Bearer Auth, token {token}");
        yield return Program(server, url, token, issuer);
        yield return new("generic", "Any other client", "its configuration",
            $"transport  Streamable HTTP\nurl        {url}\nheader     Authorization: Bearer {token}");
        yield return Curl(url, token);
    }

    /// <summary>
    /// Returns the configuration of a client whose JSON file has the URL and the headers of a server.
    /// </summary>
    private static ClientSnippet Remote(
        string client, string title, string where, string section, string address, string server, Uri url, string token,
        params (string Name, JsonNode Value)[] more)
    {
        var entry = new JsonObject();
        foreach (var (name, value) in more)
            entry[name] = value;
        entry[address] = url.ToString();
        entry["headers"] = Authorization($"Bearer {token}");
        return new(client, title, where, Json(new() { [section] = new JsonObject { [server] = entry } }));
    }

    private static ClientSnippet Codex(string server, Uri url, string token) => new(
        "codex", "Codex", "~/.codex/config.toml",
        // A dot in a bare TOML key would begin a table of its own.
        $"[mcp_servers.{(server.Contains('.', StringComparison.Ordinal) ? $"\"{server}\"" : server)}]\n"
            + $"url = \"{url}\"\nhttp_headers = {{ Authorization = \"Bearer {token}\" }}",
        "To keep the token out of the file, write bearer_token_env_var = \"GATEWAY_TOKEN\" instead of http_headers.");

    private static ClientSnippet ClaudeDesktop(string server, Uri url, string token)
    {
        // Its file can only start programs, and its connectors only support OAuth; mcp-remote is the program that sends
        // the header. On Windows an argument with a space is split, so the value is in a variable.
        var arguments = new JsonArray("-y", "mcp-remote", url.ToString(), "--header", "Authorization:${AUTHORIZATION}");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            arguments.Add((JsonNode)"--allow-http");
        return new("claude-desktop", "Claude Desktop", "claude_desktop_config.json (Settings, Developer, Edit Config)",
            Json(new()
            {
                ["mcpServers"] = new JsonObject
                {
                    [server] = new JsonObject
                    {
                        ["command"] = "npx",
                        ["args"] = arguments,
                        ["env"] = new JsonObject { ["AUTHORIZATION"] = $"Bearer {token}" },
                    }
                }
            }),
            "Needs Node.js. Restart Claude Desktop after the edit.");
    }

    private static ClientSnippet Program(string server, Uri url, string token, string? issuer)
    {
        // The path of a server with a host name of its own does not contain the server's name.
        var end = url.AbsoluteUri.LastIndexOf("/mcp/", StringComparison.Ordinal);
        var gateway = end >= 0 ? url.AbsoluteUri[..end] : issuer ?? url.GetLeftPart(UriPartial.Authority);
        return new("program", "A client that can start programs but not connect to a URL",
            "the client's configuration; most clients accept this form", Json(new()
            {
                ["mcpServers"] = new JsonObject
                {
                    [server] = new JsonObject
                    {
                        ["command"] = "gateway",
                        ["args"] = new JsonArray("stdio", "--server", server, "--gateway", gateway),
                        ["env"] = new JsonObject { ["GATEWAY_TOKEN"] = token },
                    }
                }
            }),
            "Needs the executable \"gateway\" on the client's machine.");
    }

    private static ClientSnippet VsCode(string server, Uri url, string token)
    {
        var input = $"{server}-token";
        return new("vscode", "VS Code", ".vscode/mcp.json, or MCP: Open User Configuration",
            Json(new()
            {
                ["inputs"] = new JsonArray(new JsonObject
                {
                    ["type"] = "promptString",
                    ["id"] = input,
                    ["description"] = $"Grant token for {server}",
                    ["password"] = true,
                }),
                ["servers"] = new JsonObject
                {
                    [server] = new JsonObject
                    {
                        ["type"] = "http",
                        ["url"] = url.ToString(),
                        ["headers"] = Authorization($"Bearer ${{input:{input}}}"),
                    }
                },
            }),
            $"VS Code asks once for the token: {token}");
    }

    private static ClientSnippet Curl(Uri url, string token)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = McpMethods.ToolsList,
            ["params"] = new JsonObject
            {
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = McpVersions.FirstStateless,
                    ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "curl", ["version"] = "1" },
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                },
            },
        };
        // One line, because each shell continues lines differently. Only single quotes mean the same in all shells, and
        // older versions of PowerShell remove double quotes from arguments, so the body comes through the pipe.
        string[] headers =
        [
            $"Authorization: Bearer {token}", "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            $"MCP-Protocol-Version: {McpVersions.FirstStateless}", "Mcp-Method: tools/list",
        ];
        return new("curl", "curl", "a shell: bash, zsh, PowerShell",
            $"echo {Quoted(message.ToJsonString())} | curl -sN {Quoted(url.ToString())} -d {Quoted("@-")}"
                + string.Concat(headers.Select(static header => $" -H {Quoted(header)}")),
            "A server of an older revision requires \"initialize\" first and returns an error that says so. "
                + "In Windows PowerShell 5 write curl.exe.");
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static JsonObject Authorization(string value) => new() { ["Authorization"] = value };

    private static string Json(JsonObject json) => json.ToJsonString(Readable);
}

/// <summary>The configuration of one MCP client, ready to paste.</summary>
/// <param name="Client">The client's name on the command line.</param>
/// <param name="Title">The client's display name.</param>
/// <param name="Where">The file, dialog or shell to paste it into.</param>
/// <param name="Text">The text to paste.</param>
/// <param name="Note">Additional instructions; null if there are none.</param>
public sealed record ClientSnippet(string Client, string Title, string Where, string Text, string? Note = null)
{
    /// <summary>True if the client needs only the URL, because it signs in.</summary>
    public bool IsUrlEnough { get; init; }

    /// <summary>The link that installs it in one click; null if there is none.</summary>
    public string? Link { get; init; }
}
