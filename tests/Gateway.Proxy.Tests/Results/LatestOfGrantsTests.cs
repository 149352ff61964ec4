using Gateway.Proxy.Results;

namespace Gateway.Proxy.Tests.Results;

public sealed class LatestOfGrantsTests
{
    [Fact]
    public void A_value_is_of_one_caller_and_callers_never_remove_those_of_grants()
    {
        var values = new LatestOfGrants<string>(2);
        values.Set("agent", "tool", "of the grant");
        values.Set("agent/ana", "tool", "of ana");

        Assert.Equal(("of the grant", "of ana"), (values.Find("agent", "tool"), values.Find("agent/ana", "tool")));
        Assert.Null(values.Find("agent/ben", "tool"));

        for (var i = 0; i < 5000; i++)
            values.Set($"agent/{i}", "tool", "of another");
        Assert.Equal("of the grant", values.Find("agent", "tool"));
        Assert.Null(values.Find("agent/ana", "tool"));
        Assert.Equal("of another", values.Find("agent/4999", "tool"));
    }
}
