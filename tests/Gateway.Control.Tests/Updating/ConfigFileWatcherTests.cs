using Gateway.Audit.Records;
using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

public sealed class ConfigFileWatcherTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Keeps_the_last_good_one_and_reports_a_wrong_edit()
    {
        var watch = Watch(Server(7));
        await watch.OpenAsync(default);

        _folder.File("gateway.json", "{ \"servers\": ");
        Assert.False(await watch.ReloadAsync(default));

        Assert.Equal(7, _bench.Now.Servers["srv"].Url!.Port);
        Assert.False(watch.Status.IsInForce);
        Assert.Contains("gateway.json:1:", Assert.Single(watch.Status.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Puts_a_right_edit_in_force()
    {
        var watch = Watch(Server(7));
        await watch.OpenAsync(default);

        _folder.File("gateway.json", Server(8));
        Assert.True(await watch.ReloadAsync(default));

        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        Assert.True(watch.Status.IsInForce);
    }

    [Fact]
    public async Task A_reload_is_recorded_before_it_is_applied_with_the_operator_who_asked_for_it()
    {
        var record = new Recorded();
        var watch = Watch(Server(7), record);
        await watch.OpenAsync(default);
        _folder.File("gateway.json", Server(8));
        record.BeforeApply = () => Assert.Equal(7, _bench.Now.Servers["srv"].Url!.Port);

        Assert.True(await watch.ReloadAsync(default, new Actor("ana")));
        Assert.True(await watch.ReloadAsync(default));

        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        var (by, change) = Assert.Single(record.Changes);
        Assert.Equal(("ana", "servers/srv"), (by!.Name, Assert.Single(change.Objects)));
        Assert.Equal("change /servers/srv/url", Assert.Single(change.Changes));
        Assert.Equal("gateway.json", Assert.Single(change.Files).Key);
    }

    [Fact]
    public async Task A_reload_that_cannot_be_recorded_changes_nothing_and_is_tried_again()
    {
        var record = new Recorded { Failure = new IOException("no room") };
        var watch = Watch(Server(7), record);
        await watch.OpenAsync(default);
        _folder.File("gateway.json", Server(8));

        await Assert.ThrowsAsync<IOException>(() => watch.ReloadAsync(default));
        Assert.Equal(7, _bench.Now.Servers["srv"].Url!.Port);
        record.Failure = null;
        Assert.True(await watch.ReloadAsync(default));

        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        Assert.Single(record.Changes);
    }

    [Fact]
    public async Task Edit_while_the_store_is_away_is_reported_and_applied_when_it_is_back()
    {
        var watch = Watch(Server(7));
        await watch.OpenAsync(default);
        _folder.File("gateway.json", Server(8));
        _bench.Store.IsCutOff = true;

        await Assert.ThrowsAsync<ControlStoreException>(() => watch.ReloadAsync(default));

        Assert.Equal(7, _bench.Now.Servers["srv"].Url!.Port);
        Assert.Equal((false, true), (watch.Status.IsInForce, watch.Status.IsWaiting));
        Assert.Equal(
            "The file has changed but is not applied yet (cut off). The gateway applies it once this problem ends.",
            Assert.Single(watch.Status.Problems));
        _bench.Store.IsCutOff = false;
        await watch.StartAsync(default);
        await Soon.UntilAsync(() => watch.Status.IsInForce, "the file is in force");
        await watch.StopAsync(default);

        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        Assert.Equal((false, 0), (watch.Status.IsWaiting, watch.Status.Problems.Length));
    }

    [Fact]
    public async Task Refuses_to_open_with_a_wrong_file_and_names_every_problem()
    {
        var watch = Watch("""{ "servers": { "a": {}, "b": { "url": "x" } } }""");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => watch.OpenAsync(default));

        Assert.Equal(2, refused.Message.Split('\n').Length);
    }

    [Fact]
    public async Task Sees_an_edit_by_itself()
    {
        using var watch = Watch(Server(7));
        await watch.OpenAsync(default);
        await watch.StartAsync(default);
        var changed = NextSnapshotAsync();

        _folder.File("gateway.json", Server(8));

        await changed;
        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        await watch.StopAsync(default);
    }

    [UnixFact]
    public async Task Sees_that_a_mounted_ConfigMap_was_swapped()
    {
        // As Kubernetes mounts it: gateway.json -> ..data/gateway.json, ..data -> a dated directory.
        _folder.File("..1/gateway.json", Server(7));
        _folder.File("..2/gateway.json", Server(8));
        var data = Path.Combine(_folder.Path, "..data");
        Directory.CreateSymbolicLink(data, "..1");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "gateway.json"), "..data/gateway.json");
        using var watch = Watch(null);
        await watch.OpenAsync(default);
        await watch.StartAsync(default);
        var changed = NextSnapshotAsync();

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..2");

        await changed;
        Assert.Equal(8, _bench.Now.Servers["srv"].Url!.Port);
        await watch.StopAsync(default);
    }

    [Fact]
    public void Notices_a_change_in_a_policy_file_and_that_a_missing_one_appears()
    {
        _folder.File("gateway.json", """{ "policies": { "p": { "file": "p.json" }, "q": { "file": "q.json" } } }""");
        _folder.File("p.json", ControlBench.AllowAll);
        var files = ConfigLoader.Load(Path.Combine(_folder.Path, "gateway.json"), _ => null).Files;
        Assert.False(files.HaveChanged());

        _folder.File("q.json", ControlBench.AllowAll);
        Assert.True(files.HaveChanged());
    }

    [Fact]
    public void Refuses_an_admin_key_that_is_also_a_grants_token()
    {
        var path = _folder.File("gateway.json", """
            { "servers": { "s": { "url": "http://x/" } }, "admin": { "key": "0123456789abcdef" },
              "grants": { "g": { "server": "s", "token": "0123456789abcdef" } } }
            """);

        var problem = Assert.Single(ConfigLoader.Load(path, _ => null).Problems);
        Assert.Equal("/admin/key", problem.Pointer);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    private static string Server(int port) =>
        $$"""{ "servers": { "srv": { "url": "http://127.0.0.1:{{port}}/mcp" } } }""";

    private ConfigFileWatcher Watch(string? config, IConfigRecord? record = null)
    {
        var path = config is null ? Path.Combine(_folder.Path, "gateway.json") : _folder.File("gateway.json", config);
        return new ConfigFileWatcher(
            new ConfigFileOptions { Path = path, Environment = _ => null },
            _bench.Plane, new ProcessClock(TimeProvider.System), TimeProvider.System,
            NullLogger<ConfigFileWatcher>.Instance, record is null ? null : new Lazy<IConfigRecord>(record));
    }

    private sealed class Recorded : IConfigRecord
    {
        public List<(Actor? By, ConfigFileChange Change)> Changes { get; } = [];

        public Action? BeforeApply { get; set; }

        public Exception? Failure { get; set; }

        public async Task ApplyAsync(Actor? by, ConfigFileChange change, Func<Task> apply)
        {
            if (Failure is not null)
                throw Failure;
            Changes.Add((by, change));
            BeforeApply?.Invoke();
            await apply();
        }

        public Task StartAsync(string path, IReadOnlyDictionary<string, string> files) => Task.CompletedTask;
    }

    private async Task NextSnapshotAsync()
    {
        var before = _bench.Now;
        await Soon.UntilAsync(() => !ReferenceEquals(before, _bench.Now), "another snapshot is in force");
    }
}
