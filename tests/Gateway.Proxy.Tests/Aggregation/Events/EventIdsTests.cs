using Gateway.Proxy.Aggregation.Events;

namespace Gateway.Proxy.Tests.Aggregation.Events;

public sealed class EventIdsTests
{
    [Fact]
    public void An_id_of_one_servers_stream_goes_back_to_that_server()
    {
        var from = EventIds.Read(EventIds.Of("crm", "7~8"), out var isOne);
        Assert.True(isOne);
        Assert.Equal(("crm", "7~8"), (from!.Single().Key, from!.Single().Value));
    }

    [Fact]
    public void An_id_of_several_says_how_far_each_had_come()
    {
        var ids = new EventIds();
        ids.Next("crm", "1");
        ids.Next("erp", "x");
        var from = EventIds.Read(ids.Next("crm", "2"), out var isOne)!;
        Assert.False(isOne);
        Assert.Equal("2 x", $"{from["crm"]} {from["erp"]}");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("~!")]
    [InlineData("~W10")]
    public void Any_other_is_refused(string id) => Assert.Null(EventIds.Read(id, out _));
}
