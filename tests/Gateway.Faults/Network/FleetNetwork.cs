namespace Gateway.Faults.Network;

/// <summary>
/// A network namespace for each process of a fleet, and a router between them and this machine that can drop packets
/// from one to another. Everything is removed at the end, even if this program is killed.
/// </summary>
internal sealed class FleetNetwork : IAsyncDisposable
{
    private const int PlacesMax = 30;
    private static int _made;
    private readonly string _name;
    private readonly string _prefix;
    private readonly Process _undertaker;
    private readonly SemaphoreSlim _making = new(1);
    private readonly Stack<NetworkPlace> _free = [];
    private int _places;

    private FleetNetwork(string name, string prefix)
    {
        (_name, _prefix) = (name, prefix);

        // A process that waits for the end of this pipe removes everything. It has its own session, because the whole
        // process group may be killed. A link is removed with the namespace of its end.
        var removal = $"ip netns list | cut -d' ' -f1 | grep '^{name}-' | while read -r each; do "
            + $"ip netns pids $each | xargs -r kill -9; ip netns del $each; done; {Subnet.Removal(prefix)}";
        string[] arguments = ["-w", "sh", "-c", $"cat >/dev/null; exec >/dev/null 2>&1; {removal}"];
        _undertaker = Process.Start(new ProcessStartInfo("setsid", arguments) { RedirectStandardInput = true })!;
    }

    /// <summary>This machine's address for all of them.</summary>
    public string Host => $"{_prefix}.254";

    private string Router => $"{_name}-r";

    public static async Task<FleetNetwork> MakeAsync()
    {
        // A link's name has at most 15 characters.
        var name = string.Create(
            CultureInfo.InvariantCulture, $"gf{Environment.ProcessId}n{Interlocked.Increment(ref _made)}");
        var network = new FleetNetwork(name, await Subnet.ClaimAsync());
        try
        {
            await network.MakeRouterAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a place for one process at a time.</summary>
    public async Task<NetworkPlace> TakeAsync()
    {
        await _making.WaitAsync();
        try
        {
            return _free.TryPop(out var free) ? free : await MakePlaceAsync(_places++);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Releases a place in which nothing runs any more.</summary>
    public async Task GiveBackAsync(NetworkPlace place)
    {
        await _making.WaitAsync();
        _free.Push(place);
        _making.Release();
    }

    /// <summary>Drops everything that one place sends to the other from now on, without notice.</summary>
    public Task CutAsync(NetworkPlace from, NetworkPlace to) => RuleAsync("add", from, to);

    public Task HealAsync(NetworkPlace from, NetworkPlace to) => RuleAsync("del", from, to);

    public async ValueTask DisposeAsync()
    {
        _undertaker.StandardInput.Close();
        await _undertaker.WaitForExitAsync();
        _undertaker.Dispose();
        _making.Dispose();
    }

    private async Task MakeRouterAsync()
    {
        await IpCommand.RunAsync($"netns add {Router}");
        await IpCommand.RunAsync($"netns exec {Router} sh -c \"echo 1 >/proc/sys/net/ipv4/ip_forward\"");
        await IpCommand.RunAsync($"link add {_name} type veth peer name host netns {Router}");
        await IpCommand.RunAsync($"addr add {Host}/30 dev {_name}");
        await IpCommand.RunAsync($"link set {_name} up");
        await IpCommand.RunAsync($"-n {Router} addr add {_prefix}.253/30 dev host");
        await IpCommand.RunAsync($"-n {Router} link set host up");
        // All places are in the lower half; a route that leads nowhere claims the whole subnet.
        await IpCommand.RunAsync($"route add {_prefix}.0/25 via {_prefix}.253");
    }

    private async Task<NetworkPlace> MakePlaceAsync(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, PlacesMax);
        var (name, link, router) = ($"{_name}-{number}", $"m{number}", $"{_prefix}.{(number * 4) + 1}");
        var place = new NetworkPlace(name, $"{_prefix}.{(number * 4) + 2}");
        await IpCommand.RunAsync($"netns add {name}");
        await IpCommand.RunAsync($"-n {name} link set lo up");
        await IpCommand.RunAsync($"-n {Router} link add {link} type veth peer name router netns {name}");
        await IpCommand.RunAsync($"-n {Router} addr add {router}/30 dev {link}");
        await IpCommand.RunAsync($"-n {Router} link set {link} up");
        await IpCommand.RunAsync($"-n {name} addr add {place.Address}/30 dev router");
        await IpCommand.RunAsync($"-n {name} link set router up");
        await IpCommand.RunAsync($"-n {name} route add default via {router}");
        return place;
    }

    private Task RuleAsync(string verb, NetworkPlace from, NetworkPlace to) =>
        IpCommand.RunAsync($"-n {Router} rule {verb} from {from.Address} to {to.Address} blackhole");
}
