namespace Gateway.Control.Tests.Documents;

public sealed class DocumentCacheTests : IDisposable
{
    private static readonly ControlKey Key = new(ControlKinds.Approvals, "digest");
    private readonly TestFolder _folder = new();
    private readonly FileControlStore _files;

    public DocumentCacheTests() =>
        _files = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reads_a_shared_store_once_a_change_for_all_who_ask()
    {
        var store = new CountingStore(_files);
        using var documents = new DocumentCache(store);
        for (var change = 1; change <= 3; change++)
        {
            var found = (await _files.ReadAsync(default)).Find(Key);
            await _files.WriteAsync(Key, found?.Version ?? 0, "{}"u8.ToArray(), default);

            var seen = await Task.WhenAll(
                Enumerable.Range(0, 32).Select(_ => documents.ReadAsync(default).AsTask()));

            Assert.All(seen, snapshot => Assert.Equal(change, snapshot.Revision));
            Assert.Equal(change, store.Reads);
        }
    }

    [Fact]
    public async Task Never_shows_a_state_from_before_the_question()
    {
        using var documents = new DocumentCache(new CountingStore(_files));
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await documents.ReadAsync(default);
        });
        var version = 0L;
        for (var i = 0; i < 200; i++)
        {
            version = (await _files.WriteAsync(Key, version, "{}"u8.ToArray(), default)).Version;

            Assert.Equal(version, (await documents.ReadAsync(default)).Find(Key)!.Version);
        }

        await stop.CancelAsync();
        await reader;
    }
}
