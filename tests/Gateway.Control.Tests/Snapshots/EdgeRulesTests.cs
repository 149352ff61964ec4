namespace Gateway.Control.Tests.Snapshots;

public sealed class EdgeRulesTests
{
    private static readonly EdgeRules Rules = new(
        ["inner", "box:9999"], ["https://console.example.com"], new Uri("https://mcp.example.com/base"));

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("10.1.2.3:8080", true)]
    [InlineData("10.1.2.4:8080", false)]
    [InlineData("mcp.example.com", true)]
    [InlineData("mcp.example.com:8443", true)]
    [InlineData("inner:1", true)]
    [InlineData("box:9999", true)]
    [InlineData("box:1", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("2130706433", false)]
    [InlineData("0x7f000001:8080", false)]
    [InlineData("0177.0.0.1", false)]
    [InlineData("127.1", false)]
    [InlineData("167838211", false)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    public void Passes_only_hosts_that_cannot_be_rebound(string host, bool passes) =>
        Assert.Equal(passes, Rules.AllowsHost(new HostString(host), IPAddress.Parse("10.1.2.3")));

    [Theory]
    [InlineData("10.9.9.9", true)]
    [InlineData("[fd00::1]:9090", true)]
    [InlineData("2130706433", false)]
    [InlineData("0x0a090909", false)]
    [InlineData("evil.example", false)]
    public void Scraping_passes_addresses_written_as_four_decimal_numbers_or_ipv6(string host, bool passes) =>
        Assert.Equal(passes, Rules.AllowsScraping(new HostString(host), IPAddress.Parse("10.1.2.3")));

    [Fact]
    public void Refuses_a_request_without_a_host() =>
        Assert.False(Rules.AllowsHost(default, IPAddress.Loopback));

    [Theory]
    [InlineData("https://mcp.example.com", true)]
    [InlineData("https://console.example.com", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://mcp.example.com", false)]
    [InlineData("https://mcp.example.com.evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://localhost@evil.example", false)]
    [InlineData("http://localhost:3000/path", false)]
    [InlineData("file://localhost", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Passes_only_origins_that_are_named_or_local(string origin, bool passes) =>
        Assert.Equal(passes, Rules.AllowsOrigin(origin));
}
