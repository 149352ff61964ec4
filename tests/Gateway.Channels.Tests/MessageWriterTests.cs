namespace Gateway.Channels.Tests;

/// <summary>What receivers are sent, and that no word of an agent or a server is markup there.</summary>
public class MessageWriterTests
{
    private const string Hostile = "<!channel> *a* `b` [c](https://evil.example) <https://evil.example|d>\u202E\n# e";

    private static readonly Notification Plain = new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Type = "approval.asked",
        Grant = "agent",
        Server = "crm",
        Tool = "refund",
        Rule = "/tools/refund/action",
        Reason = "Refunds are approved by a person",
        AtMs = 1_800_000_000_000,
        ExpiresMs = 1_800_000_900_000,
    };

    [Fact]
    public void A_webhook_has_type_timestamp_and_data()
    {
        var message = Write(ChannelKind.Webhook, Plain);

        Assert.Equal("approval.asked", (string?)message["type"]);
        Assert.Equal("2027-01-15T08:00:00Z", (string?)message["timestamp"]);
        Assert.Equal(
            ["approvalId", "grant", "server", "tool", "rule", "reason", "expires"],
            message["data"]!.AsObject().Select(static member => member.Key));
        Assert.Equal("2027-01-15T08:15:00Z", (string?)message["data"]!["expires"]);
    }

    [Fact]
    public void Slack_gets_a_text_for_notices_and_a_section_and_unfurls_nothing()
    {
        var message = Write(ChannelKind.Slack, Plain with { Arguments = """{"amount":5}""" });

        Assert.Equal("agent wants to call refund on crm", (string?)message["text"]);
        Assert.Equal((false, false), ((bool)message["unfurl_links"]!, (bool)message["unfurl_media"]!));
        Assert.Equal(2, message["blocks"]!.AsArray().Count);
        Assert.Equal("mrkdwn", (string?)message["blocks"]![0]!["text"]!["type"]);
        Assert.Contains(
            "gateway approvals show 0123", (string?)message["blocks"]![0]!["text"]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void Teams_gets_an_Adaptive_Card_as_workflows_take_it()
    {
        var attachment = Write(ChannelKind.Teams, Plain)["attachments"]![0]!;

        Assert.Equal("application/vnd.microsoft.card.adaptive", (string?)attachment["contentType"]);
        Assert.Equal("AdaptiveCard", (string?)attachment["content"]!["type"]);
        Assert.Equal(
            ["agent", "crm", "refund"],
            attachment["content"]!["body"]![1]!["facts"]!.AsArray().Take(3)
                .Select(static fact => (string?)fact!["value"]));
    }

    [Fact]
    public void An_event_says_what_happened_and_waits_for_nobody()
    {
        var notification = Plain with
        {
            Type = "tool.drifted",
            Reason = Hostile,
            NextStep = "gateway tools drift --server crm",
            Facts = new Dictionary<string, string> { ["drift"] = "contract", ["changed"] = Hostile },
        };

        var data = Write(ChannelKind.Webhook, notification)["data"]!.AsObject();
        var slack = (string)Write(ChannelKind.Slack, notification)["blocks"]![0]!["text"]!["text"]!;
        var facts = Write(ChannelKind.Teams, notification)["attachments"]![0]!["content"]!["body"]![1]!
            ["facts"]!.AsArray();

        Assert.Equal(
            ["eventId", "grant", "server", "tool", "rule", "reason", "drift", "changed"],
            data.Select(static member => member.Key));
        Assert.DoesNotContain('<', slack);
        Assert.Equal(8, slack.Count(static c => c == '`'));
        Assert.Contains("gateway tools drift --server crm", slack, StringComparison.Ordinal);
        Assert.Equal(["What", "Time", "drift", "changed", "See"], facts.Select(static fact => (string?)fact!["title"]));
        Assert.StartsWith("\\<\\!channel\\>", (string?)facts[3]!["value"], StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_is_markup_in_Slack()
    {
        var message = Write(ChannelKind.Slack, Plain with { Tool = Hostile, Grant = Hostile, Arguments = Hostile });

        var texts = new[] { (string)message["text"]! }.Concat(
            message["blocks"]!.AsArray().Select(static block => (string)block!["text"]!["text"]!)).ToList();
        Assert.All(texts, static text => Assert.DoesNotContain('<', text));
        Assert.All(texts, static text => Assert.DoesNotContain('\u202E', text));
        // Three names and the command, and the fence around the arguments: no back-quote of theirs is among them.
        Assert.Equal([0, 8, 6], texts.Select(static text => text.Count(static c => c == '`')));
    }

    [Fact]
    public void No_name_is_markup_in_Teams()
    {
        var card = Write(ChannelKind.Teams, Plain with { Tool = Hostile })["attachments"]![0]!["content"]!;

        var tool = (string)card["body"]![1]!["facts"]![2]!["value"]!;
        Assert.StartsWith("\\<\\!channel\\> \\*a\\* \\`b\\` \\[c\\]\\(https", tool, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', tool);
    }

    [Fact]
    public void Arguments_are_cut()
    {
        var message = Write(ChannelKind.Webhook, Plain with { Arguments = new string('x', 100_000) });

        Assert.InRange(message.ToJsonString().Length, 2_000, 3_000);
    }

    [Theory]
    [InlineData(ChannelKind.SlackApp)]
    [InlineData(ChannelKind.Email)]
    [InlineData((ChannelKind)99)]
    public void A_kind_without_a_body_of_its_own_gets_none(ChannelKind kind) =>
        Assert.Throws<NotSupportedException>(() => MessageWriter.Write(kind, Plain));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_for_people_contain_the_time_of_the_event(bool isEvent)
    {
        var notification = isEvent ? Plain with { Facts = new Dictionary<string, string>() } : Plain;

        var slack = (string)Write(ChannelKind.Slack, notification)["blocks"]![0]!["text"]!["text"]!;
        var teams = Write(ChannelKind.Teams, notification).ToJsonString();

        Assert.Contains("\nTime: 2027-01-15T08:00:00Z\n", slack, StringComparison.Ordinal);
        Assert.Contains("""{"title":"Time","value":"2027\\-01\\-15T08:00:00Z"}""", teams, StringComparison.Ordinal);
        Assert.Contains("Time: 2027-01-15T08:00:00Z\r\n", MessageWriter.Mail(notification), StringComparison.Ordinal);
    }

    private static JsonNode Write(ChannelKind kind, Notification notification) =>
        JsonNode.Parse(MessageWriter.Write(kind, notification))!;
}
