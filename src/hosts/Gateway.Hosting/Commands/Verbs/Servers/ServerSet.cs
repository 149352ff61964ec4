using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>
/// <c>gateway server set</c>: changes an existing server. It never accepts programs, because registering one runs code
/// with the gateway's rights.
/// </summary>
internal static class ServerSet
{
    private static readonly Argument<string> Name = Resources.Servers.Name;

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "The server's MCP endpoint. Unless you may manage secrets, the server's headers and account "
            + "must then be entered again.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Host = new("--host")
    {
        Description = "A DNS name at which agents reach the server at exactly /mcp; \"\" removes it.",
        HelpName = "HOST",
    };

    private static readonly Option<string?> OAuthPolicy = new("--oauth-policy")
    {
        Description = "The policy of the grants that are created when clients sign in; \"\" removes it.",
        HelpName = "POLICY",
    };

    private static readonly Option<bool> NoHeaders = new("--no-headers") { Description = "Remove all headers." };

    private static readonly Option<bool> NoOAuth = new("--no-oauth") { Description = "Remove the server's account." };

    public static Command Create()
    {
        var command = RemoteVerb.Create("set",
            "Change a server. Members that are not given stay the same. Change programs in the configuration "
                + "file.\n\nExample:\n"
            + "  gateway server set crm --header \"Authorization: Bearer $CRM_TOKEN\"",
            RunAsync,
            [Name, Url, Host, OAuthPolicy, .. ServerSecrets.Options, .. ServerNetwork.Options, NoHeaders, NoOAuth]);
        command.Validators.Add(static result =>
        {
            if (!result.Children.OfType<System.CommandLine.Parsing.OptionResult>().Any(static option =>
                    option.Option == Url || option.Option == Host || option.Option == OAuthPolicy
                    || option.Option == NoHeaders || option.Option == NoOAuth
                    || ServerSecrets.Options.Contains(option.Option)
                    || ServerNetwork.Options.Contains(option.Option)))
                result.AddError("Nothing to change; write --url, --replica, --transport, --proxy, --timeout, --host, "
                    + "--header, --no-headers, --oauth-… or --no-oauth.");
            if (result.GetValue(NoHeaders) && result.GetValue(ServerSecrets.Header) is { Length: > 0 })
                result.AddError("Write either --header or --no-headers, not both.");
            if (result.GetValue(NoOAuth) && result.GetValue(ServerSecrets.ClientId) is not null)
                result.AddError("Write either --oauth-client-id or --no-oauth, not both.");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        var path = Resources.Servers.PathOf(name);
        var known = await client.GetAsync(path, ClientJson.Default.ServerView, cancellation);
        var patch = new JsonObject();
        if (!ServerSecrets.TryAdd(parsed, patch, known.Value.HeaderNames)
            || !ServerNetwork.TryAdd(parsed, parsed.GetValue(Url), patch, isPatch: true))
            return ExitCode.Usage;
        if (parsed.GetValue(Host) is { } host)
            patch["host"] = host.Length > 0 ? host : null;
        if (parsed.GetValue(OAuthPolicy) is { } policy)
            patch["oauthPolicy"] = policy.Length > 0 ? policy : null;
        if (parsed.GetValue(NoHeaders))
            patch["headers"] = null;
        if (parsed.GetValue(NoOAuth))
            patch["oauth"] = null;
        var set = await client.PatchAsync(
            path, patch, known.ETag ?? "*", ClientJson.Default.ServerView, cancellation);
        var next = ResourceText.Detached(set.Value) is { } detached
            ? $"The server's credential must be entered again: {detached}. Next: gateway server set {name} --header …"
            : $"Next: gateway server inspect {name}";
        output.Say($"{name} was changed. {next}", set.Json);
        return ExitCode.Well;
    }
}
