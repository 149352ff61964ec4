using System.Runtime.Versioning;
using Gateway.Proxy.Conformance;

namespace Gateway.Storage.Local.Tests.Files;

public sealed class FileControlStoreTests : ControlStoreConformance, IDisposable
{
    private static readonly ControlKey Key = new(ControlKinds.Grants, "Bot");
    private readonly TestFolder _folder = new();
    private readonly List<FileControlStore> _open = [];

    private string Control => Path.Combine(_folder.Path, "control");

    public void Dispose()
    {
        _open.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Finds_everything_again_after_a_restart()
    {
        using (var first = FileControlStore.Open(Control + "2", TimeProvider.System))
        {
            await first.WriteAsync(Key, 0, "1"u8.ToArray(), default);
            await first.WriteAsync(new(ControlKinds.Servers, "s"), 0, "2"u8.ToArray(), default);
            await first.DeleteAsync(new(ControlKinds.Servers, "s"), 2, default);
        }

        using var second = FileControlStore.Open(Control + "2", TimeProvider.System);
        var snapshot = await second.ReadAsync(default);

        Assert.Equal(3, snapshot.Revision);
        Assert.Equal(Key, Assert.Single(snapshot.Documents).Key);
    }

    [Fact]
    public void Refuses_a_second_owner_and_says_what_to_do()
    {
        var refused = Assert.Throws<ControlStoreException>(() => FileControlStore.Open(Control, TimeProvider.System));

        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ignores_what_a_crash_left_half_written()
    {
        using (var first = FileControlStore.Open(Control + "2", TimeProvider.System))
            await first.WriteAsync(Key, 0, "1"u8.ToArray(), default);
        var document = Assert.Single(Directory.GetFiles(Path.Combine(Control + "2", "grants")));
        File.WriteAllText(document + ".tmp", """{"name":"Bot","ver""");

        using var second = FileControlStore.Open(Control + "2", TimeProvider.System);

        Assert.Equal("1", Encoding.UTF8.GetString((await second.ReadAsync(default)).Find(Key)!.Content.Span));
        Assert.False(File.Exists(document + ".tmp"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"name":"a","version":"x","content":1}""")]
    [InlineData("""{"name":"a","version":7,"content":1""", 7)]
    public async Task Open_with_a_damaged_grant_marks_it_and_takes_it_back_when_it_is_set_again(
        string damaged, long version = 1)
    {
        var path = _folder.File("control2/grants/a.json", damaged);
        var key = new ControlKey(ControlKinds.Grants, "a");

        using var store = FileControlStore.Open(Control + "2", TimeProvider.System);
        var marked = (await store.ReadAsync(default)).Find(key)!;
        var written = await store.WriteAsync(key, version, "{}"u8.ToArray(), default);

        Assert.Contains(path, marked.Damage, StringComparison.Ordinal);
        Assert.Equal((version, "null"), (marked.Version, Encoding.UTF8.GetString(marked.Content.Span)));
        Assert.True(written.IsWritten);
        Assert.Null((await store.ReadAsync(default)).Find(key)!.Damage);
    }

    [Fact]
    public void Open_with_damaged_documents_whose_loss_could_allow_something_is_refused_and_lists_all()
    {
        var ended = _folder.File("control2/ended/grants.json", "{");
        var account = _folder.File("control2/operators/ana.json", "\0\0");

        var refused = Assert.Throws<ControlStoreException>(
            () => FileControlStore.Open(Control + "2", TimeProvider.System));

        Assert.Contains(ended, refused.Message, StringComparison.Ordinal);
        Assert.Contains(account, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_moves_what_denies_keeps_a_pause_and_the_rest_only_if_asked()
    {
        _folder.File("control2/grants/a.json", "{");
        _folder.File("control2/pauses/servers%2fcrm.json", "{");
        var ended = _folder.File("control2/ended/grants.json", "{");

        var planned = FileControlStore.Repair(Control + "2", isDryRun: true, all: true);
        var some = FileControlStore.Repair(Control + "2", isDryRun: false, all: false);
        Assert.True(File.Exists(ended));
        var rest = FileControlStore.Repair(Control + "2", isDryRun: false, all: true);
        using var store = FileControlStore.Open(Control + "2", TimeProvider.System);

        Assert.Equal(3, planned.Count);
        Assert.Null(Assert.Single(some, one => one.Path == ended).MovedTo);
        Assert.Equal("{", File.ReadAllText(Assert.Single(rest, one => one.Path == ended).MovedTo!));
        var left = Assert.Single((await store.ReadAsync(default)).Documents);
        Assert.Equal(new ControlKey(ControlKinds.Pauses, "servers/crm"), left.Key);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Lets_only_the_owner_read()
    {
        using var store = FileControlStore.Open(Control + "2", TimeProvider.System);
        await store.WriteAsync(Key, 0, "1"u8.ToArray(), default);
        const UnixFileMode others = (UnixFileMode)0b000_111_111;

        foreach (var path in Directory.EnumerateFileSystemEntries(Control + "2", "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Control + "2") & others);
    }

    [UnixFact]
    public async Task Stays_what_it_was_when_a_write_fails_and_works_again_later()
    {
        using var store = FileControlStore.Open(Control + "2", TimeProvider.System);
        await store.WriteAsync(Key, 0, "1"u8.ToArray(), default);
        // A directory in the temporary file's place makes the write fail whoever runs the test.
        var blocked = Path.Combine(Control + "2", "grants", "other.json.tmp");
        Directory.CreateDirectory(blocked);

        await Assert.ThrowsAsync<ControlStoreException>(
            async () => await store.WriteAsync(new(ControlKinds.Grants, "other"), 0, "2"u8.ToArray(), default));
        Directory.Delete(blocked);

        Assert.Equal(Key, Assert.Single((await store.ReadAsync(default)).Documents).Key);
        Assert.True((await store.WriteAsync(new(ControlKinds.Grants, "other"), 0, "2"u8.ToArray(), default)).IsWritten);
    }

    [UnixFact]
    public async Task Takes_changes_again_by_itself_once_the_disk_can_be_read_back()
    {
        using var store = FileControlStore.Open(Control + "2", TimeProvider.System);
        await store.WriteAsync(Key, 0, "1"u8.ToArray(), default);
        var grants = Path.Combine(Control + "2", "grants");
        var before = Assert.Single(Directory.GetFiles(grants));
        var other = new ControlKey(ControlKinds.Grants, "other");
        // Neither can be written nor read back: what is on the disk is not known.
        Directory.CreateDirectory(Path.Combine(grants, "other.json.tmp"));
        File.WriteAllText(Path.Combine(grants, "damaged.json"), "{");
        await Assert.ThrowsAsync<ControlStoreException>(
            async () => await store.WriteAsync(other, 0, "2"u8.ToArray(), default));
        Directory.Delete(Path.Combine(grants, "other.json.tmp"));
        var refused = await Assert.ThrowsAsync<ControlStoreException>(
            async () => await store.WriteAsync(other, 0, "2"u8.ToArray(), default));
        Assert.Contains("damaged.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains("until they can be read", refused.Message, StringComparison.Ordinal);

        // What was there all the time, and nobody but the disk knew of.
        File.Delete(Path.Combine(grants, "damaged.json"));
        File.Delete(before);
        await store.WaitAsync(1, TimeSpan.Zero, default);

        Assert.Empty((await store.ReadAsync(default)).Documents);
        Assert.True((await store.WriteAsync(other, 0, "2"u8.ToArray(), default)).IsWritten);
    }

    protected override Task<IControlStore> OpenAsync()
    {
        _open.Add(FileControlStore.Open(Control, TimeProvider.System));
        return Task.FromResult<IControlStore>(_open[^1]);
    }
}
