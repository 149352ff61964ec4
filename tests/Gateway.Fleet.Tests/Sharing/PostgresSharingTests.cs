namespace Gateway.Fleet.Tests.Sharing;

/// <summary>Gateways in processes of their own over one database.</summary>
public sealed class PostgresSharingTests : FrontendSharing, IAsyncLifetime
{
    private readonly Dictionary<int, GatewayProcess> _running = [];
    private FleetBench _bench = null!;

    protected override string AdminKey => FleetBench.AdminKey;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is not null)
            _bench = await FleetBench.StartAsync(Policy);
    }

    public async Task DisposeAsync()
    {
        foreach (var gateway in _running.Values)
            await gateway.DisposeAsync();
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [ClusterFact]
    public Task Keeps_argument_values_encrypted_for_the_person_at_any_gateway() => ShowWhatIsSealedToEachOtherAsync();

    [ClusterFact]
    public Task Removes_them_with_a_denial_at_another_gateway() => RemoveWhatIsSealedWithADenialAsync();

    [ClusterFact]
    public Task A_pause_of_everything_stops_every_gateway_and_outlives_them() => StopTheCallsOfEachOtherAsync();

    [ClusterFact]
    public Task A_pause_of_a_grant_or_a_server_holds_at_every_gateway() => PauseGrantsAndServersForEachOtherAsync();

    [ClusterFact]
    public Task A_change_of_a_list_holds_at_every_gateway_and_outlives_them() => ChangeListsForEachOtherAsync();

    protected override async Task<Uri> StartAsync(int number) =>
        (_running[number] = await _bench.StartGatewayAsync()).Address;

    protected override async Task StopAsync(int number)
    {
        _running.Remove(number, out var gateway);
        gateway!.Terminate();
        await gateway.WaitForExitAsync();
        await gateway.DisposeAsync();
    }

    protected override Task<string> StoredAsync() => _bench.Database.QueryAsync(
        "SELECT string_agg(convert_from(content, 'UTF8'), ' ') FROM gateway.control_documents");
}
