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
}
