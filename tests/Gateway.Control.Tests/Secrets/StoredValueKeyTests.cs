using Gateway.Control.Documents.Kinds;
using Gateway.Storage.Local.Journal;

namespace Gateway.Control.Tests.Secrets;

/// <summary>The key of values, over real documents and a real journal.</summary>
public sealed class StoredValueKeyTests : IAsyncLifetime, IDisposable
{
    private static readonly ControlKey Document = new(ControlKinds.ValueKeys, "counters");
    private readonly TestFolder _folder = new();
    private FileControlStore _store = null!;
    private JournalEngine _limiter = null!;

    public async Task InitializeAsync()
    {
        _store = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);
        _limiter = await OpenLimiterAsync();
    }

    public async Task DisposeAsync()
    {
        await _limiter.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_frontend_has_the_same_key_also_those_that_ask_at_once()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => KeyAsync(Frontend()))));
        Assert.All(keys, key => Assert.Equal(keys[0], key!));
        Assert.Equal(32, keys[0]!.Length);
    }

    [Fact]
    public async Task A_restart_finds_the_key_again()
    {
        var key = await KeyAsync(Frontend());
        await _limiter.DisposeAsync();
        _limiter = await OpenLimiterAsync();
        Assert.Equal(key, await KeyAsync(Frontend()));
    }

    [Fact]
    public async Task Denies_when_the_key_is_gone_and_serves_again_when_it_is_back()
    {
        var key = await KeyAsync(Frontend());
        var written = (await _store.ReadAsync(default)).Find(Document)!;
        await _store.DeleteAsync(Document, written.Version, default);
        var late = Frontend();
        Assert.Null(await KeyAsync(late));
        Assert.Contains(
            "is gone: restore the control document value-keys/counters", late.Fault, StringComparison.Ordinal);
        await _store.WriteAsync(Document, 0, written.Content, default);
        Assert.Equal(key, await KeyAsync(Frontend()));
    }

    [Fact]
    public async Task Denies_when_the_key_is_another_one()
    {
        await KeyAsync(Frontend());
        var other = ControlJsonContext.Write(new ValueKeyDocument(new byte[32]),
            ControlJsonContext.Default.ValueKeyDocument);
        await _store.WriteAsync(Document, (await _store.ReadAsync(default)).Find(Document)!.Version, other, default);
        var late = Frontend();
        Assert.Null(await KeyAsync(late));
        Assert.Contains("is not the one in use", late.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"key\":\"AAAA\"}")]
    [InlineData("{\"key\":5}")]
    public async Task Denies_when_the_key_cannot_be_read(string content)
    {
        await _store.WriteAsync(Document, 0, Encoding.UTF8.GetBytes(content), default);
        var frontend = Frontend();
        Assert.Null(await KeyAsync(frontend));
        Assert.Contains("cannot be read", frontend.Fault, StringComparison.Ordinal);
    }

    private static async Task<byte[]?> KeyAsync(StoredValueKey of) => await of.GetAsync(default);

    private StoredValueKey Frontend() => new(_store, _limiter, _limiter.Clock, TimeProvider.System);

    private Task<JournalEngine> OpenLimiterAsync() => JournalEngine.OpenAsync(
        new JournalEngineOptions { DataDirectory = Path.Combine(_folder.Path, "limits") }, TimeProvider.System);
}
