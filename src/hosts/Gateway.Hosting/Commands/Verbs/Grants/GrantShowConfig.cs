using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Admin.Clients;
using Gateway.Admin.Grants;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant show-config</c>: the text to paste into the configuration of an MCP client.</summary>
internal static class GrantShowConfig
{
    private const string TokenPlace = "<token>";

    private static readonly Argument<string> Name = Resources.Grants.Name;

    private static readonly Option<string?> Client = new("--client")
    {
        Description = $"Only for this client: {string.Join(", ", ClientSnippets.Names)}.",
        HelpName = "CLIENT",
    };

    private static readonly Option<string?> Token = new("--token")
    {
        Description = "The grant's token, to write into the configuration. The gateway stores only its hash.",
        HelpName = "TOKEN",
    };

    private static readonly Option<string?> PublicAddress = PublicUrl.Option(
        "Address that the agent uses. Default: the gateway's own --public-url or publicUrl, or its first --listen.");

    public static Command Create()
    {
        Client.AcceptOnlyFromAmong([.. ClientSnippets.Names]);
        Token.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is "")
                result.AddError("--token is empty; give the grant's token, or omit the option.");
        });
        return RemoteVerb.Create("show-config",
            "Print configuration to paste into an MCP client.\n\nExample:\n"
            + "  gateway grant show-config support-bot --client claude-code --token pgw_…",
            RunAsync, Name, Client, Token, PublicAddress);
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grant = (await client.GetAsync(
            Resources.Grants.PathOf(parsed), ClientJson.Default.GrantView, cancellation)).Value;
        var urls = (grant.Urls ?? new Dictionary<string, string>()).ToDictionary(
            static pair => pair.Key,
            pair => PublicUrl.Parse(parsed.GetValue(PublicAddress)) is { } root
                ? new Uri($"{root.AbsoluteUri.TrimEnd('/')}/mcp/{pair.Key}")
                : new Uri(pair.Value));
        var all = All(parsed, grant);
        var warning = Warning(all is null ? urls.Values : urls.Values.Append(all));
        if (warning is not null)
            Console.Error.WriteLine($"warning: {warning}");
        var token = parsed.GetValue(Token) ?? TokenPlace;
        var snippets = urls
            .SelectMany(pair => ClientSnippets.For(
                pair.Key, pair.Value, token, parsed.GetValue(Client), grant.Issuer))
            .ToList();
        if (all is not null)
            snippets.InsertRange(0, AggregateSnippets(parsed, all, token, grant.Issuer));
        if (output.IsJson)
            output.Json(Json(snippets, warning));
        else
            Print(output, snippets);
        return ExitCode.Well;
    }

    private static Uri? All(ParseResult parsed, GrantView grant) =>
        grant.Url is not { } url ? null
        : PublicUrl.Parse(parsed.GetValue(PublicAddress)) is { } root ? new Uri($"{root.AbsoluteUri.TrimEnd('/')}/mcp")
        : new Uri(url);

    /// <summary>Returns the snippets that reach all servers; a program is started for one server.</summary>
    private static IEnumerable<ClientSnippet> AggregateSnippets(
        ParseResult parsed, Uri all, string token, string? issuer) =>
        ClientSnippets.For(parsed.GetValue(Name)!, all, token, parsed.GetValue(Client), issuer)
            .Where(static snippet => snippet.Client != "program")
            .Select(static snippet => snippet with { Title = $"{snippet.Title}, all servers as one" });

    /// <summary>Returns a warning if a token would be readable in transit; otherwise null.</summary>
    private static string? Warning(IEnumerable<Uri> urls) =>
        urls.FirstOrDefault(static url => url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback) is { } plain
            ? $"{plain} is plain HTTP to another machine: the network can read the token. Run the gateway "
                + "with --listen https://… and --tls-cert, or put it behind a proxy with TLS and set --public-url."
            : null;

    private static JsonArray Json(List<ClientSnippet> snippets, string? warning) =>
        new([.. snippets.Select(snippet => new JsonObject
        {
            ["client"] = snippet.Client,
            ["where"] = snippet.Where,
            ["text"] = snippet.Text,
            ["note"] = snippet.Note,
            ["urlIsEnough"] = snippet.IsUrlEnough,
            ["link"] = snippet.Link,
            ["warning"] = warning,
        })]);

    private static void Print(Output output, List<ClientSnippet> snippets)
    {
        foreach (var snippet in snippets)
        {
            output.Line($"# {snippet.Title}: {snippet.Where}");
            output.Lines(snippet.Text);
            if (snippet.Note is not null)
                output.Line($"# {snippet.Note}");
            if (snippet.Link is not null)
                output.Line($"# or without a token, because the client signs in: {snippet.Link}");
            else if (snippet.IsUrlEnough && !UrlClients.Names.Contains(snippet.Client))
                output.Line("# or the URL without the token, because the client signs in");
            output.Line("");
        }
    }
}
