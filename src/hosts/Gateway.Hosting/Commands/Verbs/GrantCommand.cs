using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway grant</c>: who may use which servers, by which policy.</summary>
internal static class GrantCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The grant's name." };

    private static readonly Option<string[]> Server = new("--server")
    {
        Description = "A server with its policy, as server=policy; may be given several times.",
        HelpName = "SERVER=POLICY",
        Required = true,
    };

    private static readonly Option<string?> Expires = new("--expires")
    {
        Description = $"When it ends: {WrittenTime.Rule}.",
        HelpName = "WHEN",
    };

    private static readonly Option<string?> OfServer =
        AuditFilters.Filter("--server", "NAME", "Only those that reach this server.");

    private static readonly Option<string?> OfPolicy =
        AuditFilters.Filter("--policy", "NAME", "Only those that this policy decides for.");

    private static readonly Option<string?> Selector = AuditFilters.Filter(
        "--selector", "SELECTOR", "Only those whose labels meet it: team=support,env in (prod,test),!legacy.");

    private static readonly Option<string?> OfStatus = AuditFilters.Filter("--status", "WORD", "Only these.");

    public static Command Create()
    {
        OfStatus.AcceptOnlyFromAmong("active", "paused", "expired");
        return new Command("grant", "Hand out, list, change, rotate, pause, resume and revoke grants.")
        {
            RemoteVerb.Create("create",
                "Hand out a grant; its token is printed this once.\n\nExample:\n"
                + "  gateway grant create support-bot --server crm=support --expires 30d",
                CreateAsync, [Name, Server, Expires, .. GrantOptions.Members.All]),
            GrantShow.Create(),
            GrantBudgets.Create(),
            GrantSet.Create(),
            GrantRotate.Create(),
            RemoteVerb.CreateRows("list",
                "List the grants with their last use.\n\nExample:\n  gateway grant list", ListAsync, OfServer, OfPolicy,
                OfStatus, Selector),
            RemoteVerb.Create("pause",
                "Refuse a grant's calls until it is resumed; its streams close.\n\nExample:\n"
                + "  gateway grant pause support-bot", PauseAsync, Name),
            RemoteVerb.Create("resume",
                "Take a grant's calls again; its token is the same.\n\nExample:\n"
                + "  gateway grant resume support-bot", ResumeAsync, Name),
            RemoteVerb.Create("revoke",
                "End a grant: its next call is refused, its streams close.\n\nExample:\n"
                + "  gateway grant revoke support-bot", RevokeAsync, Name),
            GrantShowConfig.Create(),
        };
    }

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = parsed.GetValue(Name) };
        if (GrantOptions.Servers(parsed.GetValue(Server)!) is not { } servers)
            return ExitCode.Usage;
        body["servers"] = servers;
        if (parsed.GetValue(Expires) is { } expires)
        {
            if (GrantOptions.Expires(expires) is not { } end)
                return ExitCode.Usage;
            body["expires"] = end;
        }

        if (!GrantOptions.Members.TryRead(parsed, body))
            return ExitCode.Usage;
        var created = (await client.SendAsync("POST", "grants", body, null, cancellation)).Object;
        if (output.IsJson)
        {
            output.Json(created);
            return ExitCode.Well;
        }

        output.Line($"token, shown this once: {created["token"]}");
        foreach (var (server, url) in created["urls"]!.AsObject())
            output.Line($"{server}: {url}");
        if (created["grant"]!["url"] is { } all)
            output.Line($"all of them as one: {all}");
        output.Line($"Next: gateway grant show-config {parsed.GetValue(Name)} --token <token>");
        return ExitCode.Well;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var query = string.Concat(new[] { OfServer, OfPolicy, OfStatus, Selector }
            .Where(option => parsed.GetValue(option) is not null)
            .Select(option => $"&{option.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(option)!)}"));
        output.Table(
            await client.ListAsync($"grants?{query}", cancellation), "There are no grants. See: gateway grant create",
            ("NAME", static grant => (string?)grant["name"]),
            ("STATUS", static grant => (string?)grant["status"]),
            ("SERVERS", static grant => Servers(grant)),
            ("LAST USED", static grant => Times.Show((string?)grant["lastUsed"])),
            ("EXPIRES", static grant => Times.Show((string?)grant["expires"])),
            ("FROM", static grant => grant["via"] is { } via ? $"{via}: {grant["client"]}" : (string?)grant["origin"]));
        return ExitCode.Well;
    }

    private static Task<int> PauseAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation) =>
        PostAsync(parsed, "pause", "is paused", client, output, cancellation);

    private static Task<int> ResumeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation) =>
        PostAsync(parsed, "resume", "is active again", client, output, cancellation);

    private static async Task<int> PostAsync(
        ParseResult parsed, string verb, string done, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        var path = $"grants/{Uri.EscapeDataString(name)}/{verb}";
        output.Say($"{name} {done}.", (await client.SendAsync("POST", path, null, null, cancellation)).Json);
        return ExitCode.Well;
    }

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"grants/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
        // Revoking is meant whatever the grant has become meanwhile.
        await client.SendAsync("DELETE", path, null, "*", cancellation);
        output.Say($"{parsed.GetValue(Name)} is revoked. Its counters stay with its name.", null);
        return ExitCode.Well;
    }

    public static string Servers(JsonNode grant) => string.Join(", ", grant["servers"]!.AsObject()
        .Select(static pair => $"{pair.Key}={(string?)pair.Value ?? "(no policy)"}"));
}
