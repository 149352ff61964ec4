using Gateway.Control.Authenticity;

namespace Gateway.Control.Tests.Authenticity;

/// <summary>The inner store is what somebody with rights on the database writes to.</summary>
public sealed class AuthenticatedControlStoreTests : IDisposable
{
    private const string KeyText = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string OtherKeyText = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private static readonly ControlKey Bot = new(ControlKinds.Grants, "bot");
    private static readonly ControlKey Rogue = new(ControlKinds.Grants, "rogue");
    private static readonly ControlKey Session = new(ControlKinds.Sessions, "s");
    private readonly TestFolder _folder = new();
    private readonly FileControlStore _database;
    private readonly List<string> _accepted = [];
    private readonly List<long> _recorded = [];

    public AuthenticatedControlStoreTests() =>
        _database = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Document_written_with_the_key_is_in_effect_in_every_process_that_has_it()
    {
        var version = await WriteAsync(Open(), Bot, "1");

        var found = (await Open().ReadAsync(default)).Find(Bot)!;

        Assert.Equal((version, "1"), (found.Version, Text(found)));
    }

    [Fact]
    public async Task Row_written_without_the_key_is_ignored_and_reported_once()
    {
        var store = Open();
        await WriteAsync(store, Bot, "1");
        await _database.WriteAsync(Rogue, 0, "2"u8.ToArray(), default);

        var snapshot = await store.ReadAsync(default);
        await store.ReadAsync(default);

        Assert.Null(snapshot.Find(Rogue));
        Assert.NotNull(snapshot.Find(Bot));
        Assert.Equal(1, store.RejectedCount);
    }

    [Fact]
    public async Task Row_written_without_the_key_can_be_replaced_by_an_operator()
    {
        var store = Open();
        await WriteAsync(store, Bot, "1");
        await _database.WriteAsync(Rogue, 0, "2"u8.ToArray(), default);

        Assert.True((await store.WriteAsync(Rogue, 0, "3"u8.ToArray(), default)).IsWritten);

        Assert.Equal("3", Text((await Open().ReadAsync(default)).Find(Rogue)!));
    }

