using System.Security.Cryptography;
using Gateway.Control.Documents;

namespace Gateway.Proxy.Conformance;

/// <summary>What every <see cref="IControlStore"/> does; a store's test project derives one class from it.</summary>
public abstract class ControlStoreConformance : IAsyncLifetime
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);
    private static readonly ControlKey Afip = new(ControlKinds.Servers, "afip");

    private IControlStore Store { get; set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The revision that a waiting caller gets for a write; a store may make other writes around it.</summary>
    protected virtual void AssertRevision(long written, long revision) => Assert.Equal(written, revision);

    [Fact]
    public async Task Begins_empty()
    {
        Assert.Empty((await ReadAsync()).Documents);
    }

    [Fact]
    public async Task Gives_back_the_very_bytes()
    {
        var content = Utf8("""{ "url":  "http://ünïcode/\u0041", "n": 1.50, "a": [ ] }""");

        var written = await Store.WriteAsync(Afip, 0, content, default);

        var found = (await ReadAsync()).Find(Afip)!;
        Assert.True(written.IsWritten);
        Assert.Equal(written.Version, found.Version);
        Assert.Equal(content, found.Content.ToArray());
    }

    [Fact]
    public async Task Keeps_a_document_as_large_and_as_deep_as_a_policy_may_be()
    {
        var content = Utf8(new string('[', 64) + '"' + new string('x', 1_000_000) + '"' + new string(']', 64));

        await Store.WriteAsync(Afip, 0, content, default);

        Assert.Equal(content, (await ReadAsync()).Find(Afip)!.Content.ToArray());
    }

    [Fact]
    public async Task Refuses_to_make_what_is_there()
    {
        var first = await Store.WriteAsync(Afip, 0, Utf8("1"), default);

        Assert.Equal(ControlWrite.Conflict(first.Version), await Store.WriteAsync(Afip, 0, Utf8("2"), default));
        Assert.Equal("1", Text(await ReadAsync(), Afip));
    }

    [Fact]
    public async Task Replaces_only_the_expected_version()
    {
        var first = await Store.WriteAsync(Afip, 0, Utf8("1"), default);
        var second = await Store.WriteAsync(Afip, first.Version, Utf8("2"), default);

        Assert.True(second.Version > first.Version);
        Assert.Equal(
            ControlWrite.Conflict(second.Version), await Store.WriteAsync(Afip, first.Version, Utf8("3"), default));
        Assert.Equal("2", Text(await ReadAsync(), Afip));
    }

    [Fact]
    public async Task Deletes_only_the_expected_version()
    {
        var first = await Store.WriteAsync(Afip, 0, Utf8("1"), default);
        var second = await Store.WriteAsync(Afip, first.Version, Utf8("2"), default);

        Assert.False((await Store.DeleteAsync(Afip, first.Version, default)).IsWritten);
        Assert.True((await Store.DeleteAsync(Afip, second.Version, default)).IsWritten);
        Assert.Null((await ReadAsync()).Find(Afip));
        Assert.Equal(ControlWrite.Conflict(0), await Store.DeleteAsync(Afip, second.Version, default));
    }

    [Fact]
    public async Task Keeps_what_was_apart_from_what_is()
    {
        var revision = (await ReadAsync()).Revision;
        byte[] bytes = [0xff, .. Utf8("{ \"a\":  1 }")];

        await Store.Archive.KeepAsync("policies/a b/ünï", 7, bytes, 10, default);
        await Store.Archive.KeepAsync("policies/a b/ünï", 7, Utf8("another"), 10, default);

        var entry = Assert.Single(await Store.Archive.ListAsync("policies/a b/ünï", default));
        Assert.Equal(
            new ArchiveEntry(7, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), entry);
        var read = await Store.Archive.ReadAsync("policies/a b/ünï", [7, 8], default);
        Assert.Equal(bytes, Assert.Single(read).Value);
        Assert.Equal((revision, 0), ((await ReadAsync()).Revision, (await ReadAsync()).Count));
    }

    [Fact]
    public async Task Keeps_at_most_the_requested_number_of_entries_of_each_topic()
    {
        foreach (var number in new long[] { 3, 1, 12, 5, 20 })
            await Store.Archive.KeepAsync("one", number, Utf8($"{number}"), 3, default);
        await Store.Archive.KeepAsync("another", 2, Utf8("2"), 3, default);

        Assert.Equal([20, 12, 5], (await Store.Archive.ListAsync("one", default)).Select(static one => one.Number));
        Assert.Equal([12], (await Store.Archive.ReadAsync("one", [3, 12], default)).Keys);
        Assert.Equal([20L, 12, 5], (await Store.Archive.NumbersAsync("one", default)).AsEnumerable());
        Assert.Equal([2], (await Store.Archive.ListAsync("another", default)).Select(static one => one.Number));
        Assert.Empty(await Store.Archive.ListAsync("none", default));
        Assert.Empty(await Store.Archive.NumbersAsync("none", default));
    }

    [Fact]
    public async Task Replaces_an_entry_as_it_grows_and_drops_lower_numbers()
    {
        foreach (var (number, text) in new[] { (5L, "5"), (7L, "one"), (9L, "9"), (7L, "one and more") })
            await Store.Archive.PutAsync("grows", number, Utf8(text), 1, default);

        Assert.Equal(
            [(9, 1), (7, 12), (5, 1)],
            (await Store.Archive.ListAsync("grows", default)).Select(static one => (one.Number, one.Bytes)));
        Assert.Equal(
            Utf8("one and more"), Assert.Single(await Store.Archive.ReadAsync("grows", [7], default)).Value);

        await Store.Archive.PutAsync("grows", 12, Utf8("12"), 8, default);
        Assert.Equal([12, 9], (await Store.Archive.ListAsync("grows", default)).Select(static one => one.Number));
        Assert.Empty(await Store.Archive.ReadAsync("grows", [5, 7], default));
    }

    [Fact]
    public async Task Entry_put_below_the_least_number_is_dropped_and_the_topic_stays_usable()
    {
        foreach (var number in new long[] { 2, 5, 9 })
            await Store.Archive.KeepAsync("emptied", number, Utf8("x"), 10, default);

        await Store.Archive.PutAsync("emptied", 1, Utf8(""), 9, default);
        Assert.Equal([9], (await Store.Archive.ListAsync("emptied", default)).Select(static one => one.Number));
        await Store.Archive.PutAsync("emptied", 1, Utf8(""), long.MaxValue, default);
        Assert.Empty(await Store.Archive.ListAsync("emptied", default));
        await Store.Archive.KeepAsync("emptied", 9, Utf8("again"), 10, default);

        Assert.Equal(Utf8("again"), Assert.Single(await Store.Archive.ReadAsync("emptied", [9], default)).Value);
    }

    [Fact]
    public async Task Keeps_what_several_keep_at_once()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(number => Task.Run(async () =>
            await Store.Archive.KeepAsync("one", number, Utf8($"{number}"), 100, default))));

        Assert.Equal(8, (await Store.Archive.ListAsync("one", default)).Length);
    }

    [Fact]
    public async Task Never_uses_a_version_twice_for_a_name_that_was_deleted()
    {
        var first = await Store.WriteAsync(Afip, 0, Utf8("1"), default);
        await Store.DeleteAsync(Afip, first.Version, default);
        var again = await Store.WriteAsync(Afip, 0, Utf8("1"), default);

        Assert.True(again.Version > first.Version);
        Assert.False((await Store.DeleteAsync(Afip, first.Version, default)).IsWritten);
    }

    [Fact]
    public async Task Distinguishes_names_byte_for_byte()
    {
        string[] names =
        [
            "a", "A", "a.b", "a_b", "a%b", "a/b", "..", ".", "con", "über", new string('x', 200), new string('x', 201),
            "grant@afip/backchannel_resend_otp_rate/grant/fixed/60s",
        ];
        foreach (var name in names)
            Assert.True((await Store.WriteAsync(new(ControlKinds.Generations, name), 0, Utf8("1"), default)).IsWritten);
        await Store.WriteAsync(new(ControlKinds.Grants, "a"), 0, Utf8("1"), default);

        var found = (await ReadAsync()).OfKind(ControlKinds.Generations).Select(document => document.Key.Name);

        Assert.Equal(names.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Lets_one_of_many_writers_win_each_version()
    {
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var won = 0;
            while (true)
            {
                var now = (await ReadAsync()).Find(Afip);
                var count = now is null ? 0 : int.Parse(Encoding.UTF8.GetString(now.Content.Span));
                if (count >= 40)
                    return won;
                if ((await Store.WriteAsync(Afip, now?.Version ?? 0, Utf8($"{count + 1}"), default)).IsWritten)
                    won++;
            }
        }));

        Assert.Equal(40, wins.Sum());
        Assert.Equal("40", Text(await ReadAsync(), Afip));
    }

    [Fact]
    public async Task Wakes_who_waits_for_a_change()
    {
        var before = (await ReadAsync()).Revision;
        var waiting = Store.WaitAsync(before, LongEnough, default).AsTask();

        var written = await Store.WriteAsync(Afip, 0, Utf8("1"), default);

        AssertRevision(written.Version, await waiting);
        Assert.True((await ReadAsync()).Revision >= written.Version);
    }

    [Fact]
    public async Task Wakes_for_a_deletion_too()
    {
        var written = await Store.WriteAsync(Afip, 0, Utf8("1"), default);
        var waiting = Store.WaitAsync((await ReadAsync()).Revision, LongEnough, default).AsTask();

        await Store.DeleteAsync(Afip, written.Version, default);

        Assert.True(await waiting > written.Version);
    }

    [Fact]
    public async Task Answers_at_once_where_the_revision_has_passed()
    {
        var before = (await ReadAsync()).Revision;
        var written = await Store.WriteAsync(Afip, 0, Utf8("1"), default);

        AssertRevision(written.Version, await Store.WaitAsync(before, LongEnough, default));
    }

    [Fact]
    public async Task Answers_after_the_time_where_nothing_changed()
    {
        var revision = (await ReadAsync()).Revision;

        Assert.Equal(revision, await Store.WaitAsync(revision, TimeSpan.FromMilliseconds(1), default));
    }

    [Fact]
    public async Task Refuses_what_is_no_JSON() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await Store.WriteAsync(Afip, 0, Utf8("{ not json"), default));

    /// <summary>A store without documents.</summary>
    protected abstract Task<IControlStore> OpenAsync();

    private ValueTask<ControlSnapshot> ReadAsync() => Store.ReadAsync(default);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ControlSnapshot snapshot, ControlKey key) =>
        Encoding.UTF8.GetString(snapshot.Find(key)!.Content.Span);
}
