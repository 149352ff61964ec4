using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

/// <summary>A control plane over files of its own, with a clock that stands.</summary>
internal sealed class ControlBench : IDisposable
{
    public const string Token = "pgw_0123456789abcdef";
    public const string OtherToken = "pgw_fedcba9876543210";
    public const string AllowAll = """{ "version": "1", "default": "allow" }""";
    private readonly TestFolder _folder = new();
    private readonly FileControlStore _files;

    public ControlBench()
    {
        _files = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);
        Store = new SharedStore(_files);
        Secrets = new SecretProtector(Store);
        Freshness = new StoreStaleness(Store, Time);
        Plane = new SnapshotUpdater(
            Store, Secrets, Snapshots, Freshness, new ProcessClock(Time), Time, NullLogger<SnapshotUpdater>.Instance);
    }

    public JumpingTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), isStill: true);

    public SharedStore Store { get; }

    public SecretProtector Secrets { get; }

    public SnapshotHolder Snapshots { get; } = new();

    public StoreStaleness Freshness { get; }

    public SnapshotUpdater Plane { get; }

    public GatewaySnapshot Now => Snapshots.Current;

    /// <summary>Writes a document over whatever is there, and puts it in force.</summary>
    public async Task PutAsync(string kind, string name, string json)
    {
        var key = new ControlKey(kind, name);
        var version = (await Store.ReadAsync(default)).Find(key)?.Version ?? 0;
        Assert.True((await Store.WriteAsync(key, version, Encoding.UTF8.GetBytes(json), default)).IsWritten);
        await Plane.RefreshAsync(default);
    }

    public async Task DeleteAsync(string kind, string name)
    {
        var key = new ControlKey(kind, name);
        var version = (await Store.ReadAsync(default)).Find(key)!.Version;
        Assert.True((await Store.DeleteAsync(key, version, default)).IsWritten);
        await Plane.RefreshAsync(default);
    }

    /// <summary>A server, a policy and a grant on it.</summary>
    public async Task PutAllAsync(string more = "")
    {
        await PutAsync(ControlKinds.Servers, "srv", """{ "url": "http://127.0.0.1:9/mcp" }""");
        await PutAsync(ControlKinds.Policies, "open", AllowAll);
        await PutGrantAsync("bot", Token, more);
    }

    public Task PutGrantAsync(string name, string token, string more = "") => PutAsync(ControlKinds.Grants, name,
        $$"""{ "servers": { "srv": "open" }, "tokenHash": "{{TokenHash.Of(token)}}" {{more}} }""");

    public GrantModel? Grant(string token = Token) => Now.Grants.GetValueOrDefault(TokenHash.Of(token));

    public ConfigObjects Config(string json)
    {
        var result = ConfigLoader.Load(_folder.File("gateway.json", json), _ => null);
        Assert.Empty(result.Problems);
        return result.Config!;
    }

    public void Dispose()
    {
        Plane.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
