namespace Gateway.Fleet.Tests.Partitions;

/// <summary>
/// Network namespaces of a test's own, in a /24 of their own. All of it is removed at the end, also after a failure
/// and where the test's process is killed.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private const int PlacesMax = 30;
    private static int _made;
    private readonly Process _undertaker;

    private TestNetwork(string name, string prefix, bool[] cutsServer)
    {
        (Name, Prefix) = (name, prefix);
        Places = [.. cutsServer.Select((cuts, number) => new NamespacePlace(this, number, cuts))];

        // Whoever waits for the end of this pipe removes everything, in a session of its own, as the whole group of
        // processes may be killed.
        var removal = string.Concat(Places.Select(place => place.Removal)) + Subnet.Removal(prefix);
        string[] arguments = ["-w", "sh", "-c", $"cat >/dev/null; exec >/dev/null 2>&1; {removal}"];
        _undertaker = Process.Start(new ProcessStartInfo("setsid", arguments) { RedirectStandardInput = true })!;
    }

    /// <summary>What the names of all namespaces and links begin with; no other process has the same.</summary>
    public string Name { get; }

    /// <summary>The first three numbers of every address.</summary>
    public string Prefix { get; }

    /// <summary>This machine's address for the database.</summary>
    public string Database => $"{Prefix}.253";

    /// <summary>This machine's address for the recording server.</summary>
    public string Server => $"{Prefix}.254";

    public IReadOnlyList<NamespacePlace> Places { get; }

    /// <param name="cutsServer">
    /// A place for each: whether a cut takes the recording server from it too, or the database alone.
    /// </param>
    public static async Task<TestNetwork> MakeAsync(params bool[] cutsServer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cutsServer.Length, PlacesMax);
        // A link's name has 15 characters at most.
        var name = string.Create(
            CultureInfo.InvariantCulture, $"gt{Environment.ProcessId}n{Interlocked.Increment(ref _made)}");
        var network = new TestNetwork(name, await Subnet.ClaimAsync(), cutsServer);
        try
        {
            foreach (var place in network.Places)
                await place.MakeAsync();
            await IpCommand.RunAsync($"addr add {network.Database}/32 dev {network.Places[0].AgentsEnd}");
            await IpCommand.RunAsync($"addr add {network.Server}/32 dev {network.Places[0].AgentsEnd}");
            foreach (var place in network.Places)
                await place.RouteAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _undertaker.StandardInput.Close();
        await _undertaker.WaitForExitAsync();
        _undertaker.Dispose();
    }
}
