using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Channels;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Channels;

/// <summary><c>gateway channel</c>: the channels for notifications about approvals that are pending.</summary>
internal static class ChannelCommand
{
    private static readonly Argument<string> Name = Resources.Channels.Name;

    private static readonly Option<string> Kind = Choice();

    private static readonly MemberOptions New = new(ChannelPatch.Members, "url");

    public static Command Create() => new("channel", "Manage the channels that notify people.")
    {
        RemoteVerb.Create("add",
            "Add a channel. The secret of a webhook is printed only once.\n\nExamples:\n"
            + "  gateway channel add ops --kind webhook --url https://ops.example.com/hooks/mcp\n"
            + "  gateway channel add pay --kind slack --url https://hooks.slack.com/services/… --tool \"refund*\"",
            AddAsync,
            [Name, Kind, RemoteVerb.Reason, .. New.All, .. SlackArguments.All]),
        Resources.Channels.Set(
            "Change a channel. Members that are not given, and the secret, stay the same.\n\nExample:\n"
            + "  gateway channel set pay --tool \"refund*\" --tool \"payout*\"",
            new MemberOptions(ChannelPatch.Members),
            static (client, patch, cancellation) => WarnAsync(
                client, patch.Deserialize(ChannelJson.Default.ChannelPatch)!, cancellation)),
        Resources.Channels.Show("Show a channel.\n\nExample:\n  gateway channel show ops"),
        Resources.Channels.List(
            "List the channels, with the messages that could not be sent.\n\nExample:\n  gateway channel list"),
        RemoteVerb.Create("test",
            "Send a test message and report the result.\n\nExample:\n  gateway channel test ops", TestAsync, Name),
        RemoteVerb.Create("rotate",
            "Create a new secret for a webhook; for 24 hours, messages are signed with the old and the new one."
            + "\n\nExample:\n"
            + "  gateway channel rotate ops", RotateAsync, Name, RemoteVerb.Reason),
        RemoteVerb.Create("resend",
            "Retry messages that could not be sent.\n\nExample:\n  gateway channel resend ops", ResendAsync, Name),
        Resources.Channels.Remove(
            "remove", "Remove a channel.\n\nExample:\n  gateway channel remove ops", "is removed.",
            isUnconditional: true),
    };

    private static Option<string> Choice()
    {
        var kind = new Option<string>("--kind")
        {
            Description = "The format of the channel's messages.",
            Required = true,
        };
        kind.AcceptOnlyFromAmong("webhook", "slack", "slack-app", "teams", "email");
        return kind;
    }

    private static async Task<int> AddAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = parsed.GetValue(Name), ["kind"] = parsed.GetValue(Kind) };
        if (!New.TryRead(parsed, body))
            return ExitCode.Usage;
        var input = body.Deserialize(ClientJson.Default.ChannelInput)! with { Slack = SlackArguments.Of(parsed) };
        var added = await client.PostAsync(
            Resources.Channels.Path, input, ClientJson.Default.ChannelInput, ClientJson.Default.ChannelCreated,
            cancellation);
        await WarnAsync(client, input, cancellation);
        var name = parsed.GetValue(Name);
        Say(output, $"{name} was added. Try it: gateway channel test {name}.", added);
        if (added.Value.Channel.Slack is { } slack)
        {
            output.Note(
                $"In the Slack app, set the interactivity request URL to the console's URL plus {slack.RequestPath}.");
        }

        return ExitCode.Well;
    }

    private static async Task WarnAsync(AdminClient client, ChannelSpec channel, CancellationToken cancellation)
    {
        await Resources.WarnAsync(client, "server", channel.Servers, cancellation);
        await Resources.WarnAsync(client, "grant", channel.Grants, cancellation);
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
        Say(
            output,
            $"{parsed.GetValue(Name)} has a new secret. For 24 hours, messages are signed with the old and the new "
                + "one.",
            rotated);
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
