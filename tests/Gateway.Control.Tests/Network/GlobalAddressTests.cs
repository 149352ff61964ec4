using Gateway.Control.Network;

namespace Gateway.Control.Tests.Network;

/// <summary>Which addresses a stranger may send the gateway to.</summary>
public class GlobalAddressTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("2002:808:808::")]
    [InlineData("2002:808:808::1")]
    public void Takes_an_address_of_the_open_Internet(string address) =>
        Assert.True(GlobalAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::7f00:1")]
    [InlineData("::808:808")]
    [InlineData("::ffff:0:808:808")]
    [InlineData("2001:470::5efe:10.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("198.18.0.1")]
    [InlineData("fc00::1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    public void Refuses_any_other_also_where_it_stands_in_an_IPv6_address(string address) =>
        Assert.False(GlobalAddress.Is(IPAddress.Parse(address)));
}
