using Gateway.Proxy.Aggregation.Raw;

namespace Gateway.Proxy.Tests.Aggregation.Raw;

public sealed class RoutedIdTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("\"a~b\"")]
    public void An_id_comes_back_to_its_server_byte_for_byte(string raw)
    {
        var routed = RoutedId.Unwrap(RoutedId.Wrap("crm.eu-1", Encoding.UTF8.GetBytes(raw)))!.Value;
        Assert.Equal("crm.eu-1", routed.Server);
        Assert.Equal(raw, Encoding.UTF8.GetString(routed.Raw));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("\"crm\"")]
    [InlineData("\"crm~!\"")]
    [InlineData("\"crm~\"")]
    [InlineData("\"crm~MSwibWV0aG9kIjoidG9vbHMvY2FsbCI\"")]
    public void What_was_not_made_here_is_nobodys(string json) =>
        Assert.Null(RoutedId.Unwrap(Encoding.UTF8.GetBytes(json)));
}
