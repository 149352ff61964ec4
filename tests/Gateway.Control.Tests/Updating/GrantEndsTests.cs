using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

/// <summary>Grants that reached their expiry, and a clock that is set back then.</summary>
public sealed class GrantEndsTests : IDisposable
{
    private const int DayMs = 86_400_000;
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task A_reached_expiry_holds_for_a_gateway_whose_clock_is_set_back()
    {
        await _bench.PutAllAsync(Expires(1));
        using var back = Another();
        await back.Plane.RefreshAsync(default);
        Assert.False(back.Grant().IsExpired(Now));

        _bench.Time.Jump(TimeSpan.FromDays(1));
        await _bench.Plane.StoreEndsAsync(default);
        await back.Plane.RefreshAsync(default);

        Assert.True(back.Grant().IsExpired(Now - DayMs));
        using var restarted = Another();
        await restarted.Plane.RefreshAsync(default);
        Assert.True(restarted.Grant().IsExpired(Now - DayMs));
        Assert.True(restarted.Plane.State.HasEnded(restarted.Plane.State.Objects.Grants["bot"], Now - DayMs));
    }

    [Fact]
    public async Task Another_expiry_makes_the_grant_good_again()
    {
        await _bench.PutAllAsync(Expires(1));
        _bench.Time.Jump(TimeSpan.FromDays(1));
        await _bench.Plane.StoreEndsAsync(default);

        await _bench.PutGrantAsync("bot", ControlBench.Token, Expires(1));

        Assert.False(_bench.Grant()!.IsExpired(Now));
        Assert.True(_bench.Grant()!.IsExpired(Now + DayMs));
    }

    [Fact]
    public async Task A_rotated_token_of_an_ended_grant_stays_ended()
    {
        var expires = Expires(1);
        await _bench.PutAllAsync(expires);
        _bench.Time.Jump(TimeSpan.FromDays(1));
        await _bench.Plane.StoreEndsAsync(default);

        await _bench.PutGrantAsync("bot", ControlBench.OtherToken, expires);

        Assert.True(_bench.Grant(ControlBench.OtherToken)!.IsExpired(Now - DayMs));
    }

    [Fact]
    public async Task A_previous_token_whose_overlap_is_over_stays_ended_and_the_new_one_goes_on()
    {
        await _bench.PutAllAsync($$"""
            , "previousTokenHash": "{{TokenHash.Of(ControlBench.OtherToken)}}", "previousUntil": "{{Text(Now + DayMs)}}"
            """);
        _bench.Time.Jump(TimeSpan.FromDays(1));
        await _bench.Plane.StoreEndsAsync(default);
        await _bench.Plane.RefreshAsync(default);

        Assert.True(_bench.Grant(ControlBench.OtherToken)!.IsExpired(Now - DayMs));
        Assert.False(_bench.Grant()!.IsExpired(Now));
    }

    [Fact]
    public async Task Only_what_has_ended_is_stored_and_nothing_is_written_twice()
    {
        await _bench.PutAllAsync(Expires(1));
        await _bench.PutGrantAsync("later", ControlBench.OtherToken, Expires(2));
        await _bench.Plane.StoreEndsAsync(default);
        Assert.Empty((await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.Ended));

        _bench.Time.Jump(TimeSpan.FromDays(1));
        await _bench.Plane.StoreEndsAsync(default);
        var first = (await _bench.Store.ReadAsync(default)).Revision;
        for (var i = 0; i < 3; i++)
        {
            await _bench.Plane.RefreshAsync(default);
            await _bench.Plane.StoreEndsAsync(default);
        }

        Assert.Equal(first, (await _bench.Store.ReadAsync(default)).Revision);
        var stored = (await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.Ended).Single();
        Assert.Equal(
            $$$"""{"grants":{"bot":"{{{Text(Now)}}}"}}""", Encoding.UTF8.GetString(stored.Content.Span));
    }

    [Fact]
    public async Task A_time_that_is_not_trusted_ends_nothing()
    {
        await _bench.PutAllAsync(Expires(1));
        using var ahead = Another(Now - 40L * DayMs);
        await ahead.Plane.RefreshAsync(default);
        _bench.Time.Jump(TimeSpan.FromDays(2));

        await ahead.Plane.StoreEndsAsync(default);

        Assert.Empty((await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.Ended));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_changes_nothing_and_is_named()
    {
        await _bench.PutAllAsync();
        var e = await Assert.ThrowsAsync<ControlStoreException>(
            () => _bench.PutAsync(ControlKinds.Ended, "grants", """{ "odd": 1 }"""));
        Assert.StartsWith("ended/grants in the control store cannot be read (", e.Message, StringComparison.Ordinal);
        Assert.NotNull(_bench.Grant());
    }

    public void Dispose() => _bench.Dispose();

    private long Now => _bench.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Text(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.FFFzzz");

    private string Expires(int days) => $$""", "expires": "{{Text(Now + (long)days * DayMs)}}" """;

    private Gateway Another(long? storedMs = null) => new(_bench, storedMs);

    /// <summary>Another process over the same store.</summary>
    private sealed class Gateway : IDisposable
    {
        private readonly SnapshotHolder _snapshots = new();

        public Gateway(ControlBench bench, long? storedMs) => Plane = new SnapshotUpdater(
            bench.Store, new SecretProtector(bench.Store), _snapshots, new StoreStaleness(bench.Store, bench.Time),
            new ProcessClock(bench.Time, stored: new StoredTime(storedMs, null)), bench.Time,
            NullLogger<SnapshotUpdater>.Instance);

        public SnapshotUpdater Plane { get; }

        public GrantModel Grant() => _snapshots.Current.Grants[TokenHash.Of(ControlBench.Token)];

        public void Dispose() => Plane.Dispose();
    }
}
