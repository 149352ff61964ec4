namespace Gateway.Fleet.Tests.Partitions;

/// <summary>
/// A network namespace for one gateway. Its agents come by one link, which stays; the database, and the recording
/// server if told so, lie behind a second one, which a test cuts.
/// </summary>
internal sealed class NamespacePlace
{
    private const string Agents = "agents";
    private const string Stores = "stores";
    private readonly string _name;
    private readonly int _number;
    private readonly TestNetwork _network;
    private readonly bool _cutsServer;

    /// <param name="network">The network that it is a part of.</param>
    /// <param name="number">Its number there, from 0.</param>
    /// <param name="cutsServer">Whether the recording server lies behind the link that is cut.</param>
    public NamespacePlace(TestNetwork network, int number, bool cutsServer)
    {
        (_network, _number, _cutsServer) = (network, number, cutsServer);
        _name = $"{network.Name}-{number}";
    }

    /// <summary>How a gateway is started here.</summary>
    public GatewayPlace Place => new() { Host = Address(2), Prefix = ["ip", "netns", "exec", _name] };

    /// <summary>The host's end of the link that agents come by, which stays.</summary>
    public string AgentsEnd => $"{_network.Name}{_number}a";

    private string StoresEnd => $"{_network.Name}{_number}s";

    /// <summary>What removes it, as a shell's commands: what is left over from a killed test too.</summary>
    public string Removal =>
        $"ip netns pids {_name} | xargs -r kill -9; ip link del {AgentsEnd}; ip link del {StoresEnd}; "
        + $"ip netns del {_name}; ";

    public async Task MakeAsync()
    {
        await IpCommand.RunAsync($"netns add {_name}");
        await IpCommand.RunAsync($"-n {_name} link set lo up");
        await LinkAsync(AgentsEnd, Agents, 1);
        await LinkAsync(StoresEnd, Stores, 5);
    }

    /// <summary>Makes known where database and server are; when both addresses are there.</summary>
    public async Task RouteAsync()
    {
        await IpCommand.RunAsync($"-n {_name} route replace {_network.Database} via {Address(5)}");
        await IpCommand.RunAsync($"-n {_name} route replace {_network.Server} via {Address(_cutsServer ? 5 : 1)}");
    }

    public Task CutAsync(Partition partition) => partition == Partition.LinkDown
        ? IpCommand.RunAsync($"-n {_name} link set {Stores} down")
        // Frames for a station that is not there: sent, and dropped at the other end.
        : IpCommand.RunAsync(
            $"neigh replace {Address(6)} lladdr 02:00:00:00:00:01 dev {StoresEnd} nud permanent");

    public async Task HealAsync(Partition partition)
    {
        if (partition == Partition.LinkDown)
        {
            await IpCommand.RunAsync($"-n {_name} link set {Stores} up");
            await RouteAsync(); // the routes went with the link
        }
        else
        {
            await IpCommand.RunAsync($"neigh del {Address(6)} dev {StoresEnd}");
        }
    }

    private async Task LinkAsync(string end, string inside, int host)
    {
        await IpCommand.RunAsync($"link add {end} type veth peer name {inside} netns {_name}");
        await IpCommand.RunAsync($"addr add {Address(host)}/30 dev {end}");
        await IpCommand.RunAsync($"link set {end} up");
        await IpCommand.RunAsync($"-n {_name} addr add {Address(host + 1)}/30 dev {inside}");
        await IpCommand.RunAsync($"-n {_name} link set {inside} up");
    }

    private string Address(int inPlace) => $"{_network.Prefix}.{(_number * 8) + inPlace}";
}
