using System.Text;
using System.Text.Json.Nodes;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Channels;

/// <summary>
/// A writer for the messages of each kind of channel. Names and reasons come from agents and servers: their markup is
/// escaped, and invisible characters are made visible.
/// </summary>
internal static class MessageWriter
{
    private const int ArgumentsCharactersMax = 2_000;

    /// <summary>Writes a message of any kind that needs exactly one request.</summary>
    public static byte[] Write(ChannelKind kind, Notification notification) =>
        Bytes(kind switch
        {
            ChannelKind.Slack => Slack(notification),
            ChannelKind.Teams => Teams(notification),
            ChannelKind.Webhook => Webhook(notification),
            _ => throw new NotSupportedException($"A channel of the kind {kind} has no body of one request."),
        });

    /// <summary>Writes a message of a Slack app: a new one, or the replacement of one that is over.</summary>
    /// <param name="app">The app.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="sentAt">The time stamp by which Slack identifies the message; null for a new one.</param>
    public static byte[] WriteSlackApp(SlackApp app, Notification notification, string? sentAt)
    {
        var message = Slack(notification);
        message["channel"] = app.Conversation;
        if (sentAt is not null)
            message["ts"] = sentAt;
        if (notification is { Facts: null, Outcome: null }
            && notification.Type.StartsWith("approval.", StringComparison.Ordinal))
            message["blocks"]!.AsArray().Add((JsonNode)Buttons(app, notification));
        return Bytes(message);
    }

    /// <summary>Writes a message that only one person sees.</summary>
    public static byte[] WriteSlackReply(string text) => Bytes(new JsonObject
    {
        ["response_type"] = "ephemeral",
        ["replace_original"] = false,
        ["text"] = Escaped(text),
    });

    /// <summary>
    /// Returns true if a message shows all arguments; a button must not approve arguments that are not shown.
    /// </summary>
    public static bool ShowsAll(string? arguments) =>
        arguments is null || VisibleText.Of(arguments).Length <= ArgumentsCharactersMax;

    /// <summary>Writes the text of a mail.</summary>
    public static string Mail(Notification told)
    {
        List<string> lines = [VisibleText.Of(told.Reason), ""];
        if (told.Facts is { } facts)
            lines.AddRange(
                [$"Time: {Time(told.AtMs)}",
                .. facts.Select(static fact => $"{VisibleText.Of(fact.Key)}: {VisibleText.Of(fact.Value)}")]);
        else
            lines.AddRange(
                [$"Grant: {VisibleText.Of(told.Grant)}", $"Server: {VisibleText.Of(told.Server)}",
                $"Tool: {VisibleText.Of(told.Tool)}", $"Time: {Time(told.AtMs)}",
                $"Decide before: {Time(told.ExpiresMs)}"]);
        if (told.Arguments is { } arguments)
            lines.Add($"Arguments: {VisibleText.Of(Cut(arguments))}");
        lines.AddRange(["", told.NextStep]);
        if (told.Link is { } link)
            lines.Add(link);
        return string.Join("\r\n", lines) + "\r\n";
    }

    // Standard Webhooks: type, timestamp, data; thin, because the receiver can fetch the rest.
    private static JsonObject Webhook(Notification told)
    {
        if (told.Facts is { } facts)
        {
            var happened = new JsonObject
            {
                ["eventId"] = told.Id,
                ["grant"] = told.Grant,
                ["server"] = told.Server,
                ["tool"] = told.Tool,
                ["rule"] = told.Rule,
                ["reason"] = told.Reason,
            };
            foreach (var (name, value) in facts)
                happened[name] = value;
            return new JsonObject { ["type"] = told.Type, ["timestamp"] = Time(told.AtMs), ["data"] = happened };
        }

        var data = new JsonObject
        {
            ["approvalId"] = told.Subject,
            ["grant"] = told.Grant,
            ["server"] = told.Server,
            ["tool"] = told.Tool,
            ["rule"] = told.Rule,
            ["reason"] = told.Reason,
            ["expires"] = Time(told.ExpiresMs),
        };
        if (told.Arguments is { } arguments)
            data["arguments"] = Cut(arguments);
        if (told.Link is { } link)
            data["link"] = link;
        return new JsonObject { ["type"] = told.Type, ["timestamp"] = Time(told.AtMs), ["data"] = data };
    }

