using System.CommandLine;
using System.Text.Json;
using Gateway.Admin.Channels;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Channels;

/// <summary><c>gateway channel</c>: the channels for notifications about approvals that are pending.</summary>
internal static class ChannelCommand
{
    private static readonly Argument<string> Name = Resources.Channels.Name;

    private static readonly Option<string> Kind = Choice();

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where messages are posted; https, or http with --allow-private. It is kept encrypted and never "
            + "shown: with Slack and Teams it is the secret. Of a Slack app: https://slack.com/api. Of mail: "
            + "smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// with port 465.",
        HelpName = "URL",
        Required = true,
    };

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "Only of this type of message, such as approval.asked, approval.escalated, budget.reached or "
            + "tool.drifted, or a pattern with *. May be given several times.",
        HelpName = "TYPE",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string[]> Servers = Names("--server", "Only of this server");
    private static readonly Option<string[]> Tools = Names("--tool", "Only of this tool");
    private static readonly Option<string[]> Grants = Names("--grant", "Only of this grant");

    private static readonly Option<string[]> Categories = OneOf(
        "--category", "Only of tools of this category", "Read", "Write", "Execute", "Destructive", "Financial",
        "Secret");

    private static readonly Option<string[]> Risks = OneOf(
        "--risk", "Only of tools of this risk", "Low", "Medium", "High", "Critical");

    private static readonly Option<bool> IncludeArguments = new("--include-arguments")
    {
        Description = "Messages carry the arguments of calls. Default: they do not.",
    };

    private static readonly Option<string?> LinkBase = new("--link-base")
    {
        Description = "The operator's address as those who read the messages reach it, such as "
            + "https://gateway.example.com; messages have a link then.",
        HelpName = "URL",
    };

    private static readonly Option<bool> AllowPrivate = new("--allow-private")
    {
        Description = "The address may be in a private network, or on the gateway's own machine.",
    };

    public static Command Create() => new("channel", "Choose who is told that a call waits for a person.")
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
            "Send a test message and say what came of it.\n\nExample:\n  gateway channel test ops", TestAsync, Name),
        RemoteVerb.Create("rotate",
            "Give a webhook a new secret; for 24 hours messages are signed with both.\n\nExample:\n"
            + "  gateway channel rotate ops", RotateAsync, Name),
        RemoteVerb.Create("resend",
            "Try messages again that could not be sent.\n\nExample:\n  gateway channel resend ops", ResendAsync, Name),
        Resources.Channels.Remove(
            "remove", "Remove a channel.\n\nExample:\n  gateway channel remove ops", "is removed.",
            isUnconditional: true),
    };

    private static Option<string> Choice()
    {
        var kind = new Option<string>("--kind") { Description = "The form of its messages.", Required = true };
        kind.AcceptOnlyFromAmong("webhook", "slack", "slack-app", "teams", "email");
        return kind;
    }

    private static Option<string[]> OneOf(string name, string only, params string[] words)
    {
        var option = new Option<string[]>(name)
        {
            Description = $"{only}; a tool of which nothing is known passes. May be given several times.",
            AllowMultipleArgumentsPerToken = false,
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static Option<string[]> Names(string name, string only) => new(name)
    {
        Description = $"{only}; a name, or a pattern with *. May be given several times.",
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
        Say(output, $"{name} is added; \"gateway channel test {name}\" tries it."
            + (added.Value.Channel.Slack is not { } slack ? ""
                : $"\nHave Slack's app post its interactions to {slack.RequestPath} below the operator's address."),
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
        output.Say(isDelivered ? $"{name} took the message." : $"{name} was not told: {test.Value.Problem}", test.Json);
        return isDelivered ? ExitCode.Well : ExitCode.No;
    }

    private static async Task<int> RotateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var rotated = await client.PostAsync(
            $"{Resources.Channels.PathOf(parsed)}/rotate", ClientJson.Default.ChannelCreated, cancellation);
        Say(output, $"{parsed.GetValue(Name)} has a new secret; the old one signs beside it for 24 hours.", rotated);
        return ExitCode.Well;
    }

    private static async Task<int> ResendAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var resent = await client.PostAsync(
            $"{Resources.Channels.PathOf(parsed)}/resend", ClientJson.Default.ChannelResent, cancellation);
        output.Say($"{resent.Value.Count} messages to {parsed.GetValue(Name)} are tried again.", resent.Json);
        return ExitCode.Well;
    }

    private static void Say(Output output, string done, Reply<ChannelCreated> made) => output.Say(
        made.Value.Secret is { } secret ? $"{done} Its secret, shown this once: {secret}" : done, made.Json);
}
