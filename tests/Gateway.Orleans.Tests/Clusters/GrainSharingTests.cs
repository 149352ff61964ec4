using Gateway.Fleet.Tests.Sharing;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Tests.Documents;

namespace Gateway.Orleans.Tests.Clusters;

/// <summary>Frontends whose control documents are held by one grain, in a storage that outlives its silos.</summary>
public sealed class GrainSharingTests : FrontendSharing, IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<int, GrainFrontend> _running = [];
    private ControlCluster _cluster = null!;
    private RecordingServer _server = null!;
    private string _config = "";

    protected override string AdminKey => "admin-key-of-this-test";

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync();
        _server = await RecordingServer.StartAsync();
        _config = TestConfig.Write(
            _folder.Path, _server.Url, Policy, $$""", "admin": { "key": "{{AdminKey}}" }""");
    }

    public async Task DisposeAsync()
    {
        foreach (var frontend in _running.Values) await frontend.DisposeAsync();
        await _server.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Keeps_argument_values_encrypted_for_the_person_at_any_frontend() => ShowWhatIsSealedToEachOtherAsync();

    [Fact]
    public Task Removes_them_with_a_denial_at_another_frontend() => RemoveWhatIsSealedWithADenialAsync();

    [Fact]
    public Task A_pause_of_everything_stops_every_frontend_and_outlives_them() => StopTheCallsOfEachOtherAsync();

    [Fact]
    public Task A_pause_of_a_grant_or_a_server_holds_at_every_frontend() => PauseGrantsAndServersForEachOtherAsync();

    [Fact]
    public Task A_change_of_a_list_holds_at_every_frontend_and_outlives_them() => ChangeListsForEachOtherAsync();

    protected override async Task<Uri> StartAsync(int number)
    {
        var data = Path.Combine(_folder.Path, $"data-{number}");
        Directory.CreateDirectory(data);
        return (_running[number] = await GrainFrontend.StartAsync(_cluster.Orleans.Client, _config, data)).Address;
    }

    protected override async Task StopAsync(int number)
    {
        _running.Remove(number, out var frontend);
        await frontend!.DisposeAsync();
    }

    protected override Task<string> StoredAsync() => Task.FromResult(string.Join(' ', _cluster.Storage.Records
        .Where(static record => record.Key.StartsWith("control-body/", StringComparison.Ordinal))
        .SelectMany(static record => JsonSerializer.Deserialize<BodyState>(record.Value)!.Items)
        .Select(static item => Encoding.UTF8.GetString(item.Content))));
}
