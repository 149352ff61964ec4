using System.CommandLine;
using System.Text;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant</c>: the grants, each with its servers and policies.</summary>
internal static class GrantCommand
{
    private static readonly Argument<string> Name = Resources.Grants.Name;

    private static readonly Option<string[]> Server = new("--server")
    {
        Description = "A server with its policy, as server=policy; repeatable.",
        HelpName = "SERVER=POLICY",
        Required = true,
    };

    private static readonly Option<string?> Expires = new("--expires")
    {
        Description = $"The expiry: {WrittenTime.Rule}.",
        HelpName = "WHEN",
    };

    private static readonly Option<string?> OfServer =
        CommonOptions.Filter("--server", "NAME", "Only grants that reach this server.");

    private static readonly Option<string?> OfPolicy =
        CommonOptions.Filter("--policy", "NAME", "Only grants with this policy.");

    private static readonly Option<string?> Selector = CommonOptions.Filter(
        "--selector", "SELECTOR", "Only grants whose labels match: team=support,env in (prod,test),!legacy.");

    private static readonly Option<string?> OfStatus =
        CommonOptions.Filter("--status", "WORD", "Only grants with this status.");

    public static Command Create()
    {
        OfStatus.AcceptOnlyFromAmong("active", "paused", "expired");
        return new Command("grant", "Create, list, change, rotate, pause, resume and revoke grants.")
        {
            RemoteVerb.Create("create",
                "Create a grant; its token is printed only once.\n\nExample:\n"
                + "  gateway grant create support-bot --server crm=support --expires 30d",
                CreateAsync, [Name, Server, Expires, RemoteVerb.Reason, .. GrantOptions.Members.All]),
            Resources.Grants.Show(
                "Show a grant; its token is never shown again.\n\nExample:\n  gateway grant show support-bot"),
            GrantBudgets.Create(),
            GrantSet.Create(),
            GrantRotate.Create(),
            Resources.Grants.List(
                "List the grants with their last use.\n\nExample:\n  gateway grant list", OfServer, OfPolicy, OfStatus,
                Selector),
            Resources.Grants.Pause(
                "Pause a grant: its calls are refused and its streams close until the grant is resumed.\n\nExample:\n"
                + "  gateway grant pause support-bot --until 30m"),
            Resources.Grants.Act("resume",
                "Resume a grant; its token stays the same.\n\nExample:\n"
                + "  gateway grant resume support-bot", static (name, _) => $"{name} is active again."),
            Resources.Grants.Remove("revoke",
                "Revoke a grant: its next call is refused, and its streams close.\n\nExample:\n"
                + "  gateway grant revoke support-bot",
                "was revoked. A new grant with this name continues its counters.", isUnconditional: true),
            GrantShowConfig.Create(),
            GrantReview.Create(),
        };
    }

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (GrantOptions.Servers(parsed.GetValue(Server)!) is not { } servers)
            return ExitCode.Usage;
        DateTimeOffset? end = null;
        if (parsed.GetValue(Expires) is { } expires && (end = GrantOptions.Expires(expires)) is null)
            return ExitCode.Usage;
        var body = GrantOptions.Body(parsed.GetValue(Name), servers, end);
        if (!GrantOptions.Members.TryRead(parsed, body))
            return ExitCode.Usage;
        var created = await client.PostAsync(
            Resources.Grants.Path, Encoding.UTF8.GetBytes(body.ToJsonString()), ClientJson.Default.GrantCreated,
            cancellation);
        if (output.IsJson)
        {
            output.Json(created.Json);
            return ExitCode.Well;
        }

        output.Line($"token, shown only once: {created.Value.Token}");
        foreach (var (server, url) in created.Value.Urls)
            output.Line($"{server}: {url}");
        if (created.Value.Grant.Url is { } all)
            output.Line($"all servers at one address: {all}");
        output.Line($"Next: gateway grant show-config {parsed.GetValue(Name)} --token <token>");
        return ExitCode.Well;
    }
}