    [Fact]
    public async Task Changed_row_stops_every_process()
    {
        var store = Open();
        await WriteAsync(store, Bot, "1");
        await ForgeAsync(Bot, "2"u8.ToArray());

        Assert.Contains("grants/bot", (await RefusedAsync(store)).Message, StringComparison.Ordinal);
        Assert.Contains("was changed", (await RefusedAsync(Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_another_document_or_key_authenticates_nothing()
    {
        var store = Open();
        await WriteAsync(store, Bot, "1");
        var raw = await _database.ReadAsync(default);
        var codes = DocumentMacs.Read(raw.Find(DocumentMacs.KeyOf(Bot)), Bot)!;
        await _database.WriteAsync(Rogue, 0, "1"u8.ToArray(), default);
        await _database.WriteAsync(
            DocumentMacs.KeyOf(Rogue), 0, (codes with { Name = "rogue" }).Write(), default);

        Assert.Null((await store.ReadAsync(default)).Find(Rogue));
        Assert.Contains(
            "not authenticated", (await RefusedAsync(Open(OtherKeyText))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_put_back_with_its_code_stops_every_process(bool isDeletedBefore)
    {
        var store = Open();
        var first = await WriteAsync(store, Bot, "1");
        var old = await _database.ReadAsync(default);
        if (isDeletedBefore)
            Assert.True((await store.DeleteAsync(Bot, first, default)).IsWritten);
        else
            Assert.True((await store.WriteAsync(Bot, first, "2"u8.ToArray(), default)).IsWritten);
        await ForgeAsync(Bot, old.Find(Bot)!.Content.ToArray());
        await ForgeAsync(DocumentMacs.KeyOf(Bot), old.Find(DocumentMacs.KeyOf(Bot))!.Content.ToArray());

        Assert.Contains("earlier version", (await RefusedAsync(store)).Message, StringComparison.Ordinal);
        Assert.Contains("earlier version", (await RefusedAsync(Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_deleted_without_the_key_stops_every_process()
    {
        var store = Open();
        await WriteAsync(store, Bot, "1");
        await ForgeAsync(Bot, null);
        await ForgeAsync(DocumentMacs.KeyOf(Bot), null);

        Assert.Contains("was deleted", (await RefusedAsync(store)).Message, StringComparison.Ordinal);
        Assert.Contains("was deleted", (await RefusedAsync(Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_deleted_with_the_key_leaves_a_tombstone_and_can_be_made_again()
    {
        var store = Open();
        Assert.True((await store.DeleteAsync(Bot, await WriteAsync(store, Bot, "1"), default)).IsWritten);
        Assert.Null((await Open().ReadAsync(default)).Find(Bot));

        await WriteAsync(Open(), Bot, "2");

        Assert.Equal("2", Text((await store.ReadAsync(default)).Find(Bot)!));
        Assert.Equal("2", Text((await Open().ReadAsync(default)).Find(Bot)!));
    }

    [Fact]
    public async Task Short_lived_document_leaves_no_code_behind()
    {
        var store = Open();
        var version = await WriteAsync(store, Session, "1");
        await store.DeleteAsync(Session, version, default);

        Assert.Equal(VersionIndex.Key, Assert.Single((await _database.ReadAsync(default)).Documents).Key);
    }

    [Fact]
    public async Task Whole_store_put_back_is_noticed_after_a_restart_by_what_the_process_remembers()
    {
        var memory = Path.Combine(_folder.Path, "control-index");
        var store = Open(memory: memory);
        var version = await WriteAsync(store, Bot, "1");
        var old = await _database.ReadAsync(default);
        await store.WriteAsync(Bot, version, "2"u8.ToArray(), default);
        foreach (var document in old.Documents)
            await ForgeAsync(document.Key, document.Content.ToArray());

        Assert.Contains("earlier", (await RefusedAsync(Open(memory: memory))).Message, StringComparison.Ordinal);
        Assert.Equal("1", Text((await Open().ReadAsync(default)).Find(Bot)!));
    }

    [Fact]
    public async Task Store_of_an_earlier_release_is_accepted_by_the_digest_of_what_was_listed()
    {
        await _database.WriteAsync(Bot, 0, "1"u8.ToArray(), default);
        await _database.WriteAsync(Session, 0, "2"u8.ToArray(), default);
        var refused = await RefusedAsync(Open());
        Assert.Contains("grants/bot", refused.Message, StringComparison.Ordinal);
        var digest = DigestIn(refused.Message);
        await _database.WriteAsync(Rogue, 0, "3"u8.ToArray(), default);

        // What came after the listing was not looked at, so the old digest accepts nothing.
        digest = DigestIn((await RefusedAsync(Open(accept: digest))).Message);
        var accepted = await Open(accept: digest).ReadAsync(default);

        Assert.Equal(3, accepted.Count);
        Assert.Equal(4, _accepted.Count);
        Assert.Equal(3, (await Open().ReadAsync(default)).Count);
    }

    [Fact]
    public async Task Restored_backup_is_accepted_by_its_digest()
    {
        var store = Open();
        var version = await WriteAsync(store, Bot, "1");
        var old = await _database.ReadAsync(default);
        await store.WriteAsync(Bot, version, "2"u8.ToArray(), default);
        await ForgeAsync(Bot, "1"u8.ToArray());
        await ForgeAsync(DocumentMacs.KeyOf(Bot), old.Find(DocumentMacs.KeyOf(Bot))!.Content.ToArray());

        var digest = DigestIn((await RefusedAsync(Open())).Message);

        Assert.Equal("1", Text((await Open(accept: digest).ReadAsync(default)).Find(Bot)!));
        Assert.Equal("1", Text((await Open().ReadAsync(default)).Find(Bot)!));
    }

    [Fact]
    public async Task Codes_of_a_key_that_no_longer_signs_are_made_again_so_that_it_can_be_removed()
    {
        await WriteAsync(Open(), Bot, "1");

        await Open($"{OtherKeyText}\n{KeyText}").ReadAsync(default);

        Assert.NotNull((await Open(OtherKeyText).ReadAsync(default)).Find(Bot));
        await RefusedAsync(Open());
    }

    [Fact]
    public async Task Writers_in_two_processes_lose_no_change()
    {
        var stores = new[] { Open(), Open() };
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            var store = stores[n % 2];
            for (var isWritten = false; !isWritten;)
            {
                var found = (await store.ReadAsync(default)).Find(Bot);
                var next = (found is null ? 0 : int.Parse(Text(found))) + 1;
                isWritten = (await store.WriteAsync(
                    Bot, found?.Version ?? 0, Encoding.UTF8.GetBytes($"{next}"), default)).IsWritten;
            }
        }));

        Assert.Equal("40", Text((await Open().ReadAsync(default)).Find(Bot)!));
    }

    [Fact]
    public async Task Writers_of_the_same_content_at_the_same_time_stop_nobody()
    {
        var stores = new[] { Open(), Open(), Open(), Open() };
        await Task.WhenAll(stores.Select(async store =>
        {
            for (var count = 0; count < 40;)
            {
                var found = (await store.ReadAsync(default)).Find(Bot);
                count = found is null ? 0 : int.Parse(Text(found));
                await store.WriteAsync(Bot, found?.Version ?? 0, Encoding.UTF8.GetBytes($"{count + 1}"), default);
            }
        }));

        Assert.InRange(int.Parse(Text((await Open().ReadAsync(default)).Find(Bot)!)), 40, 44);
    }

    [Fact]
    public async Task Content_of_a_write_that_lost_is_not_authentic_later()
    {
        var store = Open();
        var version = await WriteAsync(store, Bot, "1");
        var loser = new LosingStore(_database);
        Assert.False((await Open(inner: loser).WriteAsync(Bot, version, "9"u8.ToArray(), default)).IsWritten);
        await ForgeAsync(Bot, "9"u8.ToArray());

        await RefusedAsync(Open());
    }

    [Fact]
    public async Task Code_without_its_document_after_a_crash_changes_nothing()
    {
        var store = Open();
        var version = await WriteAsync(store, Bot, "1");
        var crashing = Open(inner: new LosingStore(_database) { IsCrashing = true });
        await Assert.ThrowsAsync<ControlStoreException>(
            () => crashing.WriteAsync(Bot, version, "2"u8.ToArray(), default).AsTask());

        Assert.Equal("1", Text((await Open().ReadAsync(default)).Find(Bot)!));
        await store.WriteAsync(Bot, version, "3"u8.ToArray(), default);
        Assert.Equal("3", Text((await Open().ReadAsync(default)).Find(Bot)!));
    }

    [Fact]
    public async Task Index_is_put_on_record_as_it_changes()
    {
        await WriteAsync(Open(), Bot, "1");

        Assert.NotEmpty(_recorded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all, whatever its length may be")]
    public void Key_file_without_a_usable_key_is_refused_with_a_way_out(string text) =>
        Assert.Contains(
            "openssl rand -base64 32",
            Assert.Throws<ControlStoreException>(() => DocumentKeys.Parse(text, "keys")).Message,
            StringComparison.Ordinal);

    private AuthenticatedControlStore Open(
        string keys = KeyText, string? accept = null, string? memory = null, IControlStore? inner = null) => new(
        inner ?? _database,
        new AuthenticityOptions
        {
            Keys = DocumentKeys.Parse(keys, "keys"),
            Memory = new IndexMemory(memory, TimeProvider.System, index =>
            {
                lock (_recorded)
                    _recorded.Add(index.Number);
                return ValueTask.CompletedTask;
            }),
            Accept = accept,
            RecordAccepted = documents =>
            {
                _accepted.AddRange(documents);
                return Task.CompletedTask;
            },
        },
        NullLogger<AuthenticatedControlStore>.Instance);

    private static async Task<long> WriteAsync(IControlStore store, ControlKey key, string content)
    {
        var write = await store.WriteAsync(key, 0, Encoding.UTF8.GetBytes(content), default);
        Assert.True(write.IsWritten);
        return write.Version;
    }

    private async Task ForgeAsync(ControlKey key, byte[]? content)
    {
        var version = (await _database.ReadAsync(default)).Find(key)?.Version ?? 0;
        Assert.True((await _database.ChangeAsync(key, version, content, default)).IsWritten);
    }

    private static Task<ControlStoreException> RefusedAsync(IControlStore store) =>
        Assert.ThrowsAsync<ControlStoreException>(() => store.ReadAsync(default).AsTask());

    private static string DigestIn(string message) =>
        message.Split("--accept-store ")[1].Split(' ')[0];

    private static string Text(ControlDocument document) => Encoding.UTF8.GetString(document.Content.Span);

    /// <summary>Answers a document's own write, not its code's, as if another writer had come first.</summary>
    private sealed class LosingStore(IControlStore inner) : IControlStore
    {
        public bool IsCrashing { get; init; }

        public bool IsShared => true;

        public IArchive Archive => inner.Archive;

        public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
            inner.ReadAsync(cancellationToken);

        public ValueTask<ControlWrite> ChangeAsync(
            ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken) =>
            key.Kind == ControlKinds.DocumentMacs
                ? inner.ChangeAsync(key, expectedVersion, content, cancellationToken)
                : IsCrashing ? throw new ControlStoreException("crashed") : new(ControlWrite.Conflict(99));

        public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
            inner.WaitAsync(revision, atMost, cancellationToken);
    }
}