    private static JsonObject Buttons(SlackApp app, Notification told)
    {
        var buttons = new JsonArray();
        if (app.People.Count > 0 && told.Arguments is { } shown && ShowsAll(shown))
            buttons.Add((JsonNode)Button("approve", "Approve", "primary"));
        if (app.People.Count > 0)
            buttons.Add((JsonNode)Button("deny", "Deny", "danger"));
        if (told.Link is { } link)
            buttons.Add((JsonNode)new JsonObject
            {
                ["type"] = "button",
                ["action_id"] = "see",
                ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = "Details" },
                ["url"] = link,
            });
        return new JsonObject { ["type"] = "actions", ["elements"] = buttons };

        JsonObject Button(string action, string text, string style) => new()
        {
            ["type"] = "button",
            ["action_id"] = action,
            ["value"] = told.Subject,
            ["style"] = style,
            ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = text },
        };
    }

    private static byte[] Bytes(JsonObject message) => Encoding.UTF8.GetBytes(message.ToJsonString());

    private static JsonObject Slack(Notification told)
    {
        var until = told.Outcome is { } outcome
            ? Escaped(outcome)
            : $"Decide before {Time(told.ExpiresMs)}: `{told.NextStep}`";
        var blocks = new JsonArray(Section(told.Facts is { } facts
            ? $"`{Code(told.Reason)}`\nTime: {Time(told.AtMs)}\n"
                + string.Concat(facts.Select(static fact => $"{Escaped(fact.Key)}: `{Code(fact.Value)}`\n"))
                + $"See: `{Code(told.NextStep)}`"
            : $"`{Code(told.Grant)}` wants to call `{Code(told.Tool)}` on `{Code(told.Server)}`\n"
                + $"{Escaped(told.Reason)}\nTime: {Time(told.AtMs)}\n{until}"));
        if (told.Arguments is { } arguments)
            blocks.Add((JsonNode)Section($"```{Code(Cut(arguments))}```"));
        if (told.Link is { } link)
            blocks.Add((JsonNode)Section($"<{Escaped(link)}|Details>"));
        return new JsonObject
        {
            ["text"] = Code(told.Facts is null
                ? $"{told.Grant} wants to call {told.Tool} on {told.Server}" : told.Reason),
            ["mrkdwn"] = false,
            ["blocks"] = blocks,
            ["unfurl_links"] = false,
            ["unfurl_media"] = false,
        };

        static JsonObject Section(string text) => new()
        {
            ["type"] = "section",
            ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = text, ["verbatim"] = true },
        };
    }

    private static JsonObject Teams(Notification told)
    {
        var facts = told.Facts is { } happened
            ? new JsonArray([
                Fact("What", told.Reason), Fact("Time", Time(told.AtMs)),
                .. happened.Select(static fact => Fact(fact.Key, fact.Value)), Fact("See", told.NextStep)])
            : new JsonArray(
                Fact("Grant", told.Grant), Fact("Server", told.Server), Fact("Tool", told.Tool),
                Fact("Why", told.Reason), Fact("Time", Time(told.AtMs)), Fact("Decide before", Time(told.ExpiresMs)),
                Fact("Decide with", told.NextStep));
        if (told.Arguments is { } arguments)
            facts.Add((JsonNode)Fact("Arguments", Cut(arguments)));
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "TextBlock",
                    ["weight"] = "Bolder",
                    ["wrap"] = true,
                    ["text"] = told.Facts is null ? "An agent waits for approval" : "Message from the gateway",
                },
                new JsonObject { ["type"] = "FactSet", ["facts"] = facts }),
        };
        if (told.Link is { } link)
        {
            card["actions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Action.OpenUrl",
                ["title"] = "Details",
                ["url"] = link,
            });
        }

        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = card,
            }),
        };

        // A card interprets Markdown in values, so each of its special characters gets a backslash.
        static JsonObject Fact(string title, string value) => new()
        {
            ["title"] = title,
            ["value"] = string.Concat(VisibleText.Of(value).Select(
                static c => "\\`*_{}[]()#+-!|<>~".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}")),
        };
    }

    private static string Cut(string arguments) => arguments.Length <= ArgumentsCharactersMax
        ? arguments
        : $"{arguments[..ArgumentsCharactersMax]}… ({arguments.Length} characters)";

    // Slack's three control characters.
    private static string Escaped(string text) => VisibleText.Of(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    // Between backquotes, only another backquote is markup.
    private static string Code(string text) => Escaped(text).Replace('`', '\'');

    private static string Time(long unixMs) => WrittenTime.Shown(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
}
