using Gateway.Control.Network;

namespace Gateway.Control.Tests.Network;

/// <summary>The one way to connect to others, and the addresses that each rule allows.</summary>
public class OutboundConnectorTests
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::a9fe:a9fe")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::")]
    [InlineData("64:ff9b:1:a9:fe:a9fe::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("2001:470::5efe:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:42::42")]
    [InlineData("100.100.100.200")]
    [InlineData("::ffff:100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("168.63.129.16")]
    public async Task Open_refuses_link_local_and_metadata_addresses_by_either_rule(string address)
    {
        foreach (var rule in (AddressRule[])[AddressRule.Public, AddressRule.Registered])
        {
            using var name = new RebindingName(address, "127.0.0.1");
            var connector = new OutboundConnector([], name.ResolveAsync);

            var refused = await Assert.ThrowsAsync<AddressRefusedException>(
                () => OpenAsync(connector, RebindingName.Host, name.Port, rule));

            Assert.Contains(IPAddress.Parse(address).ToString(), refused.Message, StringComparison.Ordinal);
            Assert.Equal(rule == AddressRule.Registered, refused.Message.Contains("--allow-address"));
            Assert.Equal((1, 0), (name.Resolutions, name.Connections));
        }
    }

    [Theory]
    [InlineData("metadata.google.internal", "169.254.169.254")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("intranet.example.com", "10.0.0.1")]
    [InlineData("intranet.example.com", "fd12::1")]
    public async Task Open_by_the_public_rule_refuses_a_name_inside_a_network(string host, string address)
    {
        using var name = new RebindingName(address);

        await Assert.ThrowsAsync<AddressRefusedException>(() => OpenAsync(
            new OutboundConnector([], name.ResolveAsync), host, name.Port, AddressRule.Public));

        Assert.Equal(0, name.Connections);
    }

    [Fact]
    public async Task Open_by_the_public_rule_refuses_a_name_with_one_private_address_among_public_ones()
    {
        using var name = new RebindingName("127.0.0.1");
        var connector = new OutboundConnector(
            [], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]));

        await Assert.ThrowsAsync<AddressRefusedException>(
            () => OpenAsync(connector, RebindingName.Host, name.Port, AddressRule.Public));

        Assert.Equal(0, name.Connections);
    }

    [Fact]
    public async Task Open_by_the_registered_rule_skips_a_link_local_address_beside_a_usable_one()
    {
        using var name = new RebindingName("127.0.0.1");
        var connector = new OutboundConnector(
            [], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.1.1"), IPAddress.Loopback]));

        await using var stream = await connector.OpenAsync(
            RebindingName.Host, name.Port, AddressRule.Registered, CancellationToken.None);

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)stream.Socket.RemoteEndPoint!).Address.MapToIPv4());
    }

    [Fact]
    public async Task Open_resolves_once_so_that_a_name_that_changes_is_not_followed()
    {
        using var name = new RebindingName("8.8.8.8", "127.0.0.1");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Record.ExceptionAsync(() => OpenAsync(
            new OutboundConnector([], name.ResolveAsync), RebindingName.Host, name.Port, AddressRule.Public,
            limit.Token));

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    [Theory]
    [InlineData("169.254.10.0/24", "169.254.10.1", true)]
    [InlineData("169.254.10.0/24", "::ffff:169.254.10.1", true)]
    [InlineData("169.254.10.0/24", "169.254.169.254", false)]
    [InlineData("fd00:ec2::254/128", "fd00:ec2::254", true)]
    public async Task Open_reaches_a_metadata_address_only_when_it_is_allowed(
        string allowed, string address, bool isAllowed)
    {
        var connector = new OutboundConnector(
            [IPNetwork.Parse(allowed)], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        // Whether anybody answers there depends on the machine; the attempt shows that the address was not refused.
        var error = await Record.ExceptionAsync(
            () => OpenAsync(connector, "crm.example.com", 9, AddressRule.Registered, limit.Token));

        Assert.Equal(isAllowed, error is not AddressRefusedException);
        await Assert.ThrowsAsync<AddressRefusedException>(
            () => OpenAsync(connector, "crm.example.com", 9, AddressRule.Public));
    }

    [Fact]
    public async Task Open_of_a_name_without_addresses_is_a_socket_error() =>
        await Assert.ThrowsAsync<SocketException>(() => OpenAsync(
            new OutboundConnector([], static (_, _) => Task.FromResult<IPAddress[]>([])), "a", 1, AddressRule.Public));

    private static async Task OpenAsync(
        OutboundConnector connector, string host, int port, AddressRule rule,
        CancellationToken cancellationToken = default)
    {
        await using var stream = await connector.OpenAsync(host, port, rule, cancellationToken);
    }
}
