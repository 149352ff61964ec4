using System.CommandLine;
using System.Text.Json;
using Gateway.Admin.Channels;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Channels;

/// <summary><c>gateway channel</c>: the channels for notifications about approvals that are pending.</summary>
internal static class ChannelCommand
{
    private static readonly Argument<string> Name = Resources.Channels.Name;

    private static readonly Option<string> Kind = Choice();

    private static readonly Option<string> Url = new("--url")
    {
        Description = "The address for messages: https, or http with --allow-private. It is stored encrypted and never "
            + "shown: for Slack and Teams it is the secret. For a Slack app: https://slack.com/api. For mail: "
            + "smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// with port 465.",
        HelpName = "URL",
        Required = true,
    };

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "Only messages of this type, such as approval.asked, approval.escalated, budget.reached or "
            + "tool.drifted, or a pattern with *. Repeatable.",
        HelpName = "TYPE",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string[]> Servers = Names("--server", "Only messages about this server");
    private static readonly Option<string[]> Tools = Names("--tool", "Only messages about this tool");
    private static readonly Option<string[]> Grants = Names("--grant", "Only messages about this grant");

    private static readonly Option<string[]> Categories = OneOf(
        "--category", "Only messages about tools of this category",
        "Read", "Write", "Execute", "Destructive", "Financial",
        "Secret");

    private static readonly Option<string[]> Risks = OneOf(
        "--risk", "Only messages about tools of this risk", "Low", "Medium", "High", "Critical");

    private static readonly Option<bool> IncludeArguments = new("--include-arguments")
    {
        Description = "Include the arguments of calls in messages. Default: no.",
    };

    private static readonly Option<string?> LinkBase = new("--link-base")
    {
        Description = "The console's address for those who read the messages, such as "
            + "https://gateway.example.com; messages then contain a link.",
        HelpName = "URL",
    };

    private static readonly Option<bool> AllowPrivate = new("--allow-private")
    {
        Description = "Allow an address in a private network, or on the gateway's own machine.",
    };

    public static Command Create() => new("channel", "Manage the channels that notify people.")
    {
        RemoteVerb.Create("add",
            "Add a channel. A webhook's secret is printed once.\n\nExamples:\n"
            + "  gateway channel add ops --kind webhook --url https://ops.example.com/hooks/mcp\n"
            + "  gateway channel add pay --kind slack --url https://hooks.slack.com/services/… --tool \"refund*\"",
            AddAsync,
            [Name, Kind, Url, Types, Servers, Tools, Grants, Categories, Risks, LinkBase, IncludeArguments,
                AllowPrivate, .. SlackArguments.All]),
        Resources.Channels.List(
            "List the channels, with the messages that could not be sent.\n\nExample:\n  gateway channel list"),
        RemoteVerb.Create("test",
            "Send a test message and report the result.\n\nExample:\n  gateway channel test ops", TestAsync, Name),
        RemoteVerb.Create("rotate",
            "Create a new secret for a webhook; for 24 hours messages are signed with both.\n\nExample:\n"
            + "  gateway channel rotate ops", RotateAsync, Name),
        RemoteVerb.Create("resend",
            "Retry messages that could not be sent.\n\nExample:\n  gateway channel resend ops", ResendAsync, Name),
        Resources.Channels.Remove(
            "remove", "Remove a channel.\n\nExample:\n  gateway channel remove ops", "is removed.",
            isUnconditional: true),
    };

    private static Option<string> Choice()
    {
        var kind = new Option<string>("--kind") { Description = "The format of its messages.", Required = true };
        kind.AcceptOnlyFromAmong("webhook", "slack", "slack-app", "teams", "email");
        return kind;
    }

    private static Option<string[]> OneOf(string name, string only, params string[] words)
    {
        var option = new Option<string[]>(name)
        {
            Description = $"{only}; an unclassified tool passes too. Repeatable.",
            AllowMultipleArgumentsPerToken = false,
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static Option<string[]> Names(string name, string only) => new(name)
    {
        Description = $"{only}; a name, or a pattern with *. Repeatable.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = false,
    };

    private static async Task<int> AddAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new ChannelInput
        {
            Name = parsed.GetValue(Name)!,
            Kind = JsonSerializer.Deserialize($"\"{parsed.GetValue(Kind)}\"", ClientJson.Default.ChannelKind),
            Url = parsed.GetValue(Url)!,
            Types = parsed.GetValue(Types)?.ToList(),
            Servers = parsed.GetValue(Servers)?.ToList(),
            Tools = parsed.GetValue(Tools)?.ToList(),
            Grants = parsed.GetValue(Grants)?.ToList(),
            Categories = parsed.GetValue(Categories)?.ToList(),
            Risks = parsed.GetValue(Risks)?.ToList(),
            LinkBase = parsed.GetValue(LinkBase),
            IncludeArguments = parsed.GetValue(IncludeArguments),
            AllowPrivate = parsed.GetValue(AllowPrivate),
            Slack = SlackArguments.Of(parsed),
        };
        var added = await client.PostAsync(
            Resources.Channels.Path, body, ClientJson.Default.ChannelInput, ClientJson.Default.ChannelCreated,
            cancellation);
        var name = parsed.GetValue(Name);
        Say(output, $"{name} was added. Try it: gateway channel test {name}."
            + (added.Value.Channel.Slack is not { } slack ? ""
                : $"\nSet the interactivity request URL of Slack's app to the console's URL and {slack.RequestPath}."),
            added);
        return ExitCode.Well;
    }

    private static async Task<int> TestAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var test = await client.PostAsync(
            $"{Resources.Channels.PathOf(parsed)}/test", ClientJson.Default.ChannelTest, cancellation);
        var isDelivered = test.Value.Delivered;
        var name = parsed.GetValue(Name);
        output.Say(
            isDelivered ? $"{name} accepted the message." : $"{name} did not accept the message: {test.Value.Problem}",
            test.Json);
        return isDelivered ? ExitCode.Well : ExitCode.No;
    }

    private static async Task<int> RotateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var rotated = await client.PostAsync(
            $"{Resources.Channels.PathOf(parsed)}/rotate", ClientJson.Default.ChannelCreated, cancellation);
        Say(output, $"{parsed.GetValue(Name)} has a new secret; messages are signed with both for 24 hours.", rotated);
        return ExitCode.Well;
    }

    private static async Task<int> ResendAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var resent = await client.PostAsync(
            $"{Resources.Channels.PathOf(parsed)}/resend", ClientJson.Default.ChannelResent, cancellation);
        output.Say(
            $"{Spelling.Count(resent.Value.Count, "message")} to {parsed.GetValue(Name)} will be retried.",
            resent.Json);
        return ExitCode.Well;
    }

    private static void Say(Output output, string done, Reply<ChannelCreated> made) => output.Say(
        made.Value.Secret is { } secret ? $"{done} Its secret, shown only once: {secret}" : done, made.Json);
}
