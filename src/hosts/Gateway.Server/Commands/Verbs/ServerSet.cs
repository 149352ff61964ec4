using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

/// <summary>
/// <c>gateway server set</c>: changes a server that there is. It never takes programs: whoever registers one runs code
/// as the gateway.
/// </summary>
internal static class ServerSet
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's name." };

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "Its MCP endpoint. Another host has to be given the headers and the account anew.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Host = new("--host")
    {
        Description = "A DNS name at which it is served at exactly /mcp; \"\" takes it away.",
        HelpName = "HOST",
    };

    private static readonly Option<string?> OAuthPolicy = new("--oauth-policy")
    {
        Description = "The policy of grants that clients sign in for; \"\" takes it away.",
        HelpName = "POLICY",
    };

    private static readonly Option<bool> NoHeaders = new("--no-headers") { Description = "Send no headers any more." };

    private static readonly Option<bool> NoOAuth = new("--no-oauth") { Description = "Take its account away." };

    public static Command Create()
    {
        var command = RemoteVerb.Create("set",
            "Change a server; what is not given stays. Programs are changed in the configuration file.\n\nExample:\n"
            + "  gateway server set crm --header \"Authorization: Bearer $CRM_TOKEN\"",
            RunAsync, [Name, Url, Host, OAuthPolicy, .. ServerSecrets.Options, NoHeaders, NoOAuth]);
        command.Validators.Add(static result =>
        {
            if (!result.Children.OfType<System.CommandLine.Parsing.OptionResult>().Any(static option =>
                    option.Option == Url || option.Option == Host || option.Option == OAuthPolicy
                    || option.Option == NoHeaders || option.Option == NoOAuth
                    || ServerSecrets.Options.Contains(option.Option)))
                result.AddError("Say what is to change: --url, --host, --header, --no-headers, --oauth-…, --no-oauth.");
            if (result.GetValue(NoHeaders) && result.GetValue(ServerSecrets.Header) is { Length: > 0 })
                result.AddError("Write --header or --no-headers, not both.");
            if (result.GetValue(NoOAuth) && result.GetValue(ServerSecrets.ClientId) is not null)
                result.AddError("Write --oauth-client-id or --no-oauth, not both.");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        var path = $"servers/{Uri.EscapeDataString(name)}";
        var known = await client.GetAsync(path, cancellation);
        var body = new JsonObject { ["url"] = parsed.GetValue(Url) ?? (string?)known.Object["url"] };
        if (!ServerSecrets.TryAdd(parsed, body))
            return ExitCode.Usage;
        if (parsed.GetValue(Host) is { } host)
            body["host"] = host;
        if (parsed.GetValue(OAuthPolicy) is { } policy)
            body["oauthPolicy"] = policy;
        if (parsed.GetValue(NoHeaders))
            body["headers"] = new JsonObject();
        if (parsed.GetValue(NoOAuth))
            body["oauth"] = new JsonObject();
        var set = await client.SendAsync("PUT", path, body, known.ETag ?? "*", cancellation);
        output.Say($"{name} is changed. Next: gateway server inspect {name}", set.Json);
        return ExitCode.Well;
    }
}
