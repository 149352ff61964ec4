using Gateway.Proxy.Aggregation.Lists;

namespace Gateway.Proxy.Tests.Aggregation.Lists;

public sealed class MergedCursorTests
{
    [Fact]
    public void Each_server_goes_on_where_it_was()
    {
        var cursor = new MergedCursor(3, new Dictionary<string, string> { ["crm"] = "2", ["erp"] = "{\"a\":1}" });
        var read = MergedCursor.Read(cursor.Write())!;
        Assert.Equal(3, read.Page);
        Assert.Equal(cursor.Servers, read.Servers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("!")]
    [InlineData("e30")]
    [InlineData("eyJwIjowLCJzIjp7fX0")]
    [InlineData("eyJwIjoxLCJzIjp7ImEiOjF9fQ")]
    [InlineData("eyJwIjoxLCJzIjpbXX0")]
    public void Another_text_is_no_cursor(string text) => Assert.Null(MergedCursor.Read(text));
}
