using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Control.Tests.Notifications.Channels;

public class ChannelTests
{
    [Theory]
    [InlineData("", "", "", true)]
    [InlineData("crm", "refund*", "agent", true)]
    [InlineData("c?m", "*", "*", true)]
    [InlineData("CRM", "", "", false)]
    [InlineData("", "re", "", false)]
    [InlineData("", "", "other", false)]
    public void Takes_what_all_its_filters_let_through(string server, string tool, string grant, bool takes)
    {
        var channel = new Channel("ops", 1, new ChannelDocument
        {
            Kind = ChannelKind.Webhook,
            SealedUrl = "",
            Secrets = [],
            Servers = server.Length == 0 ? [] : ["another", server],
            Tools = tool.Length == 0 ? [] : [tool],
            Grants = grant.Length == 0 ? [] : [grant],
        });

        Assert.Equal(takes, channel.Takes(new Notification
        {
            Id = "1",
            Type = "approval.asked",
            Grant = "agent",
            Server = "crm",
            Tool = "refund_all",
            Rule = "",
            Reason = "",
            AtMs = 0,
            ExpiresMs = 1,
        }));
    }

    [Fact]
    public void A_channel_that_the_previous_release_stored_is_read_and_written_with_the_same_members()
    {
        const string stored = """
            {"kind":"webhook","sealedUrl":"sealed:u","secrets":[{"sealed":"sealed:s"}],"allowsPrivate":true,
             "linkBase":"https://gateway.example.com","includesArguments":true,"types":["approval.*"],
             "servers":["crm"],"tools":["refund*"],"categories":["Financial"],"risks":["High"],"grants":["bot"]}
            """;

        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(stored), JsonElement.Parse(ChannelStore.Write(Read(stored)))));
    }

    // The previous release refuses a channel that lacks one of them.
    [Fact]
    public void A_channel_without_filters_is_stored_with_empty_lists()
    {
        const string stored = """{"kind":"slack","sealedUrl":"u","secrets":[],"servers":[],"tools":[],"grants":[]}""";
        var written = JsonElement.Parse(ChannelStore.Write(Read(stored)));

        Assert.All(ChannelSpec.Members.Where(static member => member.Kind == MemberKind.List),
            member => Assert.Equal(0, written.GetProperty(member.Name).GetArrayLength()));
    }

    private static ChannelDocument Read(string stored) => ChannelStore.Find(
        new ControlSnapshot(
            1, [new(new ControlKey(ControlKinds.Channels, "ops"), 1, Encoding.UTF8.GetBytes(stored))]),
        "ops")!.Document;
}
